import Bytes
import Testing

@Suite("Base64 as JOSE has it")
struct Base64URLTests {
    private func decode(_ text: String) -> [UInt8]? {
        Base64.decode(text.utf8Span.span, padding: .refused, alphabet: .url)
    }

    @Test("the example of RFC 7515 appendix C holds")
    func published() {
        let bytes: [UInt8] = [3, 236, 255, 224, 193]
        #expect(Base64.encodeURL(bytes.span) == "A-z_4ME")
        #expect(decode("A-z_4ME") == bytes)
    }

    @Test("bytes of every length come back, without padding")
    func roundTrip() {
        var chance = SeededGenerator(seed: 5)
        for count in 0...100 {
            let bytes = chance.bytes(count)
            let text = Base64.encodeURL(bytes.span)
            #expect(text.utf8.count == (count * 8 + 5) / 6)
            #expect(decode(text) == bytes)
            #expect(Base64.decode(text.utf8Span.span, padding: .optional, alphabet: .url) == bytes)
        }
    }

    @Test(
        "padding, the other alphabet, white space, stray bits and odd lengths are refused",
        arguments: [
            "=", "A===", "Zg==", "Zg=", "Zm8=", "Zm9v=", "Zm9vYg==", "A+z/4ME", "A-z_4M E", " Zg",
            "Zg\n", "Zh", "Zm9", "Z", "Zm9vY", "Z\u{0}", "Zé",
        ]
    )
    func refused(text: String) {
        #expect(decode(text) == nil)
    }
}
