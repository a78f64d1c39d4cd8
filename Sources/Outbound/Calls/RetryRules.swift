package import Bytes

/// What to do after an attempt.
package enum RetryDecision: Hashable, Sendable {
    /// Its outcome is the call's.
    case done
    /// Another attempt after a time.
    case again(after: Duration)
}

/// When an attempt is made again: exponential backoff with full jitter.
package struct RetryRules: Sendable {
    /// How many attempts there are at most, the first one too.
    package var attempts: Int
    /// Within which time the second attempt is made; the next within twice that, and so on.
    package var base = Duration.milliseconds(250)
    /// Within which time an attempt is made at the latest.
    package var cap = Duration.seconds(30)

    /// Takes how many attempts there are at most; the rest is as usual.
    package init(attempts: Int = 5) {
        self.attempts = attempts
    }

    /// Methods of which several requests have the effect of one (RFC 9110 section 9.2.2).
    private static let idempotent: Set<String> = [
        "GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE",
    ]
    /// Statuses that pass: the service was busy, or something between us and it failed.
    private static let passing: Set<Int> = [408, 429, 500, 502, 503, 504]
    /// Server errors that do not pass: not implemented, HTTP version not supported.
    private static let lasting: Set<Int> = [501, 505]

    /// Decides whether attempt `attempt`, counted from 1, is made again, and when.
    ///
    /// `chance` is uniform in 0..<1. The wait is `chance` of the least of `cap` and `base` doubled
    /// for each attempt before, and never shorter than until `retryAt`. Whoever is not patient
    /// until then gets the outcome as it is.
    package func decide(
        attempt: Int,
        method: String,
        hasKey: Bool,
        outcome: AttemptOutcome,
        retryAt: Timestamp?,
        now: Timestamp,
        patience: Timestamp,
        chance: Double
    ) -> RetryDecision {
        guard attempt < attempts,
            Self.mayRepeat(outcome, isIdempotent: Self.idempotent.contains(method), hasKey: hasKey)
        else { return .done }
        let backoff = longestBackoff(after: attempt) * (chance > 0 ? min(chance, 1) : 0)
        let advised = (retryAt?.microseconds ?? now.microseconds) - now.microseconds
        let wait = max(backoff, .microseconds(advised))
        let left = Duration.microseconds(patience.microseconds - now.microseconds)
        return wait <= left ? .again(after: wait) : .done
    }

    private static func mayRepeat(
        _ outcome: AttemptOutcome,
        isIdempotent: Bool,
        hasKey: Bool
    ) -> Bool {
        switch outcome {
        case .hopeless: false
        case .unanswered(let wasSent): !wasSent || isIdempotent || hasKey
        case .answered(let status) where passing.contains(status): isIdempotent || hasKey
        case .answered(let status):
            isIdempotent && (500...599).contains(status) && !lasting.contains(status)
        }
    }

    private func longestBackoff(after attempt: Int) -> Duration {
        var longest = base
        for _ in 1..<max(attempt, 1) where longest < cap { longest *= 2 }
        return min(longest, cap)
    }
}
