internal import Bytes
package import HTTPServer

/// An answer that says what is wrong, for programs and for people: problem JSON (RFC 9457).
extension HTTPAnswer {
    /// The longest detail, in characters: what a request holds is not sent back at any length.
    private static let detailCharacters = 1000

    /// Makes an answer of the type `about:blank#WORD`, with the header `Daybook-Problem: WORD`.
    ///
    /// `word` is one of our own, in lower case with dashes, never a caller's; `members` are further
    /// members whose values are texts, `json` those whose values are JSON already.
    package static func problem(
        _ status: Int,
        _ word: String,
        _ detail: String,
        headers: [(String, String)] = [],
        members: [(String, String)] = [],
        json: [(String, [UInt8])] = []
    ) -> HTTPAnswer {
        let known = [
            ("detail", String(detail.unicodeScalars.prefix(detailCharacters))),
            ("title", title(status)), ("type", "about:blank#\(word)"),
        ]
        var texts: [(name: String, value: [UInt8])] = (known + members).map { name, value in
            var text: [UInt8] = []
            CanonicalJSON.appendString(value, to: &text)
            return (name, text)
        }
        texts.append(("status", Array("\(status)".utf8)))
        texts += json.map { ($0.0, $0.1) }
        texts.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        var body: [UInt8] = []
        for (name, value) in texts {
            body.append(ascii: body.isEmpty ? "{" : ",")
            CanonicalJSON.appendString(name, to: &body)
            body.append(ascii: ":")
            body.append(contentsOf: value)
        }
        body.append(ascii: "}\n")
        let own = [
            ("Content-Type", "application/problem+json"), ("Cache-Control", "no-store"),
            ("Daybook-Problem", word),
        ]
        return HTTPAnswer(status: status, headers: own + headers, body: body)
    }

    /// A status in words, as RFC 9457 wants it of `about:blank` (RFC 9110 section 15).
    private static func title(_ status: Int) -> String {
        switch status {
        case 400: "Bad Request"
        case 401: "Unauthorized"
        case 403: "Forbidden"
        case 404: "Not Found"
        case 405: "Method Not Allowed"
        case 409: "Conflict"
        case 413: "Content Too Large"
        case 415: "Unsupported Media Type"
        case 429: "Too Many Requests"
        case 502: "Bad Gateway"
        case 503: "Service Unavailable"
        case 504: "Gateway Timeout"
        default: status < 500 ? "Refused" : "Failed"
        }
    }
}
