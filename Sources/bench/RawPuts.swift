import Arguments
import LMDB
import POSIX

/// The command `bench raw`: what LMDB alone can store durably of the same bytes.
enum RawPuts {
    static let command = Command(
        "raw",
        "appends a file's lines to a new LMDB environment with synced commits",
        options: [
            Option(
                "folder",
                "an empty folder for the environment",
                value: "DIR",
                kind: .directory,
                isRequired: true
            ),
            Option(
                "batch",
                "lines in one commit",
                value: "N",
                kind: .integer(1...1_000_000),
                default: "512"
            ),
        ],
        operands: [Operand("FILE", "the lines to store, such as events as NDJSON", kind: .file)]
    )

    static func run(_ invocation: Invocation) throws {
        let text = try Files.read(invocation.string("FILE") ?? "", limit: 1 << 34)
        let lines = ranges(text.span)
        let batch = invocation.integer("batch") ?? 512
        let environment = try Environment(
            path: invocation.string("folder") ?? "",
            options: .init(databases: 1)
        )
        let database = try environment.open([("lines", .integer)])[0]
        let start = Clock.monotonicNanoseconds
        for first in stride(from: 0, to: lines.count, by: batch) {
            try environment.write { transaction in
                for number in first..<min(first + batch, lines.count) {
                    let line = text.span.extracting(lines[number])
                    try transaction.append(line, for: UInt64(number), in: database)
                }
            }
        }
        let seconds = seconds(since: start)
        try printMeasures([
            ("events", "\(lines.count)"),
            ("bytes", "\(lines.reduce(0) { $0 + $1.count })"),
            ("seconds", rounded(seconds)),
            ("per_second", "\(Int(Double(lines.count) / seconds))"),
        ])
    }

    private static func ranges(_ text: Span<UInt8>) -> [Range<Int>] {
        var lines: [Range<Int>] = []
        var start = 0
        for i in text.indices where text[i] == 0x0a {
            lines.append(start..<i)
            start = i + 1
        }
        if start < text.count { lines.append(start..<text.count) }
        return lines
    }
}
