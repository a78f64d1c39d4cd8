package import Ledger

/// What a request is found to be: what is recorded, and what the sender is told once it is.
package enum Verdict: Sendable {
    /// The sender is who it should be: the webhook first, then a fact for each of its parts.
    case accepted([Draft], Answer)
    /// It is not, or what it sent is wrong.
    case rejected(Draft, Answer, Refusal)
    /// A question whether somebody is here, as some providers ask before they send.
    case handshake(Draft, Answer)
    /// The signature can be checked only with what the provider publishes at a URL of its own; to
    /// be asked again with it.
    case needs(TrustDocument)

    /// The events to record in one commit.
    package var drafts: [Draft] {
        switch self {
        case .accepted(let drafts, _): drafts
        case .rejected(let draft, _, _), .handshake(let draft, _): [draft]
        case .needs: []
        }
    }

    /// What the sender is told once the events are recorded; `nil` while nothing is decided.
    package var answer: Answer? {
        switch self {
        case .accepted(_, let answer), .rejected(_, let answer, _), .handshake(_, let answer):
            answer
        case .needs: nil
        }
    }

    /// Whether anybody could have caused it, so that only so many a minute may be recorded.
    package var isRateBounded: Bool {
        switch self {
        case .accepted, .needs: false
        case .rejected, .handshake: true
        }
    }
}
