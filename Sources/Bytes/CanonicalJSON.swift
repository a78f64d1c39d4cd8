/// The parts of RFC 8785 (JCS) text: strings, numbers and the order of keys.
package enum CanonicalJSON {
    /// Appends a quoted string with the escapes JCS asks for and no others.
    ///
    /// `utf8` must be UTF-8, which is not checked here: see `UTF8Check`.
    package static func appendString(_ utf8: Span<UInt8>, to output: inout [UInt8]) {
        output.reserve(adding: utf8.count + 2)
        output.append(34)
        var start = 0
        while true {
            let end = firstEscaped(utf8, from: start)
            output.append(span: utf8.extracting(start..<end))
            guard end < utf8.count else { break }
            appendEscape(utf8[end], to: &output)
            start = end + 1
        }
        output.append(34)
    }

    /// Appends a quoted string with the escapes JCS asks for and no others.
    package static func appendString(_ text: String, to output: inout [UInt8]) {
        appendString(text.utf8Span.span, to: &output)
    }

    /// Whether key `a` comes before key `b`: by UTF-16 code units, though both are UTF-8.
    package static func precedes(_ a: Span<UInt8>, _ b: Span<UInt8>) -> Bool {
        let i = a.firstDifference(from: b)
        guard i < a.count, i < b.count else { return a.count < b.count }
        // Bytes order as code units do, but for one case: characters from U+10000 (first byte F0
        // up) are surrogates D800...DFFF in UTF-16, so they come before U+E000...U+FFFF (EE, EF).
        guard a[i] >= 0xee, b[i] >= 0xee, (a[i] >= 0xf0) != (b[i] >= 0xf0) else {
            return a[i] < b[i]
        }
        return a[i] > b[i]
    }

    /// The offset of the first quote, backslash or control character from `start`, or the count.
    private static func firstEscaped(_ utf8: Span<UInt8>, from start: Int) -> Int {
        var i = start
        while i <= utf8.count &- 8 {
            let word = UInt64(littleEndian: utf8.unaligned(i, as: UInt64.self))
            let controls = (word &- 0x20 &* Lanes.low) & ~word & Lanes.high
            let quotes = Lanes.zeros(word ^ 34 &* Lanes.low)
            let backslashes = Lanes.zeros(word ^ 92 &* Lanes.low)
            // Each mark is exact up to its own lowest one, so the lowest of all is exact.
            let marks = controls | quotes | backslashes
            if marks != 0 { return i &+ marks.trailingZeroBitCount >> 3 }
            i &+= 8
        }
        while i < utf8.count, utf8[i] >= 0x20, utf8[i] != 34, utf8[i] != 92 { i &+= 1 }
        return i
    }

    private static func appendEscape(_ byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case 8: output.append(ascii: "\\b")
        case 9: output.append(ascii: "\\t")
        case 10: output.append(ascii: "\\n")
        case 12: output.append(ascii: "\\f")
        case 13: output.append(ascii: "\\r")
        case 34: output.append(ascii: "\\\"")
        case 92: output.append(ascii: "\\\\")
        default:
            output.append(ascii: "\\u00")
            Hex.append([byte].span, to: &output)
        }
    }
}

extension Array where Element == UInt8 {
    /// Makes room for `extra` more bytes and still grows by factors, as `reserveCapacity` does not.
    fileprivate mutating func reserve(adding extra: Int) {
        append(addingCapacity: extra) { _ in }
    }
}
