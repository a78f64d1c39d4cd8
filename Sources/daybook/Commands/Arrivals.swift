import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Tables

/// The command `daybook arrivals`.
enum ArrivalsCommand: ProgramCommand {
    static let readsLog = true

    static let command = Command(
        "arrivals",
        "shows what came in late, twice or out of order",
        group: "Look",
        discussion: """
            Counts for each source how many events were late (recorded more than --late after they \
            occurred), sent again (duplicate), sent again with another body (conflict), overtaken \
            by a newer event of the same subject (reordered) or dated in the future (ahead), with \
            the median, 95th percentile and worst delay. Events that do not say when they occurred \
            have no delay.

            With --duplicates, --reordered or --list it lists those events, the worst first: with \
            the delay, of a duplicate since the first one, of a reordered event how much earlier \
            it occurred than the one that overtook it.
            """,
        options: [
            Option("late", "late after this long", value: "DURATION", default: "5m"),
            Option("list", "lists late events"),
            Option("duplicates", "lists what was sent again"),
            Option("reordered", "lists what was overtaken"),
        ] + SelectionOptions.options + [ProjectionOptions.limit, Rows.formatOption],
        examples: [
            Example("daybook arrivals --period 2026-10", "counts and delays of every source"),
            Example("daybook arrivals --source stripe --late 5m --list", "the latest ones"),
            Example("daybook arrivals --source stripe --duplicates --reordered", "those events"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let selection = try context.selection()
        let late = try microseconds(context)
        var listed: Set<Audit.Arrivals.Arrival.Class> = []
        if context.invocation.flag("list") { listed.formUnion([.late, .ahead]) }
        if context.invocation.flag("duplicates") { listed.formUnion([.duplicate, .conflict]) }
        if context.invocation.flag("reordered") { listed.insert(.reordered) }
        let limits = Audit.Arrivals.Limits(
            late: late,
            listed: listed,
            kept: context.limit ?? .max
        )
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let arrivals = try ledger.read { snapshot in
            try Audit.Arrivals(selection, limits, size: try snapshot.size, in: snapshot)
        }
        let format = try Rows.format(context)
        if listed.isEmpty {
            try Rows.print(sourceColumns, arrivals.sources.map { row($0, format) }, context)
        } else {
            let rows = arrivals.worst.map { row($0, format) }
            try Rows.print(arrivalColumns, rows, context)
        }
        return .done
    }

    private static func microseconds(_ context: Context) throws -> Int64 {
        let text = context.invocation.string("late") ?? "5m"
        let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
            (0...1_000_000).contains(count)
        else {
            throw UsageProblem("--late \(text) is no duration, expected such as 90s, 5m or 2h")
        }
        return count * unit * 1_000_000
    }

    private static let sourceColumns = [
        Column("source", title: "SOURCE", shrinking: .keep),
        Column("events", title: "EVENTS", alignment: .right, shrinking: .keep),
        Column("timed", title: "TIMED", alignment: .right, shrinking: .dropFirst),
        Column("late", title: "LATE", alignment: .right, shrinking: .keep),
        Column("duplicate", title: "DUPLICATE", alignment: .right, shrinking: .keep),
        Column("conflict", title: "CONFLICT", alignment: .right, shrinking: .keep),
        Column("reordered", title: "REORDERED", alignment: .right, shrinking: .keep),
        Column("ahead", title: "AHEAD", alignment: .right, shrinking: .dropFirst),
        Column("rejected", title: "REJECTED", alignment: .right, shrinking: .dropFirst),
        Column("median_ms", title: "MEDIAN", alignment: .right, shrinking: .keep),
        Column("p95_ms", title: "P95", alignment: .right, shrinking: .keep),
        Column("worst_ms", title: "WORST", alignment: .right, shrinking: .keep),
        Column("worst_sequence", title: "WORST SEQ", alignment: .right, shrinking: .keep),
    ]

    private static func row(_ source: Audit.Arrivals.Source, _ format: OutputFormat) -> [Cell] {
        func count(_ kind: Audit.Arrivals.Arrival.Class) -> Cell {
            .unsigned(source.counts[kind] ?? 0)
        }
        return [
            .text(source.name), .unsigned(source.events), .unsigned(source.timed),
            count(.late), count(.duplicate), count(.conflict), count(.reordered), count(.ahead),
            .unsigned(source.rejected), delay(source.median, format),
            delay(source.p95, format), delay(source.worst, format),
            source.worstSequence.map { .unsigned($0) } ?? .absent,
        ]
    }

    private static let arrivalColumns = [
        Column("class", title: "CLASS", shrinking: .keep),
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("source", title: "SOURCE", shrinking: .dropFirst),
        Column("type", title: "TYPE"),
        Column("subject", title: "SUBJECT"),
        Column("id", title: "ID", shrinking: .middle),
        Column("occurred", title: "OCCURRED", shrinking: .keep),
        Column("recorded", title: "RECORDED", shrinking: .dropFirst),
        Column("delay_ms", title: "DELAY", alignment: .right, shrinking: .keep),
        Column("other", title: "OTHER SEQ", alignment: .right, shrinking: .keep),
    ]

    private static func row(_ arrival: Audit.Arrivals.Arrival, _ format: OutputFormat) -> [Cell] {
        [
            .text(arrival.kind.rawValue), .unsigned(arrival.sequence), .text(arrival.source),
            .text(arrival.type), arrival.subject.map { .text($0) } ?? .absent, .text(arrival.id),
            ProjectionCells.cell(arrival.occurred, format),
            ProjectionCells.cell(arrival.recorded, format), delay(arrival.delay, format),
            arrival.other.map { .unsigned($0) } ?? .absent,
        ]
    }

    /// A delay in its two largest units for people, else in milliseconds; below zero for what is
    /// dated in the future.
    private static func delay(_ microseconds: Int64?, _ format: OutputFormat) -> Cell {
        guard let microseconds else { return .absent }
        guard format == .table else { return .integer(microseconds / 1000) }
        let magnitude = microseconds.magnitude
        let text =
            magnitude < 1_000_000 * 60
            ? Readable.duration(magnitude * 1000) : Readable.span(seconds: magnitude / 1_000_000)
        return .text(microseconds < 0 ? "-\(text)" : text)
    }
}
