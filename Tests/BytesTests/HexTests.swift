import Bytes
import Testing

@Suite("Hex")
struct HexTests {
    @Test("every length up to 100 round-trips and appends as it encodes")
    func roundTrip() {
        var chance = SeededGenerator(seed: 1)
        for count in 0...100 {
            let bytes = chance.bytes(count)
            let hex = Hex.encode(bytes.span)
            #expect(hex == bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined())
            #expect(text { Hex.append(bytes.span, to: &$0) } == hex)
            #expect(Hex.decode(hex.utf8Span.span) == bytes)
            #expect(Hex.decodeAnyCase(hex.uppercased().utf8Span.span) == bytes)
        }
    }

    @Test("every pair of characters is a byte or refused")
    func everyPair() {
        let lower = utf8("0123456789abcdef")
        for high in UInt8.min ... .max {
            for low in UInt8.min ... .max {
                let pair = [high, low]
                let isLower = lower.contains(high) && lower.contains(low)
                #expect((Hex.decode(pair.span) != nil) == isLower)
                let anyCase = UInt8(String(decoding: pair, as: UTF8.self), radix: 16)
                let isSigned = high == 43 || high == 45
                #expect(Hex.decodeAnyCase(pair.span)?.first == (isSigned ? nil : anyCase))
            }
        }
    }

    @Test("an odd count of digits is refused", arguments: ["a", "abc", "0123456789a"])
    func oddCount(text: String) {
        #expect(Hex.decode(text.utf8Span.span) == nil)
    }
}
