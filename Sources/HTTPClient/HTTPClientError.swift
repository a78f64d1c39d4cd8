/// Why an answer could not be had, or not as a whole.
package enum HTTPClientError: Error, Equatable {
    /// The URL is malformed, of a scheme that is not allowed, or holds a user name.
    case badURL(reason: String)
    /// The method or a header cannot be sent as it is given.
    case badRequest(reason: String)
    /// The host's address is not one of the public internet.
    case forbiddenAddress(reason: String)
    /// The host has no address, or refuses connections.
    case unreachable(reason: String)
    /// The host cannot prove that it is the one in the URL.
    case untrusted(reason: String)
    /// The answer's status line and headers, interim ones included, exceed `limit` bytes.
    case headersTooLarge(limit: Int)
    /// The answer's body is longer than `limit` bytes.
    case tooLarge(limit: Int)
    /// What `phase` names was not done after `limit` seconds.
    case tooSlow(limit: Double, phase: Phase = .whole)
    /// Nobody wants the answer any more.
    case cancelled
    /// The transfer broke off, with libcurl's own code (`CURLE_…`).
    case failed(code: Int, reason: String)

    /// A part of a transfer that has a time limit of its own.
    package enum Phase: Sendable {
        /// Until the host is connected to.
        case connect
        /// Until the answer's first byte.
        case firstByte
        /// Until the answer's end.
        case whole
    }
}

extension HTTPClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badURL(let reason):
            "url cannot be fetched: \(reason)"
        case .badRequest(let reason):
            "request cannot be sent: \(reason)"
        case .forbiddenAddress(let reason):
            "host must not be reached: \(reason)"
        case .unreachable(let reason):
            "host cannot be reached: \(reason)"
        case .untrusted(let reason):
            "host is not trusted: \(reason)"
        case .headersTooLarge(let limit):
            "answer's headers are too long, expected at most \(limit) bytes"
        case .tooLarge(let limit):
            "answer is too long, expected at most \(limit) bytes"
        case .tooSlow(let limit, .connect):
            "connecting took too long, expected at most \(limit) seconds"
        case .tooSlow(let limit, .firstByte):
            "answer did not begin in time, expected at most \(limit) seconds"
        case .tooSlow(let limit, .whole):
            "answer took too long, expected at most \(limit) seconds"
        case .cancelled:
            "transfer was cancelled"
        case .failed(let code, let reason):
            "transfer failed with curl code \(code): \(reason)"
        }
    }
}
