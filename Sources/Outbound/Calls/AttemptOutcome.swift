package import HTTPClient

/// What came of an attempt, as far as another one is concerned.
package enum AttemptOutcome: Hashable, Sendable {
    /// There was an answer of this status.
    case answered(status: Int)
    /// There was none, or none that is whole: a timeout, a reset, garbage. `wasSent` is whether any
    /// byte of the request may have left.
    case unanswered(wasSent: Bool)
    /// Another attempt would end in the same way, or is wanted by nobody.
    case hopeless

    /// Judges a transfer that ended: by its problem, else by its status.
    ///
    /// Only what broke on its way is worth another attempt. A refused address, a certificate that
    /// is not trusted and an answer that is too large are not.
    package init(status: Int?, problem: HTTPClientError?, wasSent: Bool) {
        switch (problem, status) {
        case (nil, let status?): self = .answered(status: status)
        case (nil, nil), (.unreachable, _), (.tooSlow, _), (.failed, _):
            self = .unanswered(wasSent: wasSent)
        default: self = .hopeless
        }
    }
}
