/// What can be done to the book, each of which an auditor wants in other hands than some other.
package enum Duty: String, CaseIterable, Sendable {
    case author
    case approve
    case promote
    case configure
    case rotateKey = "rotate_key"
    case token
    case export
    case correct
    case erase
    case hold
    case release
    case close
    case reopen

    /// What an event of the log's own tells of, by its type and, for a report, its subject.
    init?(type: String, subject: String) {
        switch type {
        case "daybook.projection.defined": self = .author
        case "daybook.projection.promoted": self = .promote
        case ConfigurationChange.type: self = .configure
        case "daybook.key.rotated": self = .rotateKey
        case TokenEvents.created, TokenEvents.revoked: self = .token
        case "daybook.corrected": self = .correct
        case "daybook.erased": self = .erase
        case "daybook.hold.placed": self = .hold
        case "daybook.hold.released": self = .release
        case "daybook.period.closed": self = .close
        case "daybook.period.reopened": self = .reopen
        case ReportRecord.type:
            guard subject == "report:export" else { return nil }
            self = .export
        default: return nil
        }
    }
}

/// Something that somebody did to the book.
package struct Deed: Hashable, Sendable {
    /// The event that tells of it.
    package let sequence: UInt64
    /// What it was.
    package let duty: Duty
    /// Who did it, as `AUTHTYPE:AUTHID`.
    package let who: String
    /// What it was done to.
    package let subject: String

    /// Takes what an event tells.
    package init(sequence: UInt64, duty: Duty, who: String, subject: String) {
        self.sequence = sequence
        self.duty = duty
        self.who = who
        self.subject = subject
    }
}
