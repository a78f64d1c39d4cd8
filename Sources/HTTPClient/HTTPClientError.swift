/// Why an answer could not be had.
package enum HTTPClientError: Error, Equatable {
    /// The URL is malformed, of a scheme that is not allowed, or holds a user name.
    case badURL(reason: String)
    /// The method or a header cannot be sent as it is given.
    case badRequest(reason: String)
    /// The host has no address, or refuses connections.
    case unreachable(reason: String)
    /// The host cannot prove that it is the one in the URL.
    case untrusted(reason: String)
    /// The answer's body is longer than `limit` bytes.
    case tooLarge(limit: Int)
    /// The answer was not complete after `limit` seconds.
    case tooSlow(limit: Double)
    /// The transfer broke off, with libcurl's own code (`CURLE_…`).
    case failed(code: Int, reason: String)
}

extension HTTPClientError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .badURL(let reason):
            "url cannot be fetched: \(reason)"
        case .badRequest(let reason):
            "request cannot be sent: \(reason)"
        case .unreachable(let reason):
            "host cannot be reached: \(reason)"
        case .untrusted(let reason):
            "host is not trusted: \(reason)"
        case .tooLarge(let limit):
            "answer is too long, expected at most \(limit) bytes"
        case .tooSlow(let limit):
            "answer took too long, expected at most \(limit) seconds"
        case .failed(let code, let reason):
            "transfer failed with curl code \(code): \(reason)"
        }
    }
}
