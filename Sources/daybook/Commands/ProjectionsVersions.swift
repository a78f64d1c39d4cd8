import Arguments
import Projections
import Tables

/// The command `daybook projections promote`.
enum ProjectionsPromoteCommand: ProgramCommand {
    static let path = ["projections", "promote"]
    static let command = Command(
        "promote",
        "makes a version the one that answers",
        discussion: """
            In one transaction: every question is answered by the one version or by the other. The \
            version that answered before stays for "daybook projections rollback".
            """,
        options: [
            Option(
                ProjectionOptions.versionName,
                "the version that is to answer",
                value: "N",
                kind: ProjectionOptions.versionKind,
                default: "the newest"
            ),
            Rows.formatOption,
        ],
        operands: [ProjectionOptions.name],
        examples: [Example("daybook projections promote order-status", "the newest answers")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        let version = context.invocation.integer(ProjectionOptions.versionName)
        let choice = try changingViews(context) { try $0.promote(name, version: version) }
        try Rows.printChoice(name, choice, context)
        return .done
    }
}

/// The command `daybook projections rollback`.
enum ProjectionsRollbackCommand: ProgramCommand {
    static let path = ["projections", "rollback"]
    static let command = Command(
        "rollback",
        "makes the version answer again that did before",
        options: [Rows.formatOption],
        operands: [ProjectionOptions.name],
        examples: [Example("daybook projections rollback order-status", "undoes a promotion")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        let choice = try changingViews(context) { try $0.rollback(name) }
        try Rows.printChoice(name, choice, context)
        return .done
    }
}

/// The command `daybook projections drop`.
enum ProjectionsDropCommand: ProgramCommand {
    static let path = ["projections", "drop"]
    static let command = Command(
        "drop",
        "deletes a version that does not answer, with its rows",
        discussion: "Nothing is lost by it: rows can be built again from the log at any time.",
        options: [
            Option(
                ProjectionOptions.versionName,
                "the version that is to go",
                value: "N",
                kind: ProjectionOptions.versionKind,
                isRequired: true
            ),
            Rows.formatOption,
        ],
        operands: [ProjectionOptions.name],
        examples: [
            Example(
                "daybook projections drop order-status --\(ProjectionOptions.versionName) 1",
                "frees what the old version took"
            )
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        let version = context.invocation.integer(ProjectionOptions.versionName) ?? 0
        let views = try openViews(context)
        guard try views.names().contains(name) else {
            throw ViewError.unknown(name: name, known: try views.names())
        }
        try views.drop(name, version: version)
        try Rows.printRecord(
            [("projection", .text(name)), ("dropped", .integer(Int64(version)))],
            context
        )
        return .done
    }
}

extension Rows {
    /// Which version answers now, and which did before.
    fileprivate static func printChoice(
        _ name: String,
        _ choice: (version: Int, before: Int?),
        _ context: Context
    ) throws {
        try printRecord(
            [
                ("projection", .text(name)), ("version", .integer(Int64(choice.version))),
                ("before", choice.before.map { .integer(Int64($0)) } ?? .absent),
            ],
            context
        )
    }
}
