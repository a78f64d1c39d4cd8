import Arguments
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook state`.
enum StateCommand: ProgramCommand {
    static let readsLog = true
    static let keepsScope = true
    static let command = Command(
        "state",
        "shows the rows of a projection, now or in the past",
        group: "Look",
        discussion: """
            Rows are what a projection makes of the log; what the log has meanwhile is folded first. \
            --as-at shows what was known: the log up to and with an event or a time of recording. \
            --as-of shows what was true: what had occurred by then, by all that is known now. --both \
            shows the two beside each other, as KNOWN ≠ TRUE where they differ; for a sequence it \
            takes the moment at which that event was recorded.

            --where compares with a value as the table shows it or as JSON has it; no VALUE stands \
            for a column that says nothing. All conditions must hold.
            """,
        options: [
            RowConditions.option,
            Option("as-at", "as the log stood then", value: "SEQ|TIME"),
            Option("as-of", "as things stood then", value: "TIME"),
            Option("both", "what was known and what was true then", value: "SEQ|TIME"),
            Option("differing", "with --both, only rows that differ"),
            Option("waiting", "instead the names for which no key is known yet"),
            ProjectionOptions.version,
            ProjectionOptions.noCatchUp,
            ProjectionOptions.limit,
            Rows.formatOption,
        ],
        operands: [
            ProjectionOptions.projection,
            Operand("KEY", "a row's key, or another of its names", .optional),
        ],
        examples: [
            Example("daybook state order-status", "lists where every order stands"),
            Example("daybook state order-status woo-1001", "shows one row, each column a line"),
            Example(
                "daybook state order-status --where status=shipped --where payment!=paid",
                "lists what was shipped and is not paid"
            ),
            Example("daybook state stock-levels --as-at 2h", "what we knew two hours ago"),
            Example("daybook state stock-levels --as-of 2026-11-01", "what was true then"),
            Example(
                "daybook state order-status --both 2026-11-01 --differing",
                "what we did not know yet, or had wrong, on that day"
            ),
            Example("daybook state order-status --waiting", "payments that no order has named"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        if context.invocation.flag("both") { return try BothOutput.run(context) }
        guard !context.invocation.flag("differing") else {
            throw UsageProblem("--differing needs --both, whose two views differ or not")
        }
        let past = try past(context)
        let key = context.invocation.string("KEY")
        if key != nil, let option = ["where", "waiting"].first(where: context.invocation.flag) {
            throw UsageProblem("--\(option) chooses among rows, and KEY names one; leave one out")
        }
        try context.requireProjection(context.invocation.string("PROJECTION") ?? "")
        let views = try openViews(context)
        let request = context.viewRequest("PROJECTION")
        let columns = try views.columns(request)
        if let key {
            let row =
                if let past {
                    try views.row(request, key: key, at: past)
                } else {
                    try views.row(request, key: key)
                }
            let format = try Rows.format(context)
            let cells = ProjectionCells.cells(row, format)
            try Rows.printRecord(Array(zip(columns, cells)), context)
        } else {
            let conditions = try RowConditions(context, columns: columns)
            try list(views, request, past, columns, conditions, context)
        }
        return .done
    }

    /// The moment that is asked about; `nil` for now.
    private static func past(_ context: Context) throws -> Past? {
        let asAt = try context.recorded("as-at")
        let asOf = try context.moment("as-of")
        guard asAt == nil || asOf == nil else {
            throw UsageProblem(
                "--as-at asks what was known then, --as-of what was true then by all we know "
                    + "now; leave one out, or ask --both TIME for one beside the other"
            )
        }
        return asAt ?? asOf.map { .asOf($0) }
    }

    private static func list(
        _ views: Views,
        _ request: ViewRequest,
        _ past: Past?,
        _ columns: [String],
        _ conditions: RowConditions,
        _ context: Context
    ) throws {
        let format = try Rows.format(context)
        let limit = context.limit ?? .max
        let waiting = context.invocation.flag("waiting")
        let progress = ProgressPrinter("fold", unit: "events")
        var writer = Rows.writer(
            columns.map { Column($0, title: $0.uppercased()) },
            format
        )
        var hasMore = false
        func show(_ row: Row) throws -> Bool {
            guard conditions.hold(for: row) else { return true }
            if writer.count == 0 { progress.clear() }
            hasMore = writer.count == limit
            if !hasMore { try writer.add(ProjectionCells.cells(row, format)) }
            return !hasMore
        }
        if let past {
            try views.forEachRow(
                request,
                at: past,
                waiting: waiting,
                progress: progress.show,
                show
            )
        } else {
            try views.forEachRow(request, waiting: waiting, progress: progress.show, show)
        }
        progress.clear()
        try writer.finish(
            footer: hasMore ? "there are more; --limit 0 shows all" : nil,
            noRows: "no such rows"
        )
    }
}
