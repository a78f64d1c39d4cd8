import Arguments
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook diff`.
enum DiffCommand: ProgramCommand {
    static let readsLog = true
    static let keepsScope = true
    static let command = Command(
        "diff",
        "shows what differs in rows between two moments",
        group: "Look",
        discussion: """
            One line a column that differs, with the event that made it so. A moment is the log up to \
            and with an event, or as it stood at a time; with --as-of both are times by which things \
            had occurred. Versions of a projection are compared by "daybook projections diff".
            """,
        options: [
            Option("from", "the earlier moment", value: "SEQ|TIME", isRequired: true),
            Option("to", "the later moment", value: "SEQ|TIME", isRequired: true),
            Option("as-of", "by when things occurred, not by when they were recorded"),
            ProjectionOptions.version,
            ProjectionOptions.limit,
            Rows.formatOption,
        ],
        operands: [
            ProjectionOptions.projection,
            Operand("KEY", "a row's key, or another of its names", .optional),
        ],
        examples: [
            Example("daybook diff order-status --from 1200 --to 1300", "what 100 events changed"),
            Example(
                "daybook diff order-status woo-1001 --from 2h --to 1h",
                "what became of an order in that hour"
            ),
            Example(
                "daybook diff stock-levels --as-of --from 2026-11-01 --to 2026-12-01",
                "what happened in November, whenever we heard of it"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let from = try moment("from", context)
        let to = try moment("to", context)
        try context.requireProjection(context.invocation.string("PROJECTION") ?? "")
        let views = try openViews(context)
        let request = ViewRequest(
            context.invocation.string("PROJECTION") ?? "",
            version: context.invocation.integer(ProjectionOptions.versionName)
        )
        let format = try Rows.format(context)
        let limit = context.limit ?? .max
        var writer = Rows.writer(columns, format)
        var hasMore = false
        func show(_ difference: RowDifference) throws -> Bool {
            for row in rows(difference, format) where !hasMore {
                hasMore = writer.count == limit
                if !hasMore { try writer.add(row) }
            }
            return !hasMore
        }
        if let key = context.invocation.string("KEY") {
            let difference = try views.difference(request, key: key, from: from, to: to)
            if let difference { _ = try show(difference) }
        } else {
            let progress = ProgressPrinter("fold", unit: "events")
            try views.differences(request, from: from, to: to, progress: progress.show) {
                progress.clear()
                return try show($0)
            }
            progress.clear()
        }
        try writer.finish(
            footer: hasMore ? "there are more; --limit 0 shows all" : nil,
            noRows: "nothing differs"
        )
        return .done
    }

    private static func moment(_ option: String, _ context: Context) throws -> Past {
        let past =
            context.invocation.flag("as-of")
            ? try context.moment(option).map { .asOf($0) } : try context.recorded(option)
        guard let past else { throw UsageProblem("--\(option) is missing") }
        return past
    }

    private static let columns = [
        Column("key", title: "KEY", shrinking: .middle),
        Column("change", title: "CHANGE", shrinking: .keep),
        Column("column", title: "COLUMN"),
        Column("old", title: "OLD"),
        Column("new", title: "NEW"),
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
    ]

    private static func rows(_ difference: RowDifference, _ format: OutputFormat) -> [[Cell]] {
        let start: [Cell] = [.text(difference.key), .text(difference.kind.rawValue)]
        // A row without values differs by being there.
        guard !difference.changes.isEmpty else {
            return [start + [.absent, .absent, .absent, .absent]]
        }
        return difference.changes.map { change in
            start + [
                .text(change.column),
                ProjectionCells.cell(change.old, format),
                ProjectionCells.cell(change.new, format),
                change.sequence.map { .unsigned($0) } ?? .absent,
            ]
        }
    }
}
