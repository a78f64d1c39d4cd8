import Arguments
import Ledger
import Projections
import Tables

/// The command `daybook projections quarantine`.
enum ProjectionsQuarantineCommand: ProgramCommand {
    static let path = ["projections", "quarantine"]
    static let readsLog = true
    static let command = Command(
        "quarantine",
        "lists the events that could not be folded, and why",
        discussion: """
            Each with the line of the definition that asks for what the event does not have. Mend the \
            definition under a higher version, or run "daybook projections retry".
            """,
        options: [
            ProjectionOptions.version, ProjectionOptions.noCatchUp, Rows.formatOption,
        ],
        operands: [ProjectionOptions.name],
        examples: [
            Example("daybook projections quarantine order-status", "what orders are missing")
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let views = try openViews(context)
        let events = try views.quarantined(context.viewRequest("NAME"))
        let rows = try views.ledger.read { snapshot in
            try events.map { event in
                let line = try snapshot.line(at: event.sequence)
                func text(_ attribute: Attribute) -> Cell {
                    line?.text(attribute).map { .text($0) } ?? .absent
                }
                return [
                    .unsigned(event.sequence), ProjectionCells.rule(line: event.line),
                    text(.source), text(.type), text(.id), .text(event.reason),
                ] as [Cell]
            }
        }
        var writer = Rows.writer(columns, try Rows.format(context))
        for row in rows { try writer.add(row) }
        try writer.finish(noRows: "no event is set aside")
        return .done
    }

    private static let columns = [
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("rule", title: "RULE", shrinking: .middle),
        Column("source", title: "SOURCE"),
        Column("type", title: "TYPE"),
        Column("id", title: "ID", shrinking: .middle),
        Column("reason", title: "REASON"),
    ]
}

/// The command `daybook projections retry`.
enum ProjectionsRetryCommand: ProgramCommand {
    static let path = ["projections", "retry"]
    static let command = Command(
        "retry",
        "folds the events again that could not be folded",
        discussion: "Of use when a newer daybook can read what an older one could not.",
        options: [ProjectionOptions.version, Rows.formatOption],
        operands: [ProjectionOptions.name],
        examples: [Example("daybook projections retry order-status", "tries them all once more")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        let version = context.invocation.integer(ProjectionOptions.versionName)
        let views = try openViews(context)
        let (retried, applied) = try views.retry(ViewRequest(name, version: version))
        try Rows.printRecord(
            [
                ("projection", .text(name)), ("retried", .integer(Int64(retried))),
                ("applied", .integer(Int64(applied))),
                ("quarantined", .integer(Int64(retried - applied))),
            ],
            context
        )
        return .done
    }
}
