import Arguments
import POSIX
import Projections
import Tables

/// The command `daybook projections diff`.
enum ProjectionsDiffCommand: ProgramCommand {
    static let path = ["projections", "diff"]
    static let command = Command(
        "diff",
        "compares the rows of two versions",
        discussion: """
            Both at the end of the log: how many rows were added, removed and changed, in how many \
            rows each column differs, and the first that do. What differs between two moments is \
            shown by "daybook diff".
            """,
        options: [
            Option(
                "old",
                "the version to compare with",
                value: "N",
                kind: ProjectionOptions.versionKind,
                default: "the one that answers"
            ),
            Option(
                "new",
                "the version that is compared",
                value: "N",
                kind: ProjectionOptions.versionKind,
                default: "the newest other one"
            ),
            Option(
                "limit",
                "at most so many rows as examples, 0 for all",
                short: "n",
                value: "N",
                kind: .natural,
                default: "10"
            ),
            Rows.formatOption,
        ],
        operands: [ProjectionOptions.name],
        examples: [
            Example("daybook projections diff order-status", "what promoting would change"),
            Example("daybook projections diff order-status --old 1 --new 3 --limit 0", "all rows"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        let views = try openViews(context)
        let (old, new) = try versions(of: name, views, context)
        let limit = context.invocation.integer("limit") ?? 10
        let comparison = try views.compare(
            name,
            old: old,
            new: new,
            examples: limit == 0 ? .max : limit
        )
        if try Rows.format(context) == .table {
            let title = "\(name): version \(new) compared with version \(old)\n"
            try StandardStream.output.write(title + text(comparison))
        } else {
            let start: [(String, Cell)] = [
                ("projection", .text(name)), ("old", .integer(Int64(old))),
                ("new", .integer(Int64(new))),
            ]
            try Rows.printRecord(start + fields(comparison), context)
        }
        return .done
    }

    private static func versions(
        of name: String,
        _ views: Views,
        _ context: Context
    ) throws -> (old: Int, new: Int) {
        let known = try views.versions().filter { $0.name == name }
        guard !known.isEmpty else { throw ViewError.unknown(name: name, known: try views.names()) }
        let versions = known.map(\.version)
        for option in ["old", "new"] {
            guard let version = context.invocation.integer(option) else { continue }
            guard versions.contains(version) else {
                throw ViewError.noVersion(name: name, version: version, known: versions)
            }
        }
        let given = context.invocation.integer("new")
        let answering = known.first(where: \.isActive)?.version
        let old = context.invocation.integer("old") ?? answering
        let new = given ?? versions.filter { $0 != old }.max()
        guard let old, let new else {
            throw UsageProblem(
                "\(name) has one version only, \(versions[0]); raise `version` in "
                    + "\(views.files.path(of: name)) and run \"daybook projections rebuild \(name)\""
            )
        }
        return (old, new)
    }

    private static func text(_ comparison: VersionComparison) -> String {
        var text = "  rows      \(comparison.oldRows) before, \(comparison.newRows) now\n"
        text += "  added     \(comparison.added)\n  removed   \(comparison.removed)\n"
        text += "  changed   \(comparison.changed)\n"
        for column in comparison.columns {
            text += "  column    \(column.name) differs in \(column.rows) rows\n"
        }
        for example in comparison.examples {
            let changes = example.changes.isEmpty ? "" : ProjectionCells.text(example.changes)
            let line = "\(example.kind.rawValue) \(example.key)  \(changes)"
            text += "  \(TerminalText.harmless(line))\n"
        }
        let differing = comparison.added + comparison.removed + comparison.changed
        let more = differing - comparison.examples.count
        if more > 0 { text += "  ... and \(more) more rows; --limit 0 shows all\n" }
        return text
    }

    private static func fields(_ comparison: VersionComparison) -> [(String, Cell)] {
        let columns = comparison.columns.map { ($0.name, Cell.integer(Int64($0.rows))) }
        let examples = comparison.examples.map { example in
            ProjectionCells.object([
                ("key", .text(example.key)), ("change", .text(example.kind.rawValue)),
                ("changes", .json(ProjectionCells.json(example.changes))),
            ])
        }
        return [
            ("old_rows", .integer(Int64(comparison.oldRows))),
            ("new_rows", .integer(Int64(comparison.newRows))),
            ("added", .integer(Int64(comparison.added))),
            ("removed", .integer(Int64(comparison.removed))),
            ("changed", .integer(Int64(comparison.changed))),
            ("columns", .json(ProjectionCells.object(columns))),
            ("examples", .json(ProjectionCells.array(examples))),
        ]
    }
}
