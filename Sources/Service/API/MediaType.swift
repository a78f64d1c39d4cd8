/// The media type of a body, as `Content-Type` says it (RFC 9110 section 8.3).
struct MediaType {
    /// Type and subtype in lower case, such as `application/json`.
    let name: String
    /// The character set in lower case; `nil` if none is said.
    let charset: String?

    /// Reads the header's value; parameters other than `charset` are passed over.
    init(_ text: String) {
        let parts = text.split(separator: ";", omittingEmptySubsequences: false)
            .map { Self.trimmed($0).lowercased() }
        name = parts[0]
        charset = parts.dropFirst().first { $0.hasPrefix("charset=") }.map {
            $0.dropFirst("charset=".count).filter { $0 != "\"" }
        }
    }

    /// Whether what has this type is UTF-8, the one form of JSON (RFC 8259 section 8.1).
    var isUTF8: Bool { charset == nil || charset == "utf-8" || charset == "utf8" }

    private static func trimmed(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}
