/// What rows must say to be shown: conditions such as `status=shipped` and `payment!=paid`, all of
/// which must hold.
package struct RowFilter: Sendable {
    private struct Condition: Sendable {
        let column: String
        let value: String
        /// Whether the column must say so, or must not.
        let isWanted: Bool
    }

    private let conditions: [Condition]
    private let keyColumn: String

    /// Reads conditions; `columns` are the projection's, the key's first.
    package init(_ texts: [String], columns: [String]) throws(RowFilterProblem) {
        keyColumn = columns.first ?? ""
        var conditions: [Condition] = []
        for text in texts {
            guard let equals = text.firstIndex(of: "=") else { throw .noCondition(text) }
            var column = text[..<equals]
            let isWanted = column.last != "!"
            if !isWanted { column.removeLast() }
            guard columns.contains(String(column)) else {
                throw .unknownColumn(String(column), columns: columns)
            }
            conditions.append(
                Condition(
                    column: String(column),
                    value: String(text[text.index(after: equals)...]),
                    isWanted: isWanted
                )
            )
        }
        self.conditions = conditions
    }

    /// Whether all of them hold.
    package func holds(for row: Row) -> Bool {
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
}

/// Why a text is no condition of rows.
package enum RowFilterProblem: Error, Hashable, CustomStringConvertible {
    /// It is not of the form `COLUMN=VALUE`.
    case noCondition(String)
    /// The projection has no such column.
    case unknownColumn(String, columns: [String])

    package var description: String {
        switch self {
        case .noCondition(let text):
            "\"\(text.prefix(80))\" is no condition; expected COLUMN=VALUE or COLUMN!=VALUE"
        case .unknownColumn(let name, let columns):
            "there is no column \"\(name.prefix(80))\"; expected one of "
                + columns.joined(separator: ", ")
        }
    }
}
