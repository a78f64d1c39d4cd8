import Arguments
import Ledger
import Projections
import Tables

/// `daybook state --both`: what was known at a moment beside what was true then.
enum BothOutput {
    private static let unequal = "≠"
    private static let absence = "–"

    static func run(_ context: Context) throws -> ExitStatus {
        let invocation = context.invocation
        if let option = ["as-at", "as-of", "waiting"].first(where: invocation.flag) {
            throw UsageProblem("--both asks for both views of a moment; leave out --\(option)")
        }
        let views = try openViews(context)
        let moment = try moment(context, views.ledger)
        let request = context.viewRequest("PROJECTION")
        let columns = try views.columns(request)
        guard let key = invocation.string("KEY") else {
            try list(views, request, moment, columns, context)
            return .done
        }
        if let option = ["where", "differing"].first(where: invocation.flag) {
            throw UsageProblem("--\(option) chooses among rows, and KEY names one; leave one out")
        }
        let pair = try views.pair(request, key: key, at: moment)
        let format = try Rows.format(context)
        if format == .table {
            try Rows.print(
                [
                    Column("column", title: "COLUMN"),
                    Column("known", title: "KNOWN"), Column("differs", title: ""),
                    Column("true", title: "TRUE"),
                ],
                lines(pair, columns),
                context
            )
        } else {
            let fields = zip(names(columns), cells(pair, columns, format))
            try Rows.printRecord(Array(fields), context)
        }
        return .done
    }

    private static func moment(_ context: Context, _ ledger: Ledger) throws -> BothPasts {
        switch try context.recorded("both") {
        case .asAt(let sequence):
            let event = try ledger.event(at: sequence)
            guard let recorded = Line(event.line.span).recordedTime else {
                throw LedgerError.damaged("event \(sequence) does not say when it was recorded")
            }
            return BothPasts(at: sequence, recorded: recorded)
        case .asAtTime(let time), .asOf(let time): return BothPasts(at: time)
        case nil: throw UsageProblem("--both needs a moment")
        }
    }

    private static func list(
        _ views: Views,
        _ request: ViewRequest,
        _ moment: BothPasts,
        _ columns: [String],
        _ context: Context
    ) throws {
        let format = try Rows.format(context)
        let conditions = try RowConditions(context, columns: columns)
        let limit = context.limit ?? .max
        let onlyDiffering = context.invocation.flag("differing")
        let progress = ProgressPrinter("fold", unit: "events")
        let shown = format == .table ? columns : names(columns)
        var writer = Rows.writer(shown.map { Column($0, title: $0.uppercased()) }, format)
        var rows = 0
        var differing = 0
        var hasMore = false
        try views.forEachPair(request, at: moment, progress: progress.show) { pair in
            // A row counts if either view of it fits.
            let fits = [pair.known, pair.actual].contains { row in
                row.map { conditions.hold(for: $0) } ?? false
            }
            guard fits else { return true }
            let differs = pair.differs
            rows += 1
            if differs { differing += 1 }
            guard differs || !onlyDiffering else { return true }
            if writer.count == 0 { progress.clear() }
            if writer.count == limit {
                hasMore = true
            } else {
                try writer.add(cells(pair, columns, format))
            }
            return true
        }
        progress.clear()
        let more = hasMore ? "; there are more, --limit 0 shows all" : ""
        try writer.finish(
            footer: "\(differing) of \(rows) rows differ, shown as KNOWN \(unequal) TRUE\(more)",
            noRows: rows == 0 ? "no such rows" : "none of \(rows) rows differs"
        )
    }

    /// For programs: the key, which columns differ, and each column twice.
    private static func names(_ columns: [String]) -> [String] {
        [columns[0], "differs", "differing"]
            + columns.dropFirst().flatMap { ["\($0).known", "\($0).true"] }
    }

    private static func cells(
        _ pair: RowPair,
        _ columns: [String],
        _ format: OutputFormat
    ) -> [Cell] {
        let values = columns.dropFirst().map { (pair.known?[$0], pair.actual?[$0]) }
        guard format == .table else {
            let names = pair.differing.map { "\"\($0)\"" }
            return [
                .text(pair.key), .boolean(pair.differs), .json(ProjectionCells.array(names)),
            ]
                + values.flatMap { known, actual in
                    [ProjectionCells.cell(known, format), ProjectionCells.cell(actual, format)]
                }
        }
        return [.text(pair.key)]
            + values.map { known, actual in
                if known == actual { return ProjectionCells.cell(known, format) }
                let (known, actual) = (readable(known), readable(actual))
                return .text("\(known) \(unequal) \(actual)")
            }
    }

    /// For people: a line a column.
    private static func lines(_ pair: RowPair, _ columns: [String]) -> [[Cell]] {
        let keys = (pair.known?.key, pair.actual?.key)
        let key: [Cell] = [
            .text(columns[0]), .text(keys.0 ?? "no row"),
            .text(keys.0 == keys.1 ? "" : unequal), .text(keys.1 ?? "no row"),
        ]
        return [key]
            + columns.dropFirst().map { name in
                let (known, actual) = (pair.known?[name], pair.actual?[name])
                return [
                    .text(name), .text(readable(known)),
                    .text(known == actual ? "" : unequal), .text(readable(actual)),
                ]
            }
    }

    private static func readable(_ value: ColumnValue?) -> String { value?.readable ?? absence }
}
