/// Base64 text (RFC 4648 sections 4 and 5), read strictly: one text for one value.
package enum Base64 {
    /// Which 62nd and 63rd characters are meant.
    package enum Alphabet: Sendable {
        /// `+` and `/` (section 4).
        case standard
        /// `-` and `_` (section 5).
        case url
    }

    /// Whether `=` must fill the last group of four.
    package enum Padding: Sendable {
        /// The length is a multiple of four.
        case required
        /// Padding is right or absent.
        case optional
        /// There is none, as in JOSE (RFC 7515 section 2).
        case refused
    }

    /// Appends the text of `bytes` with padding.
    package static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        output.append(addingCapacity: length(bytes)) { write(bytes, to: &$0) }
    }

    /// Makes the text of `bytes` with padding.
    package static func encode(_ bytes: Span<UInt8>) -> String {
        String(asciiCapacity: length(bytes)) { write(bytes, to: &$0) }
    }

    /// Makes the text of `bytes` in the `url` alphabet without padding, as JOSE has it (RFC 7515
    /// section 2).
    package static func encodeURL(_ bytes: Span<UInt8>) -> String {
        let padding = (3 - bytes.count % 3) % 3
        return String(asciiCapacity: length(bytes)) { output in
            write(bytes, to: &output, alphabet: .url)
            output.removeLast(padding)
        }
    }

    /// Reads a text; `nil` for white space, a foreign character, wrong padding or stray last bits.
    package static func decode(
        _ text: Span<UInt8>,
        padding: Padding = .required,
        alphabet: Alphabet = .standard
    ) -> [UInt8]? {
        guard let digits = digitCount(text, padding) else { return nil }
        var bad: UInt8 = 0
        var last: UInt32 = 0
        let bytes = [UInt8](capacity: digits / 4 * 3 + 2) { output in
            var i = 0
            while i &+ 4 <= digits {
                let group = group(text, i, 4, alphabet, &bad)
                output.append(UInt8(truncatingIfNeeded: group >> 16))
                output.append(UInt8(truncatingIfNeeded: group >> 8))
                output.append(UInt8(truncatingIfNeeded: group))
                i &+= 4
            }
            guard i < digits else { return }
            last = group(text, i, digits &- i, alphabet, &bad)
            output.append(UInt8(truncatingIfNeeded: last >> 16))
            if digits &- i == 3 { output.append(UInt8(truncatingIfNeeded: last >> 8)) }
        }
        // Bits of the last group that no byte took must be zero, or two texts would mean the same.
        let strayBits: UInt32 = digits & 3 == 2 ? 0xffff : digits & 3 == 3 ? 0xff : 0
        return bad & 0x80 == 0 && last & strayBits == 0 ? bytes : nil
    }

    private static func length(_ bytes: Span<UInt8>) -> Int {
        (bytes.count + 2) / 3 * 4
    }

    /// The number of characters before the padding; `nil` if length or padding is wrong.
    private static func digitCount(_ text: Span<UInt8>, _ padding: Padding) -> Int? {
        var digits = text.count
        // Then a `=` is a foreign character like any other.
        if padding == .refused { return digits & 3 == 1 ? nil : digits }
        while digits > 0, text.count - digits < 2, text[digits - 1] == 61 { digits -= 1 }
        if digits < text.count || padding == .required {
            guard text.count.isMultiple(of: 4) else { return nil }
        }
        return digits & 3 == 1 ? nil : digits
    }

    /// Up to four characters as the high bits of 24; sets the top bit of `bad` for a foreign one.
    private static func group(
        _ text: Span<UInt8>,
        _ start: Int,
        _ count: Int,
        _ alphabet: Alphabet,
        _ bad: inout UInt8
    ) -> UInt32 {
        var bits: UInt32 = 0
        for i in 0..<count {
            let value = value(text[start &+ i], alphabet)
            bad |= value
            bits |= UInt32(value & 63) << UInt32(18 &- 6 &* i)
        }
        return bits
    }

    private static func value(_ character: UInt8, _ alphabet: Alphabet) -> UInt8 {
        switch character {
        case 65...90: character &- 65
        case 97...122: character &- 71
        case 48...57: character &+ 4
        case alphabet == .standard ? 43 : 45: 62
        case alphabet == .standard ? 47 : 95: 63
        default: 255
        }
    }

    @_lifetime(output: copy output)
    private static func write(
        _ bytes: Span<UInt8>,
        to output: inout OutputSpan<UInt8>,
        alphabet: Alphabet = .standard
    ) {
        var i = 0
        while i < bytes.count {
            let left = bytes.count &- i
            var group = UInt32(bytes[i]) << 16
            if left > 1 { group |= UInt32(bytes[i &+ 1]) << 8 }
            if left > 2 { group |= UInt32(bytes[i &+ 2]) }
            output.append(character(group >> 18, alphabet))
            output.append(character(group >> 12 & 63, alphabet))
            output.append(left > 1 ? character(group >> 6 & 63, alphabet) : 61)
            output.append(left > 2 ? character(group & 63, alphabet) : 61)
            i &+= 3
        }
    }

    private static func character(_ value: UInt32, _ alphabet: Alphabet) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: value)
        return switch value {
        case ..<26: value &+ 65
        case ..<52: value &+ 71
        case ..<62: value &- 4
        case 62: alphabet == .standard ? 43 : 45
        default: alphabet == .standard ? 47 : 95
        }
    }
}
