import Bytes
import Testing

@Suite("Spans")
struct SpanTests {
    @Test("order, equality and prefixes are those of byte arrays, wherever the difference lies")
    func compare() {
        var chance = SeededGenerator(seed: 5)
        for length in 0...40 {
            let a = chance.bytes(length)
            #expect([UInt8](copying: a.span) == a)
            check(a, a)
            #expect(a.span.compare(a.span) == 0)
            for i in 0..<length {
                var b = a
                b[i] ^= UInt8.random(in: 1 ... .max, using: &chance)
                check(a, b)
                check(a, Array(a[..<i]))
                check(a, Array(b[...i]))
            }
        }
    }

    private func check(_ a: [UInt8], _ b: [UInt8]) {
        #expect(a.span.equals(b.span) == (a == b))
        #expect(a.span.precedes(b.span) == a.lexicographicallyPrecedes(b))
        #expect(b.span.precedes(a.span) == b.lexicographicallyPrecedes(a))
        #expect(a.span.compare(b.span).signum() == -b.span.compare(a.span).signum())
        #expect(a.span.hasPrefix(b.span) == a.starts(with: b))
        #expect(a.span.hasSuffix(b.span) == a.reversed().starts(with: b.reversed()))
    }

    @Test("the first of several equal bytes is found, from any start")
    func firstIndex() {
        var chance = SeededGenerator(seed: 6)
        for length in 0...40 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...3, using: &chance) }
            for start in 0...(length + 1) {
                for byte: UInt8 in 0...4 {
                    let expected = start <= length ? bytes[start...].firstIndex(of: byte) : nil
                    #expect(bytes.span.firstIndex(of: byte, from: start) == expected)
                }
            }
        }
        #expect([0x80, 0x01, 0x00].span.firstIndex(of: 0) == 2)
    }

    @Test("literals compare and append as their bytes")
    func literals() {
        let bytes = utf8("POST /hooks")
        #expect(bytes.span.hasPrefix(ascii: "POST ") == true)
        #expect(bytes.span.hasPrefix(ascii: "POST  ") == false)
        #expect(bytes.span.equals(ascii: "POST /hooks") == true)
        #expect(bytes.span.equals(ascii: "POST /hook") == false)
        #expect(
            text {
                $0.append(ascii: "ab"); $0.append(ascii: ""); $0.append(span: bytes.span)
            } == "abPOST /hooks"
        )
    }

    @Test("bytes become a string only if they are UTF-8")
    func strings() {
        #expect(String(utf8: utf8("héllo 😀").span) == "héllo 😀")
        #expect(String(utf8: [0xff, 65].span) == nil)
        #expect(String(repairing: [0xff, 65].span) == "\u{fffd}A")
        let cases: [(bytes: [UInt8], isValid: Bool)] = [
            ([], true), ([0x00], true), ([0xc0, 0x80], false), ([0xed, 0xa0, 0x80], false),
            ([0xf4, 0x90, 0x80, 0x80], false), ([0xe2, 0x82], false), ([0xe2, 0x82, 0xac], true),
        ]
        for (bytes, isValid) in cases {
            #expect(UTF8Check.isValid(bytes.span) == isValid)
            let prefixed = [65, 66] + bytes
            #expect(UTF8Check.firstInvalid(prefixed.span) == (isValid ? nil : 2))
        }
    }
}
