import Arguments
import CBenchScan
import POSIX

/// The command `bench fields`: the least work that reads what `order-status` is made of, for
/// comparison with a rebuild.
enum FieldScan {
    static let command = Command(
        "fields",
        "reads every event of a ledger and, with simdjson, what order-status uses of it",
        options: [
            Option(
                "threads",
                "threads to use",
                value: "N",
                kind: .integer(1...256),
                default: "1"
            ),
            Option("bytes-only", "reads the bytes and parses nothing"),
        ],
        operands: [Operand("LEDGER", "the ledger's folder", kind: .directory)]
    )

    /// The scan did not come to its end.
    private struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    static func run(_ invocation: Invocation) throws {
        let folder = "\(invocation.string("LEDGER") ?? "")/log"
        let threads = UInt32(invocation.integer("threads") ?? 1)
        var counts = CBenchScan_Counts()
        let start = Clock.monotonicNanoseconds
        let parses = !invocation.flag("bytes-only")
        if let fault = unsafe CBenchScan_run(folder, threads, parses, &counts) {
            throw Failure(description: "\(folder): \(unsafe String(cString: fault))")
        }
        let seconds = seconds(since: start)
        try printMeasures([
            ("events", "\(counts.events)"),
            ("bytes", "\(counts.bytes)"),
            ("parsed", "\(counts.parsed)"),
            ("checksum", "\(counts.checksum)"),
            ("seconds", rounded(seconds)),
            ("cpu_seconds", rounded(processorSeconds())),
            ("per_second", "\(Int(Double(counts.events) / seconds))"),
        ])
    }
}
