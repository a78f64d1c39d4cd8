import POSIX

Process.ignoreBrokenPipes()
Process.exit(Program.run(Array(CommandLine.arguments.dropFirst())))
