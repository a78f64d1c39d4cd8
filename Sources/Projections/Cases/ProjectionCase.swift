package import YAML

/// A story that a projection has to tell: given events, then rows (DESIGN 6).
package struct ProjectionCase: Sendable {
    /// The story as a sentence.
    package let name: String
    /// Where it begins.
    package let place: YAMLPlace
    /// Whether the events are taken in the file's order alone.
    package let isInOrder: Bool
    let given: [GivenEvent]
    let expected: Expectation

    /// What the case says of the rows; `nil` is not compared.
    struct Expectation: Sendable {
        /// The rows with the columns that are named; if empty, there must be no rows.
        let rows: [ExpectedRow]?
        /// Keys that must not be rows.
        let absent: [String]
        /// The names of all rows that wait for a key.
        let waiting: [String]?
        /// The ids of the events that cannot be folded.
        let quarantined: [String]
        /// The moment asked about, in microseconds since 1970.
        let moment: Int64
        let counts: [CaseCount: UInt64]
    }

    /// A row and the columns that a case names.
    struct ExpectedRow: Sendable {
        let key: String
        let cells: [Cell]

        struct Cell: Sendable {
            let column: String
            /// Words of enums are texts; `nil` where nothing may have been said.
            let value: ColumnValue?
        }
    }
}

/// Numbers that a case can compare.
enum CaseCount: String, CaseIterable, Sendable {
    /// Events that fit a rule's `from`, but not its `when`.
    case ignored
    /// Words that a map or an enum lacks.
    case unmapped
    /// Events that fit no rule: none, unless the case says so.
    case unknown
    /// Pairs of names whose link is not followed, as it would join two keys.
    case conflicts
}

/// What a file of cases may cost, with the reason for each bound.
enum CaseLimits {
    /// The most cases of a file: more belong into several files.
    static let caseCount = 256
    /// The most events of a case: a story has to be understood.
    static let eventCount = 64
    /// The most rows, or names of any kind, that a case says something of.
    static let rowCount = 256
    /// The most headers of an event.
    static let headerCount = 64
    /// Up to so many events all their orders are taken: 5040.
    static let exhaustiveEvents = 7
    /// Of more events so many orders are taken.
    static let sampledOrders = 2000
    /// The runs of a case that is told in order: repeats and parts differ.
    static let orderedRuns = 16
    /// The failures that a report lists; the others are counted.
    static let listedFailures = 5
}
