import Arguments
import Audit
import Ledger
import Tables

/// The command `daybook access-log`.
enum AccessLogCommand: ProgramCommand {
    static let path = ["access-log"]
    static let readsLog = true
    static let command = Command(
        "access-log",
        "lists who read what, and which reports were made",
        group: "Audit",
        discussion: """
            Every read of events, rows and reports is itself an event, written before the answer was \
            given. Shown are who asked (a token, or a user of the machine), with which role, what, \
            how many rows were given out, and what for. Rows are absent where an answer went on as \
            events came.
            """,
        options: SelectionOptions.options + [
            Option("who", "only by these, by name or as token:NAME", value: "GLOB"),
            ProjectionOptions.limit,
            Rows.formatOption,
        ],
        examples: [
            Example("daybook access-log --period 2026-Q3", "who looked during a quarter"),
            Example("daybook access-log --who 'token:*'", "what was read by tokens"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let selection = try context.selection()
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let entries = try AccessEntry.list(
            selection,
            who: context.invocation.string("who"),
            in: ledger
        )
        let shown = context.limit.map { entries.suffix($0) } ?? entries[...]
        let format = try Rows.format(context)
        var writer = Rows.writer(columns, format)
        for entry in shown { try writer.add(cells(entry, format)) }
        try writer.finish(
            footer: shown.count < entries.count ? "\(shown.count) of \(entries.count)" : nil,
            noRows: "nobody has read anything"
        )
        return .done
    }

    private static let columns = [
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("recorded", title: "RECORDED", shrinking: .keep),
        Column("who", title: "WHO", shrinking: .keep),
        Column("role", title: "ROLE"),
        Column("user", title: "USER", shrinking: .dropFirst),
        Column("what", title: "WHAT", shrinking: .keep),
        Column("query", title: "QUERY", shrinking: .end),
        Column("rows", title: "ROWS", alignment: .right),
        Column("purpose", title: "PURPOSE", shrinking: .end),
    ]

    private static func cells(_ entry: AccessEntry, _ format: OutputFormat) -> [Cell] {
        [
            .unsigned(entry.sequence), ProjectionCells.cell(entry.time, format),
            .text(entry.who), text(entry.role), text(entry.user), .text(entry.what),
            .text(entry.query), entry.rows.map { .unsigned($0) } ?? .absent, text(entry.purpose),
        ]
    }

    private static func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .absent }
}
