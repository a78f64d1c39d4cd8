/// Something that does not agree between a provider's list and the log.
package struct ProviderDifference: Hashable, Sendable {
    /// What kind of disagreement it is, in the order in which they are listed.
    package enum Class: String, CaseIterable, Sendable {
        /// They have it, we do not.
        case missing
        /// We have it, their list does not.
        case extra
        /// Both have it, with another amount, status or type.
        case different
        /// Their list names it more than once.
        case duplicate
        /// A record of their list that cannot be read.
        case unreadable
    }

    package let kind: Class
    /// The provider's id; `nil` for a record that cannot be read.
    package let id: String?
    /// The record's line or place in the list; `nil` for what is not in it.
    package let place: Int?
    /// The event; of a row the newest that shaped it.
    package let sequence: UInt64?
    package let type: String?
    package let theirs: ExactAmount?
    package let ours: ExactAmount?
    /// One sentence for people.
    package let what: String
}
