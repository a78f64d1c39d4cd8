internal import Bytes
package import HTTPServer

/// What a request shows that may be a token, wherever programs can be told to put one.
///
/// That is `X-Daybook-Token`, else `Authorization` with `Bearer`, or with `Basic`, whose user and
/// password may each be it.
package struct ShownCredentials: Sendable {
    /// Bytes of a header that is looked at: the longest secrets of services are some 2 KiB.
    private static let headerBytes = 4096

    /// What may be a token, at most two; none where a header stands twice or is too long.
    package let candidates: [String]

    /// Reads the two headers by their values, each `nil` if it is not there.
    package init(authorization: String?, token: String?) {
        if let token {
            candidates = token.utf8.count <= Self.headerBytes && !token.isEmpty ? [token] : []
        } else {
            candidates = authorization.map { Self.read($0) } ?? []
        }
    }

    /// Reads the headers of a request.
    package init(_ request: HTTPRequest) {
        let names = ["authorization", "x-daybook-token"]
        guard names.allSatisfy({ request.headerCount(of: $0) <= 1 }) else {
            self.init(authorization: nil, token: nil)
            return
        }
        self.init(
            authorization: request.header("authorization"),
            token: request.header("x-daybook-token")
        )
    }

    private static func read(_ header: String) -> [String] {
        guard header.utf8.count <= headerBytes, let space = header.firstIndex(of: " ") else {
            return []
        }
        let value = header[space...].drop { $0 == " " }
        switch header[..<space].lowercased() {
        case "bearer": return value.isEmpty ? [] : [String(value)]
        case "basic":
            guard let bytes = Base64.decode(value.utf8Span.span, padding: .optional),
                let text = String(utf8: bytes.span), let colon = text.firstIndex(of: ":")
            else { return [] }
            let parts = [text[..<colon], text[text.index(after: colon)...]]
            return parts.filter { !$0.isEmpty }.map { String($0) }
        default: return []
        }
    }
}

extension ShownCredentials: CustomStringConvertible, CustomReflectable {
    /// Never what was shown.
    package var description: String { "[redacted]" }

    /// Without parts.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
