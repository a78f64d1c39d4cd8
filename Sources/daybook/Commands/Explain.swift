import Arguments
import POSIX
import Projections
import Tables

/// The command `daybook explain`.
enum ExplainCommand: ProgramCommand {
    static let readsLog = true
    static let keepsScope = true
    static let command = Command(
        "explain",
        "shows every event that shaped a row, and what it changed",
        group: "Look",
        discussion: """
            In the log's order, with the line of the rule in the definition, the name by which the \
            event knew the row, and what changed when it came. An event changes nothing if the row \
            said so already, if later words were known by then, or if its name for the row was not \
            linked with the key yet: then the event that links them brings what it said.
            """,
        options: [ProjectionOptions.version, ProjectionOptions.noCatchUp, Rows.formatOption],
        operands: [ProjectionOptions.projection, ProjectionOptions.key],
        examples: [
            Example("daybook explain order-status woo-1001", "why the order stands as it does"),
            Example("daybook explain order-status pi:pi_3N --format json", "by another name"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        try context.requireProjection(context.invocation.string("PROJECTION") ?? "")
        let views = try openViews(context)
        let key = context.invocation.string("KEY") ?? ""
        let explanations = try views.explain(context.viewRequest("PROJECTION"), key: key)
        let format = try Rows.format(context)
        // A terminal cuts what is too wide, and the changes are what is asked for.
        let isNarrow = format == .table && StandardStream.output.columns != nil
        let rows = explanations.flatMap { isNarrow ? lines($0) : [row($0, format)] }
        try Rows.print(columns, rows, context)
        return .done
    }

    private static let columns = [
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("recorded", title: "RECORDED", shrinking: .dropFirst),
        Column("at", title: "AT", shrinking: .keep),
        Column("source", title: "SOURCE", shrinking: .dropFirst),
        Column("type", title: "TYPE"),
        Column("id", title: "ID", shrinking: .dropFirst),
        Column("rule", title: "RULE", shrinking: .dropFirst),
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

    /// The event with its first change, and a line for each other one.
    private static func lines(_ event: Explanation) -> [[Cell]] {
        var lines = [row(event, .table)]
        guard event.changes.count > 1 else { return lines }
        let changes = event.changes.map { ProjectionCells.cell([$0], .table) }
        lines[0][columns.count - 1] = changes[0]
        let blank = [Cell](repeating: .absent, count: columns.count - 1)
        return lines + changes.dropFirst().map { blank + [$0] }
    }
}
