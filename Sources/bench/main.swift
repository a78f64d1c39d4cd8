import POSIX

Process.ignoreBrokenPipes()
Process.exit(Bench.run(Array(CommandLine.arguments.dropFirst())))
