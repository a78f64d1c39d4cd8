import POSIX

Process.openStandardStreams()
Process.ignoreBrokenPipes()
Process.exit(Program.run(Array(CommandLine.arguments.dropFirst())))
