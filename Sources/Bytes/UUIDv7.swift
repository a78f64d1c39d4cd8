/// UUID version 7: sorted by the millisecond of its making, the rest random (RFC 9562 section 5.7).
package enum UUIDv7 {
    /// The random bytes one UUID takes, of which 74 bits are used.
    package static let randomCount = 10

    /// Appends the 36 characters of a UUID; `random` must be 10 bytes.
    ///
    /// Of `unixMilliseconds` the low 48 bits are used, enough until the year 10889.
    package static func append(
        unixMilliseconds: UInt64,
        random: Span<UInt8>,
        to output: inout [UInt8]
    ) {
        precondition(random.count == randomCount, "a UUID takes 10 random bytes")
        var bytes = InlineArray<16, UInt8>(repeating: 0)
        for i in 0..<6 {
            bytes[i] = UInt8(truncatingIfNeeded: unixMilliseconds >> UInt64(40 - 8 * i))
        }
        for i in 0..<10 { bytes[6 + i] = random[i] }
        bytes[6] = bytes[6] & 0x0f | 0x70
        bytes[8] = bytes[8] & 0x3f | 0x80
        let span = bytes.span
        Hex.append(span.extracting(0..<4), to: &output)
        for group in [4..<6, 6..<8, 8..<10, 10..<16] {
            output.append(45)
            Hex.append(span.extracting(group), to: &output)
        }
    }

    /// Makes the text of a UUID; `random` must be 10 bytes.
    package static func make(unixMilliseconds: UInt64, random: Span<UInt8>) -> String {
        var output: [UInt8] = []
        append(unixMilliseconds: unixMilliseconds, random: random, to: &output)
        return String(repairing: output.span)
    }
}
