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

    private static let likelyNames = [
        "auth", "code", "key", "pass", "pin", "pwd", "sid", "sig", "x-key",
    ].map { Array($0.utf8) }
    private static let likelyParts = [
        "access-key", "access_key", "accesskey", "api-key", "api_key", "apikey", "app-key",
        "application-key", "authorization", "authentication", "cookie", "credential", "csrf",
        "jwt", "passphrase", "passwd", "password", "private-key", "secret", "session",
        "signature", "subscription-key", "token",
    ].map { Array($0.utf8) }

    /// Whether a header or a parameter of this name is to be taken for a credential where nobody
    /// said which are: of what programs send, rather one value too many is not recorded than one
    /// too few.
    package static func isLikelySecret(_ name: String) -> Bool {
        // Bytes, since this is asked for every header of every call.
        let name = name.utf8.map { $0 &- 0x41 < 26 ? $0 | 0x20 : $0 }
        return likelyNames.contains(name) || likelyParts.contains { occurs($0, in: name) }
    }

    /// Whether `word` occurs in `text`.
    package static func occurs(_ word: [UInt8], in text: [UInt8]) -> Bool {
        guard let first = word.first, word.count <= text.count else { return false }
        for start in 0...text.count - word.count where text[start] == first {
            if text[start..<start + word.count].elementsEqual(word) { return true }
        }
        return false
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
