package import Bytes
internal import Digest

/// The secret by which a program says who it is: `dbk_`, 32 random bytes, and check characters.
///
/// The random bytes are 43 characters of base64url, the check is the CRC-32 of all before it in 6
/// more, so that scanners for leaked secrets find tokens and take nothing else for one. Where a
/// token is shown as text by accident, it is not.
package struct Token: Sendable {
    private static let prefix = Array("dbk_".utf8)
    private static let randomBytes = 32
    private static let checkedCharacters = 4 + 43
    private static let characters = checkedCharacters + 6

    private let text: [UInt8]

    /// Makes a new token of bytes that nobody can predict; there must be 32 of them.
    package init(random: [UInt8]) {
        precondition(random.count == Self.randomBytes, "a token takes 32 random bytes")
        let secret = Base64.encodeURL(random.span)
        var text = Self.prefix + Array(secret.utf8)
        text += Self.check(text.span)
        self.text = text
    }

    /// Reads a token; `nil` for any other text.
    package init?(_ text: Span<UInt8>) {
        guard text.count == Self.characters, text.hasPrefix(Self.prefix.span) else { return nil }
        let checked = text.extracting(first: Self.checkedCharacters)
        let secret = checked.extracting(droppingFirst: Self.prefix.count)
        let check = Self.check(checked)
        guard Base64.decode(secret, padding: .refused, alphabet: .url) != nil,
            text.hasSuffix(check.span)
        else { return nil }
        self.text = [UInt8](copying: text)
    }

    private static func check(_ text: Span<UInt8>) -> [UInt8] {
        var bytes: [UInt8] = []
        BigEndian.append(CRC32.checksum(text), to: &bytes)
        return Array(Base64.encodeURL(bytes.span).utf8)
    }

    /// SHA-256 of the text: all that is kept of a token.
    ///
    /// It needs no salt, since 256 random bits cannot be guessed.
    package var digest: Hash256 { SHA256.hash(text.span) }

    /// The token itself, for its owner's eyes, once.
    package var revealed: String { String(repairing: text.span) }
}

extension Token: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// Never the token.
    package var description: String { "[redacted]" }

    /// Never the token.
    package var debugDescription: String { description }

    /// Without parts.
    package var customMirror: Mirror { Mirror(self, children: []) }
}
