package import HTTPClient
internal import Ledger

/// Why a request was not passed on, or has no answer of the service.
package struct CallProblem: Error, Sendable {
    /// What kind of problem it is, for programs; the status follows from it.
    package enum Word: String, Sendable {
        case badTarget = "bad-target"
        case badRequest = "bad-request"
        case forbiddenAddress = "forbidden-address"
        case limitReached = "limit-reached"
        case circuitOpen = "circuit-open"
        case tokenRefused = "token-refused"
        case unreachable
        case untrusted
        case timedOut = "timed-out"
        case answerTooLarge = "answer-too-large"
        case brokenAnswer = "broken-answer"
        case notRecorded = "not-recorded"
        case busy
        case stopping
    }

    /// What kind it is.
    package let word: Word
    /// What happened, for people.
    package let detail: String
    /// When to come back, if that is known.
    package let retryAfter: Duration?

    package init(_ word: Word, _ detail: String, retryAfter: Duration? = nil) {
        self.word = word
        self.detail = detail
        self.retryAfter = retryAfter
    }

    /// No further attempt begins.
    static let stopping = CallProblem(.stopping, "daybook is stopping", retryAfter: .seconds(5))

    /// Of a transfer that failed.
    package init(_ error: HTTPClientError) {
        let word: Word =
            switch error {
            case .badURL: .badTarget
            case .badRequest: .badRequest
            case .forbiddenAddress: .forbiddenAddress
            case .unreachable: .unreachable
            case .untrusted: .untrusted
            case .tooSlow: .timedOut
            case .tooLarge, .headersTooLarge: .answerTooLarge
            case .cancelled: .stopping
            case .failed: .brokenAnswer
            }
        self.init(word, "\(error)")
    }

    /// The status that the caller is answered.
    package var status: Int {
        switch word {
        case .badTarget, .badRequest: 400
        case .forbiddenAddress: 403
        case .limitReached: 429
        case .circuitOpen, .notRecorded, .busy, .stopping: 503
        case .tokenRefused, .unreachable, .untrusted, .answerTooLarge, .brokenAnswer: 502
        case .timedOut: 504
        }
    }

    /// The line's `reason`.
    package var reason: String { "\(word.rawValue): \(detail)" }
}
