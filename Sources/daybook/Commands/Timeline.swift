import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook timeline`.
enum TimelineCommand: ProgramCommand {
    static let command = Command(
        "timeline",
        "shows all that happened to an entity, in and out",
        group: "Audit",
        discussion: """
            Webhooks in, calls out, deliveries, syncs, breakers and the changes of the entity's \
            rows, an event a line, with when it was recorded, when it occurred and the delay \
            between. What told a row something is found by the view's own list; what is about a \
            subject, shares its thread, was caused by it or caused it, by a scan of the lines of \
            the time that is asked about. --indexed leaves the scan out.
            """,
        options: [
            Option(
                "subject",
                "about this entity",
                value: "GLOB",
                repeats: true
            ),
            Option(
                "entity",
                "about this row",
                value: "PROJECTION/KEY",
                repeats: true
            ),
            Option("indexed", "only what views know, without a scan of lines"),
        ] + SelectionOptions.stretch + [ProjectionOptions.limit, Rows.formatOption],
        examples: [
            Example("daybook timeline --subject order:1001", "what happened to order 1001"),
            Example(
                "daybook timeline --entity order-status/woo-1001 --from 2h --to 30m",
                "the same by its row, in some minutes"
            ),
        ]
    )
    static let readsLog = true

    static func run(_ context: Context) throws -> ExitStatus {
        let subjects = context.invocation.all("subject")
        let rows = try context.invocation.all("entity").map { try EntityTimeline.RowName($0) }
        let isIndexed = context.invocation.flag("indexed")
        guard !subjects.isEmpty || !rows.isEmpty else {
            throw UsageProblem("daybook timeline needs --subject or --entity")
        }
        guard !isIndexed || subjects.isEmpty else {
            throw UsageProblem("--indexed knows rows only: name one with --entity PROJECTION/KEY")
        }
        let query = EntityTimeline.Query(
            subjects: subjects,
            rows: rows,
            selection: try context.stretch(),
            scans: !isIndexed
        )
        let progress = ProgressPrinter("timeline", unit: "events")
        let timeline = try EntityTimeline(query, openViews(context), progress: progress.show)
        progress.clear()
        let format = try Rows.format(context)
        var writer = Rows.writer(columns, format)
        for entry in timeline.entries.suffix(context.limit ?? .max) {
            for line in TimelineRows.cells(entry, format) { try writer.add(line) }
        }
        try writer.finish(footer: footer(timeline), noRows: "nothing is told of it in this time")
        return timeline.entries.isEmpty ? .foundWanting : .done
    }

    private static func footer(_ timeline: EntityTimeline) -> String {
        let rows = timeline.rows.map { "\($0.projection)/\($0.key)" }.joined(separator: ", ")
        var text = "\(timeline.entries.count) events; rows: \(rows.isEmpty ? "none" : rows)"
        if timeline.omittedRows > 0 { text += " and \(timeline.omittedRows) more, not followed" }
        return text + "; \(timeline.scanned) lines scanned"
    }

    private static let columns = [
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("recorded", title: "RECORDED", shrinking: .keep),
        Column("occurred", title: "OCCURRED", shrinking: .dropFirst),
        Column("delay", title: "DELAY", alignment: .right, shrinking: .keep),
        Column("kind", title: "KIND", shrinking: .dropFirst),
        Column("source", title: "SOURCE"),
        Column("type", title: "TYPE", shrinking: .keep),
        Column("id", title: "ID", shrinking: .dropFirst),
        Column("outcome", title: "OUTCOME", shrinking: .keep),
        Column("detail", title: "DETAIL"),
        Column("why", title: "WHY", shrinking: .dropFirst),
        Column("changes", title: "CHANGES"),
    ]
}

/// The rows of a timeline.
private enum TimelineRows {
    /// An event: one line, and in a table one more for each further row that it changed.
    static func cells(_ entry: EntityTimeline.Entry, _ format: OutputFormat) -> [[Cell]] {
        let event = entry.event
        let start: [Cell] = [
            .unsigned(event.sequence), ProjectionCells.cell(event.recorded, format),
            ProjectionCells.cell(event.occurred, format), delay(event, format),
            .text(event.kind.rawValue), .text(event.source), .text(event.type), .text(event.id),
            .text(event.outcome.rawValue), detail(event), .text(entry.reason.rawValue),
        ]
        let effects = event.effects
        guard format == .table else { return [start + [.json(ProjectionCells.json(effects))]] }
        guard let first = effects.first else { return [start + [.absent]] }
        let blank = [Cell](repeating: .absent, count: start.count)
        return [start + [.text(ProjectionCells.text(first))]]
            + effects.dropFirst().map { blank + [.text(ProjectionCells.text($0))] }
    }

    /// In a table in words, else in milliseconds.
    private static func delay(_ event: TimelineEvent, _ format: OutputFormat) -> Cell {
        guard let delay = event.delay else { return .absent }
        return format == .table
            ? .text(DurationText.of(microseconds: delay)) : .integer(delay / 1000)
    }

    private static func detail(_ event: TimelineEvent) -> Cell {
        var words: [String] = []
        if let method = event.method { words.append(method) }
        if let path = event.path { words.append(path) }
        if let status = event.status { words.append(String(status)) }
        if let attempt = event.attempt, attempt > 1 { words.append("attempt \(attempt)") }
        if let reason = event.reason { words.append(reason) }
        return words.isEmpty ? .absent : .text(words.joined(separator: " "))
    }
}
