import Bytes
import Testing

@Suite("Decimal")
struct DecimalTests {
    static let samples: [UInt64] = {
        var chance = SeededGenerator(seed: 3)
        var powers: [UInt64] = [0, .max]
        var power: UInt64 = 1
        for _ in 0..<20 {
            powers += [power &- 1, power, power &+ 1]
            power &*= 10
        }
        return powers + (0..<500).map { chance.next() >> UInt64($0 % 64) }
    }()

    @Test("a number is written as Swift writes it and read back")
    func roundTrip() {
        for value in Self.samples {
            let plain = text { Decimal.append(value, to: &$0) }
            #expect(plain == String(value))
            #expect(Decimal.parse(plain.utf8Span.span) == value)
            let padded = text {
                Decimal.appendPadded(value, digits: Decimal.sequenceDigits, to: &$0)
            }
            #expect(padded == String(repeating: "0", count: 20 - plain.count) + plain)
            #expect(padded == Decimal.padded(value, digits: 20))
            #expect(Decimal.parsePadded(padded.utf8Span.span, digits: 20) == value)
        }
    }

    @Test(
        "a text that is not the one for its number is refused",
        arguments: [
            "", "00", "01", "+1", "-0", " 1", "1 ", "1.0", "1e3", "0x1", "18446744073709551616",
            "99999999999999999999", "184467440737095516150", "１",
        ]
    )
    func refused(text: String) {
        #expect(Decimal.parse(text.utf8Span.span) == nil)
    }

    @Test("a padded number has exactly its digits and fits 64 bits")
    func padded() {
        #expect(Decimal.parsePadded("007".utf8Span.span, digits: 3) == 7)
        #expect(Decimal.parsePadded("007".utf8Span.span, digits: 4) == nil)
        #expect(Decimal.parsePadded("0x7".utf8Span.span, digits: 3) == nil)
        #expect(Decimal.parsePadded("".utf8Span.span, digits: 0) == nil)
        #expect(Decimal.parsePadded("99999999999999999999".utf8Span.span, digits: 20) == nil)
        #expect(text { Decimal.appendPadded(1234, digits: 2, to: &$0) } == "1234")
        #expect(text { Decimal.appendPadded(0, digits: 0, to: &$0) } == "0")
    }
}
