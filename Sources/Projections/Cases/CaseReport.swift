/// What became of a case.
package struct CaseReport: Sendable {
    /// The file of cases.
    package let file: String
    /// The line where the case begins.
    package let line: Int
    /// The story as a sentence.
    package let name: String
    /// How many orders were run.
    package let orders: Int
    /// In how many of them something was not as expected.
    package let failedOrders: Int
    /// The first failures, each kind once; none if the case holds.
    package let failures: [CaseFailure]

    /// Whether all was as expected in every order.
    package var holds: Bool { failures.isEmpty }
}

/// Something that is not as a case expects it.
package struct CaseFailure: Error, Hashable, Sendable {
    /// What is not as expected.
    package enum Subject: Hashable, Sendable {
        /// A column of a row.
        case cell(row: String, column: String)
        case row(String)
        /// The rows, the names that wait, or another part of the case, by its key.
        case part(String)
        /// The count of all events, of duplicates and of those rejected, which must be that of
        /// those that arrived.
        case equation
    }

    /// What it is about.
    package let subject: Subject
    /// What was expected, as JSON where it is a value.
    package let expected: String
    /// What was found instead.
    package let found: String
    /// Whether it depends on the order: in the file's order it is as expected.
    package let comparesOrders: Bool
    /// The ids of the events in the order in which they arrived.
    package let order: [String]
    /// In how many parts they were folded; 1 if all at once.
    package let parts: Int
}

extension CaseFailure: CustomStringConvertible {
    /// One line for people.
    package var description: String {
        let what =
            switch subject {
            case .cell(let row, let column): "row \(row), column \(column)"
            case .row(let row): "row \(row)"
            case .part(let part): part
            case .equation: "the count of events"
            }
        let expectation = comparesOrders ? "\(expected) as in the file's order" : expected
        let way = parts == 1 ? "" : ", folded in \(parts) parts"
        return "\(what): found \(found), expected \(expectation); "
            + "in the order \(order.joined(separator: ", "))\(way)"
    }
}
