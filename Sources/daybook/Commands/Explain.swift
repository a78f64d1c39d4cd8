import Arguments
import Projections
import Tables

/// The command `daybook explain`.
enum ExplainCommand: ProgramCommand {
    static let command = Command(
        "explain",
        "shows every event that shaped a row, and what it changed",
        group: "Look",
        discussion: """
            In the log's order, with the line of the rule in the definition, the name by which the \
            event knew the row, and what changed when it came. An event changes nothing if the row \
            said so already, or if later words were known by then.
            """,
        options: [ProjectionOptions.version, ProjectionOptions.noCatchUp, Rows.formatOption],
        operands: [ProjectionOptions.projection, ProjectionOptions.key],
        examples: [
            Example("daybook explain order-status woo-1001", "why the order stands as it does"),
            Example("daybook explain order-status pi:pi_3N --format json", "by another name"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let views = try openViews(context)
        let key = context.invocation.string("KEY") ?? ""
        let explanations = try views.explain(context.viewRequest("PROJECTION"), key: key)
        let format = try Rows.format(context)
        try Rows.print(columns, explanations.map { row($0, format) }, context)
        return .done
    }

    private static let columns = [
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("recorded", title: "RECORDED", shrinking: .dropFirst),
        Column("at", title: "AT", shrinking: .keep),
        Column("source", title: "SOURCE"),
        Column("type", title: "TYPE"),
        Column("id", title: "ID", shrinking: .middle),
        Column("rule", title: "RULE", shrinking: .middle),
        Column("name", title: "NAME", shrinking: .middle),
        Column("changes", title: "CHANGES"),
    ]

    private static func row(_ event: Explanation, _ format: OutputFormat) -> [Cell] {
        [
            .unsigned(event.sequence),
            ProjectionCells.cell(event.recorded, format),
            ProjectionCells.cell(event.at, format),
            .text(event.source), .text(event.type), .text(event.id),
            ProjectionCells.rule(line: event.ruleLine),
            .text(event.names.joined(separator: ", ")),
            ProjectionCells.cell(event.changes, format),
        ]
    }
}
