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

    private static let likelyNames: Set = [
        "auth", "code", "key", "pass", "pin", "pwd", "sid", "sig", "x-key",
    ]
    private static let likelyParts = [
        "access-key", "access_key", "accesskey", "api-key", "api_key", "apikey", "app-key",
        "application-key", "authorization", "authentication", "cookie", "credential", "csrf",
        "jwt", "passphrase", "passwd", "password", "private-key", "secret", "session",
        "signature", "subscription-key", "token",
    ]

    /// Whether a header or a parameter of this name is to be taken for a credential where nobody
    /// said which are: of what programs send, rather one value too many is not recorded than one
    /// too few.
    package static func isLikelySecret(_ name: String) -> Bool {
        let name = name.lowercased()
        return likelyNames.contains(name) || likelyParts.contains { name.contains($0) }
    }

    /// Whether a header's value is a credential.
    package static func isSecret(header name: String) -> Bool {
        headers.contains { word in
            word.count == name.utf8.count
                && zip(word, name.utf8).allSatisfy { $0 == ($1 &- 0x41 < 26 ? $1 | 0x20 : $1) }
        }
    }

    /// A target without the values of those parameters that are secret by their names.
    package static func shownTarget(_ target: String, where isSecret: (String) -> Bool) -> String {
        guard let mark = target.utf8.firstIndex(of: UInt8(ascii: "?")) else { return target }
        let start = target.utf8.index(after: mark)
        let fields = target[start...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = fields.map { field -> Substring in
            let name = field.prefix { $0 != "=" }
            // Percent-encoded, a name is still the same name.
            let decoded = (try? FormFields(name.utf8Span.span))?.fields.first?.name ?? []
            return isSecret(String(repairing: decoded.span)) ? "\(name)=\(redacted)" : field
        }
        return target[..<start] + shown.joined(separator: "&")
    }
}
