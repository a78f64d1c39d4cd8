import Bytes

/// What C2SP signed-note demands of texts and names.
enum NoteRules {
    /// The offset of the first byte that may not be in a note: no UTF-8, or a control character
    /// below U+0020 other than a line feed.
    static func firstForbidden(_ bytes: Span<UInt8>) -> Int? {
        var i = 0
        while i < bytes.count, bytes[i] >= 0x20 || bytes[i] == 10 { i &+= 1 }
        return UTF8Check.firstInvalid(bytes.extracting(..<i)) ?? (i < bytes.count ? i : nil)
    }

    /// Whether `name` may name a key: not empty, no space of any kind, no `+`, no control
    /// character.
    static func isKeyName(_ name: String) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy {
                $0.value >= 0x20 && $0 != "+" && !$0.properties.isWhitespace
            }
    }

    /// Reads a key name; `nil` if it may not be one.
    static func keyName(_ bytes: Span<UInt8>) -> String? {
        guard let name = String(utf8: bytes), isKeyName(name) else { return nil }
        return name
    }

    /// Whether two names are the same bytes; `==` also equates composed and decomposed letters.
    static func areSame(_ a: String, _ b: String) -> Bool {
        a.utf8Span.span.equals(b.utf8Span.span)
    }
}
