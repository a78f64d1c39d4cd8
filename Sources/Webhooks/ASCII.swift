/// ASCII's letters without regard to case, as header names compare.
enum ASCII {
    static func lower(_ byte: UInt8) -> UInt8 {
        byte &- 0x41 < 26 ? byte | 0x20 : byte
    }

    /// Whether `text` is `lowerCase` but for the case of its letters.
    static func matches(_ text: Span<UInt8>, lowerCase: Span<UInt8>) -> Bool {
        guard text.count == lowerCase.count else { return false }
        for index in text.indices where lower(text[index]) != lowerCase[index] { return false }
        return true
    }

    /// Whether a byte stands in a URL as it is (RFC 3986 section 2.3).
    static func isUnreserved(_ byte: UInt8) -> Bool {
        lower(byte) &- 0x61 < 26 || byte &- 0x30 < 10 || [0x2d, 0x2e, 0x5f, 0x7e].contains(byte)
    }
}
