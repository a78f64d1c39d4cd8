/// What the log has under an id that a provider's list may name.
struct LoggedRecord: Sendable {
    /// The event; for a row the newest event that shaped it.
    var sequence: UInt64
    /// The id of the event, or the row's key.
    var name: String
    var type: String?
    /// What it says of money: one of them must be the list's amount.
    var amounts: [ExactAmount] = []
    var status: String?
    /// Whether its content can be compared: not after it was erased.
    var isReadable = true
    /// Whether an earlier reconciliation appended it.
    var isAppended = false
    /// Whether it is of the stretch of time that is compared, so that the list should have it.
    var isExpected = true
    /// Whether the list names it.
    var isListed = false
}

/// What a reconciliation with a provider asks.
package struct ProviderQuery: Sendable {
    /// Where rows of a projection are compared instead of events.
    package struct Rows: Hashable, Sendable {
        package var projection: String
        /// What a row's key has before the provider's id, such as `pi:`.
        package var prefix: String
        /// The columns that are compared with the list's amount and status.
        package var amount = "amount"
        package var status = "status"

        package init(projection: String, prefix: String) {
            self.projection = projection
            self.prefix = prefix
        }
    }

    /// The source whose events are compared.
    package var source: String
    /// The stretch of time by when things occurred; both sides leave out the rest.
    package var period: Period?
    /// Only types that fit, on both sides.
    package var type: String?
    package var rows: Rows?
    package var tolerance = Tolerance.none
    /// What the provider calls a status, and what we do.
    package var words: [String: String] = [:]

    package init(source: String) { self.source = source }

    /// The source of the facts that are appended for what the log lacked.
    ///
    /// No configured source can have such a name: a webhook that comes later has an id of its own
    /// source, and is appended as any other.
    package static func factSource(_ source: String) -> String { "reconcile:\(source)" }

    /// The query as one line, for the record of the report.
    package var text: String {
        var parts = ["provider", "source=\(source)"]
        if let period { parts.append("period=\(period.name)") }
        if let type { parts.append("type=\(type)") }
        if let rows {
            parts.append("rows=\(rows.projection)")
            parts.append("prefix=\(rows.prefix)")
            parts.append("our-amount=\(rows.amount)")
            parts.append("our-status=\(rows.status)")
        }
        parts.append("tolerance=\(tolerance.text)")
        for (theirs, ours) in words.sorted(by: { $0.key < $1.key }) {
            parts.append("map=\(theirs):\(ours)")
        }
        return parts.map { $0.replacing("%", with: "%25").replacing(" ", with: "%20") }
            .joined(separator: " ")
    }
}
