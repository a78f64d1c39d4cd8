import Arguments
import Bytes
import POSIX
import Projections
import Tables

/// The command `daybook projections digest`.
enum ProjectionsDigestCommand: ProgramCommand {
    static let path = ["projections", "digest"]
    static let command = Command(
        "digest",
        "prints one hash over all rows, to compare two builds",
        discussion: """
            Two builds of one definition over the same events have the same digest, on whatever \
            machine and in whatever order they were folded.
            """,
        options: [
            ProjectionOptions.version, ProjectionOptions.noCatchUp, Rows.formatOption,
        ],
        operands: [ProjectionOptions.name],
        examples: [Example("daybook projections digest order-status", "what an auditor compares")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let views = try openViews(context)
        let request = context.viewRequest("NAME")
        let digest = try views.digest(request)
        try Rows.printRecord(
            [
                ("projection", .text(request.name)),
                ("version", request.version.map { .integer(Int64($0)) } ?? .absent),
                ("digest", .text(digest.description)),
            ],
            context
        )
        return .done
    }
}

/// The command `daybook projections schema`.
enum ProjectionsSchemaCommand: ProgramCommand {
    static let path = ["projections", "schema"]
    static let command = Command(
        "schema",
        "prints the JSON Schema of definitions, for editors",
        examples: [
            Example(
                "daybook projections schema > projection.schema.json",
                "lets an editor complete and check projection.yaml"
            )
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let text = DefinitionSchema.text
        try StandardStream.output.write(text.hasSuffix("\n") ? text : text + "\n")
        return .done
    }
}
