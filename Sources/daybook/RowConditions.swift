import Arguments
import Projections

/// What rows must say to be shown: `--where`.
struct RowConditions {
    /// The option, for rows of a projection.
    static let option = Option(
        "where",
        "only rows that say so; COLUMN!=VALUE: that do not",
        value: "COLUMN=VALUE",
        repeats: true
    )

    private let filter: RowFilter

    /// Reads what was given; `columns` are the projection's, the key's first.
    init(_ context: Context, columns: [String]) throws {
        do throws(RowFilterProblem) {
            filter = try RowFilter(context.invocation.all("where"), columns: columns)
        } catch {
            if case .unknownColumn(let name, let columns) = error {
                try Self.require(name, in: columns)
            }
            throw UsageProblem("--where \(error)")
        }
    }

    /// Whether all of them hold.
    func hold(for row: Row) -> Bool { filter.holds(for: row) }

    /// Refuses a column that is not there, as a command line refuses any word it does not know.
    private static func require(_ column: String, in columns: [String]) throws {
        let option = Option("where", "a column", value: "COLUMN", kind: .choice(columns))
        let table = Command("daybook state", "rows of a projection", options: [option])
        _ = try table.parse(["--where=\(column)"])
    }
}
