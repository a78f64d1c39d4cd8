import Arguments
import Ledger
import POSIX
import Synchronization
import Tables

/// Rows on standard output in the format that was asked for (DESIGN 7).
enum Rows {
    static let formatOption = Option(
        "format",
        "how rows are shown",
        value: "FORMAT",
        kind: .choice(OutputFormat.allCases.map(\.rawValue)),
        default: "table on a terminal, else ndjson"
    )

    /// Rows, events and records that this process has shown so far.
    static let shown = Atomic<UInt64>(0)

    /// Counts rows that are shown in another way than by this type.
    static func count(_ rows: Int = 1) {
        shown.add(UInt64(rows), ordering: .relaxed)
    }

    static func format(_ context: Context) throws -> OutputFormat {
        if let name = context.invocation.string("format"), let format = OutputFormat(rawValue: name)
        {
            return format
        }
        return StandardStream.output.isTerminal ? .table : .ndjson
    }

    static func writer(_ columns: [Column], _ format: OutputFormat) -> RowWriter<SystemError> {
        RowWriter(
            columns: columns,
            format: format,
            width: StandardStream.output.columns,
            colour: StandardStream.output.isTerminal,
            onRow: { count() }
        ) { bytes throws(SystemError) in
            try StandardStream.output.write(bytes.span)
        }
    }

    static func print(_ columns: [Column], _ rows: [[Cell]], _ context: Context) throws {
        var writer = writer(columns, try format(context))
        for row in rows { try writer.add(row) }
        try writer.finish()
    }

    /// One record: name and value a line, or one object.
    static func printRecord(
        _ fields: [(String, Cell)],
        _ context: Context,
        counts: Bool = true
    ) throws {
        let format = try format(context)
        if counts { count() }
        try StandardStream.output.write(
            Record.render(
                columns: fields.map { Column($0.0) },
                row: fields.map(\.1),
                format: format,
                colour: StandardStream.output.isTerminal
            ).span
        )
    }
}

/// The progress of long work, on standard error if that is a terminal.
final class ProgressPrinter: Sendable {
    private struct State: Sendable {
        var line: ProgressLine?
        var shown: UInt64 = 0
    }

    private let task: String
    private let unit: String
    private let start = Clock.monotonicNanoseconds
    private let isShown = StandardStream.error.isTerminal
    private let state = Mutex(State())

    init(_ task: String, unit: String) {
        self.task = task
        self.unit = unit
    }

    /// Shows how far it is, at most ten times a second and not before half a second has passed; a
    /// total of 0 is one that is not known.
    func show(done: UInt64, total: UInt64) {
        guard isShown else { return }
        let now = Clock.monotonicNanoseconds
        let text = state.withLock { state -> String? in
            guard now - start > 500_000_000, now - state.shown > 100_000_000 else { return nil }
            state.shown = now
            var line =
                state.line
                ?? ProgressLine(
                    task: task,
                    unit: unit,
                    total: total > 0 ? total : nil,
                    width: StandardStream.error.columns ?? 80
                )
            let text = line.update(done: done, elapsed: now - start)
            state.line = line
            return text
        }
        if let text { try? StandardStream.error.write(ProgressLine.erase + text) }
    }

    /// Takes the line away again.
    func clear() {
        if isShown { try? StandardStream.error.write(ProgressLine.erase) }
    }
}
