import Arguments
import Projections

/// What rows must say to be shown: `--where`.
struct RowConditions {
    private struct Condition {
        let column: String
        let value: String
        /// Whether the column must say so, or must not.
        let isWanted: Bool
    }

    /// The option, for rows of a projection.
    static let option = Option(
        "where",
        "only rows that say so; COLUMN!=VALUE: that do not",
        value: "COLUMN=VALUE",
        repeats: true
    )

    private let conditions: [Condition]
    private let keyColumn: String

    /// Reads what was given; `columns` are the projection's, the key's first.
    init(_ context: Context, columns: [String]) throws {
        keyColumn = columns.first ?? ""
        conditions = try context.invocation.all("where").map { text in
            guard let equals = text.firstIndex(of: "=") else {
                throw UsageProblem(
                    "--where \"\(text)\" is no condition; expected COLUMN=VALUE or COLUMN!=VALUE"
                )
            }
            var column = text[..<equals]
            let isWanted = column.last != "!"
            if !isWanted { column.removeLast() }
            try Self.require(String(column), in: columns)
            return Condition(
                column: String(column),
                value: String(text[text.index(after: equals)...]),
                isWanted: isWanted
            )
        }
    }

    /// Whether all of them hold.
    func hold(for row: Row) -> Bool {
        conditions.allSatisfy { condition in
            says(row, condition.column, condition.value) == condition.isWanted
        }
    }

    /// Whether a column says so, as people or as JSON write it; no text is no value.
    private func says(_ row: Row, _ column: String, _ text: String) -> Bool {
        if column == keyColumn { return row.key == text }
        guard let value = row[column] else { return text.isEmpty }
        return value.readable == text || value.json == text
    }

    /// Refuses a column that is not there, as a command line refuses any word it does not know.
    private static func require(_ column: String, in columns: [String]) throws {
        let option = Option("where", "a column", value: "COLUMN", kind: .choice(columns))
        let table = Command("daybook state", "rows of a projection", options: [option])
        _ = try table.parse(["--where=\(column)"])
    }
}
