/// Hexadecimal text, two digits a byte (RFC 4648 section 8).
package enum Hex {
    /// Appends two lower-case digits for every byte.
    package static func append(_ bytes: Span<UInt8>, to output: inout [UInt8]) {
        output.append(addingCapacity: bytes.count * 2) { write(bytes, to: &$0) }
    }

    /// Makes a string of two lower-case digits for every byte.
    package static func encode(_ bytes: Span<UInt8>) -> String {
        String(asciiCapacity: bytes.count * 2) { write(bytes, to: &$0) }
    }

    /// Reads lower-case digits; `nil` for an odd count, a capital or any other character.
    package static func decode(_ text: Span<UInt8>) -> [UInt8]? {
        decode(text, letterMask: 0)
    }

    /// Reads digits of either case; `nil` for an odd count or any other character.
    package static func decodeAnyCase(_ text: Span<UInt8>) -> [UInt8]? {
        decode(text, letterMask: 0x20)
    }

    @_lifetime(output: copy output)
    private static func write(_ bytes: Span<UInt8>, to output: inout OutputSpan<UInt8>) {
        var i = 0
        while i &+ 4 <= bytes.count {
            output.append(
                littleEndian: digits(of: UInt32(littleEndian: bytes.unaligned(i, as: UInt32.self)))
            )
            i &+= 4
        }
        while i < bytes.count {
            output.append(digit(bytes[i] >> 4))
            output.append(digit(bytes[i] & 15))
            i &+= 1
        }
    }

    /// Spreads four bytes into eight digits, all lanes at once, first byte lowest.
    private static func digits(of word: UInt32) -> UInt64 {
        var spread = UInt64(word)
        spread = (spread | spread << 16) & 0x0000_ffff_0000_ffff
        spread = (spread | spread << 8) & 0x00ff_00ff_00ff_00ff
        let nibbles = (spread >> 4 & 0x000f_000f_000f_000f) | (spread << 8 & 0x0f00_0f00_0f00_0f00)
        // Adding 6 carries into bit 4 exactly for 10...15, whose digits lie 39 beyond "9" + 1.
        let letters = (nibbles &+ 0x0606_0606_0606_0606) >> 4 & 0x0101_0101_0101_0101
        return nibbles &+ 0x3030_3030_3030_3030 &+ letters &* 39
    }

    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble &+ (nibble < 10 ? 48 : 87)
    }

    private static func decode(_ text: Span<UInt8>, letterMask: UInt8) -> [UInt8]? {
        guard text.count.isMultiple(of: 2) else { return nil }
        var bad: UInt8 = 0
        let bytes = [UInt8](capacity: text.count / 2) { output in
            var i = 0
            while i < text.count {
                let high = value(text[i], letterMask)
                let low = value(text[i &+ 1], letterMask)
                bad |= high | low
                output.append(high << 4 | low & 15)
                i &+= 2
            }
        }
        return bad < 16 ? bytes : nil
    }

    /// The digit's value, or 255.
    private static func value(_ character: UInt8, _ letterMask: UInt8) -> UInt8 {
        let number = character &- 48
        if number < 10 { return number }
        let letter = (character | letterMask) &- 97
        return letter < 6 ? letter &+ 10 : 255
    }
}
