package import Bytes
internal import Ledger

/// One change of what the book goes by: configuration, definitions, keys, tokens, holds, closes,
/// corrections (`daybook changes`).
package struct ChangeEntry: Sendable, Hashable {
    /// What an auditor looks at first.
    package enum Flag: String, Sendable, CaseIterable {
        /// Who asked for it, or wrote it, also approved it or put it to use.
        case selfApproved = "self-approved"
        /// It was not made by this program, or the log does not tell of it.
        case outside = "outside the tool"
        /// The configuration changed, and the revision of what it is kept in did not.
        case uncommitted = "not committed"
        /// The log does not say who did it.
        case anonymous = "nobody named"
    }

    /// The event that tells of it; `nil` for what no event tells of.
    package let sequence: UInt64?
    /// When it was recorded.
    package let time: Timestamp?
    /// What happened, such as `configuration.changed`.
    package let what: String
    /// What it happened to, such as `projection:order-status`.
    package let subject: String
    /// Who did it, as `AUTHTYPE:AUTHID`.
    package let who: String?
    /// What stood there before: a hash or a version.
    package let before: String?
    /// What stands there since.
    package let after: String?
    /// Who approved it.
    package let approver: String?
    /// The revision of the repository that the configuration is kept in.
    package let revision: String?
    /// The reason, and what else is told.
    package let detail: String?
    /// What is to be looked at.
    package let flags: [Flag]
}
