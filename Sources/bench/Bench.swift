import Arguments
import Glibc
import POSIX

/// The tools that `tools/bench` measures with, each in a process of its own.
enum Bench {
    static let table = Command(
        "bench",
        "load, peers and limits for the benchmarks of tools/bench",
        options: [.help],
        subcommands: [
            Load.command, BareServer.command, RawPuts.command, PlainScan.command,
            Traffic.command, FieldScan.command, Rebuild.command, Hooks.command,
            Echo.command, CallLoad.command,
        ],
        notes: [Note("Output", ["JSON": "one object on standard output when the work is done"])]
    )

    /// Runs a command line (without the program's name); the exit status.
    static func run(_ arguments: [String]) -> Int32 {
        do {
            let invocation = try table.parse(arguments)
            guard invocation.request == .run else {
                try StandardStream.output.write(
                    table.help(for: invocation.path, width: 80, colour: false)
                )
                return 0
            }
            switch invocation.path.first {
            case "load": try Load.run(invocation)
            case "bare": try BareServer.run(invocation)
            case "raw": try RawPuts.run(invocation)
            case "traffic": try Traffic.run(invocation)
            case "fields": try FieldScan.run(invocation)
            case "rebuild": try Rebuild.run(invocation)
            case "hooks": try Hooks.run(invocation)
            case "echo": try Echo.run(invocation)
            case "call": try CallLoad.run(invocation)
            default: try PlainScan.run(invocation)
            }
            return 0
        } catch {
            try? StandardStream.error.write("bench: \(error)\n")
            return error is UsageError ? 2 : 3
        }
    }
}

/// What was measured, as one JSON object on standard output.
func printMeasures(_ measures: [(name: String, value: String)]) throws(SystemError) {
    let members = measures.map { "\"\($0.name)\":\($0.value)" }
    try StandardStream.output.write("{\(members.joined(separator: ","))}\n")
}

/// A rate or a time for `printMeasures`, to the thousandth.
func rounded(_ value: Double) -> String {
    "\((value * 1000).rounded() / 1000)"
}

/// Seconds since a moment of the monotonic clock.
func seconds(since start: UInt64) -> Double {
    Double(Clock.monotonicNanoseconds - start) / 1e9
}

/// Seconds that this process has kept processors busy, the kernel's work for it included.
func processorSeconds() -> Double {
    var used = timespec()
    unsafe clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &used)
    return Double(used.tv_sec) + Double(used.tv_nsec) / 1e9
}
