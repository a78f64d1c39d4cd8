internal import Bytes
internal import Ledger

/// What was asked, as words that may stand in the log for ever: `NAME=VALUE`, without secrets.
package enum QueryWords {
    /// Bytes of a query in a line: ample for what people ask, little for what programs repeat.
    package static let bytes = 2048
    /// Bytes of one value; what is longer is no question but data.
    private static let valueBytes = 512
    private static let cut = "…"

    /// Beginnings by which makers of credentials let them be told from other texts.
    private static let marks = [
        "dbk_", "sk_", "rk_", "pk_", "whsec_", "shpat_", "shpss_", "shpca_", "xoxb-", "xoxp-",
        "ghp_", "gho_", "github_pat_", "glpat-", "AKIA", "eyJ", "SG.", "-----BEGIN",
        "plain:", "Bearer ", "Basic ", "PRIVATE KEY",
    ]

    /// The words in the order given, at most `bytes` long; spaces in values are `%20`.
    ///
    /// Of a value whose name looks secret, or which itself looks like a secret, only that it was
    /// given is told.
    package static func text(_ words: [(name: String, value: String)]) -> String {
        let text = words.map { name, value in
            value.isEmpty ? escape(name) : "\(escape(name))=\(escape(shown(name, value)))"
        }.joined(separator: " ")
        return prefix(text, bytes)
    }

    private static func shown(_ name: String, _ value: String) -> String {
        if let url = urlWithoutSecrets(value) { return prefix(url, valueBytes) }
        // A condition names the column or attribute that it is about: COLUMN=VALUE.
        let condition = value.prefix { $0 != "=" && $0 != "!" }
        let inner = condition.count < value.count ? String(condition) : ""
        guard !isSecret(name, value) else { return SecretFields.redacted }
        if !inner.isEmpty, SecretFields.isLikelySecret(inner) {
            return "\(inner)=\(SecretFields.redacted)"
        }
        return prefix(value, valueBytes)
    }

    /// A URL without what may let somebody in: user, password, query and fragment; `nil` if the
    /// value is none.
    private static func urlWithoutSecrets(_ value: String) -> String? {
        let parts = value.split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let rest = parts[1].prefix { $0 != "?" && $0 != "#" }
        let authority = rest.prefix { $0 != "/" }
        let host = authority.split(separator: "@", omittingEmptySubsequences: false).last ?? ""
        return parts[0] + "://" + host + rest.dropFirst(authority.count)
    }

    /// `KEY` is what an operand is called by which rows are named.
    private static func isSecret(_ name: String, _ value: String) -> Bool {
        (name != "KEY" && SecretFields.isLikelySecret(name))
            || marks.contains { value.contains($0) }
    }

    private static func escape(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing(" ", with: "%20")
    }

    /// The beginning of a text that takes at most so many bytes, with a mark if it is cut.
    private static func prefix(_ text: String, _ limit: Int) -> String {
        guard text.utf8.count > limit else { return text }
        var end = text.startIndex
        var count = cut.utf8.count
        while end < text.endIndex {
            count += text.unicodeScalars[end].utf8.count
            guard count <= limit else { break }
            end = text.unicodeScalars.index(after: end)
        }
        return text[..<end] + cut
    }
}
