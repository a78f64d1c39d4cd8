internal import Bytes

/// Which fields of HTTP messages carry credentials: their values are never recorded (DESIGN 3.3).
package enum SecretFields {
    /// What stands in the place of a secret.
    package static let redacted = "[redacted]"

    /// Headers that do, by the longest habit.
    private static let headers: [[UInt8]] = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key",
        "x-auth-token", "x-access-token", "x-csrf-token", "x-daybook-token",
        "x-shopify-access-token",
    ].map { Array($0.utf8) }

    /// Parameters of a URL that do, by habit.
    package static let parameters = [
        "access_token", "api_key", "apikey", "client_secret", "password", "refresh_token",
        "secret", "token",
    ]

    /// Whether a header's value is a credential.
    package static func isSecret(header name: String) -> Bool {
        headers.contains { word in
            word.count == name.utf8.count
                && zip(word, name.utf8).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) }
        }
    }

    /// A target without the values of the parameters of these names.
    package static func shownTarget(_ target: String, secret names: [String]) -> String {
        guard !names.isEmpty, let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else {
            return target
        }
        let start = target.utf8.index(after: mark)
        let fields = target[start...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = fields.map { field -> Substring in
            let name = field.prefix { $0 != "=" }
            // Percent-encoded, a name is still the same name.
            let decoded = (try? FormFields(name.utf8Span.span))?.fields.first?.name ?? []
            let isSecret = names.contains { decoded.elementsEqual($0.utf8) }
            return isSecret ? "\(name)=\(redacted)" : field
        }
        return target[..<start] + shown.joined(separator: "&")
    }
}
