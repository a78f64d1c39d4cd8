import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook blast`.
enum BlastCommand: ProgramCommand {
    static let readsLog = true

    static let command = Command(
        "blast",
        "shows what else a trouble hit: entities, money, first and last",
        group: "Look",
        discussion: """
            --like takes the marks of one event: its type, outcome and source; of a call service, \
            method and status; of a rejected event its reason. --where names them: \
            ATTRIBUTE=VALUE, != and, for numbers, < <= > >=, with spaces between; a * in a value \
            stands for any text.

            An entity is the events' subject or, with --by, the row of a projection that they \
            shaped. Its money is the newest amount that one of the events says, with --by what the \
            row says; sums are by currency.
            """,
        options: [
            Option("like", "events with the marks of this one", value: "SEQ", kind: .natural),
            Option("where", "events of which this holds", value: "CONDITIONS"),
            Option("by", "rows of this projection instead of subjects", value: "PROJECTION"),
        ] + SelectionOptions.options + [ProjectionOptions.limit, Rows.formatOption],
        examples: [
            Example("daybook blast --like 4711", "what else is in the same trouble"),
            Example(
                "daybook blast --where 'kind=call service=xero status>=500' --from 2h",
                "what calls to Xero failed for"
            ),
            Example(
                "daybook blast --where type=charge.dispute.created --by payments --format csv",
                "the payments that were disputed, for a spreadsheet"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let selection = try context.selection()
        let views = try openViews(context)
        let conditions = try conditions(context, views.ledger)
        let size = try views.ledger.read { try $0.size }
        let progress = ProgressPrinter("look", unit: "events")
        let blast = try Blast(
            conditions,
            selection,
            projection: context.invocation.string("by"),
            size: size,
            views: views,
            progress: progress.show
        )
        progress.clear()
        try show(blast, context)
        return .done
    }

    private static func conditions(_ context: Context, _ ledger: Ledger) throws -> EventConditions {
        let like = context.invocation.integer("like")
        switch (like, context.invocation.string("where")) {
        case (let sequence?, nil):
            let event = try ledger.event(at: UInt64(sequence))
            return EventConditions(like: Line(event.line.span))
        case (nil, let text?): return try EventConditions(text)
        default: throw UsageProblem("choose one: --like SEQ or --where CONDITIONS")
        }
    }

    private static func show(_ blast: Blast, _ context: Context) throws {
        let format = try Rows.format(context)
        let limit = context.limit ?? .max
        var writer = Rows.writer(columns, format)
        for entity in blast.entities.prefix(limit) { try writer.add(row(entity, format)) }
        let more = blast.entities.count > limit ? "; --limit 0 shows all" : ""
        let sums =
            "\(blast.events) events about \(blast.entities.count) entities, \(blast.sums.text); "
            + "\(blast.withoutAmount) of them without an amount, \(blast.unassigned) events name "
            + "none"
        try writer.finish(footer: sums + more, noRows: "no entity is named")
        // Where rows are for a program, a person still wants to know how much it is.
        if format != .table { try? StandardStream.error.write("daybook: \(sums)\n") }
    }

    private static let columns = [
        Column("entity", title: "ENTITY", shrinking: .middle),
        Column("events", title: "EVENTS", alignment: .right, shrinking: .keep),
        Column("first", title: "FIRST SEQ", alignment: .right, shrinking: .keep),
        Column("first_recorded", title: "FIRST", shrinking: .keep),
        Column("last", title: "LAST SEQ", alignment: .right, shrinking: .keep),
        Column("last_recorded", title: "LAST", shrinking: .dropFirst),
        Column("amount", title: "AMOUNT", alignment: .right, shrinking: .keep),
        Column("currency", title: "CURRENCY", shrinking: .keep),
        Column("amount_from", title: "BY", shrinking: .dropFirst),
    ]

    private static func row(_ entity: Blast.Entity, _ format: OutputFormat) -> [Cell] {
        [
            .text(entity.name), .unsigned(entity.events), .unsigned(entity.first),
            ProjectionCells.cell(entity.firstTime, format), .unsigned(entity.last),
            ProjectionCells.cell(entity.lastTime, format),
            entity.amount.map { .text($0.decimal) } ?? .absent,
            entity.amount.map { .text($0.currency.text) } ?? .absent,
            entity.amountFrom.map { .text($0) } ?? .absent,
        ]
    }
}
