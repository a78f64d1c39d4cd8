import Bytes
import DaybookTesting
import Digest
import Service
import Testing

@Suite struct TokenTests {
    @Test("a token is dbk_ and 49 characters of base64url, and is read again as it was made")
    func form() throws {
        var chance = SeededChance(seed: 1)
        for _ in 0..<200 {
            let token = Token(
                random: (0..<32).map { _ in UInt8.random(in: 0...255, using: &chance) }
            )
            let text = token.revealed
            #expect(text.utf8.count == 53)
            #expect(text.hasPrefix("dbk_"))
            #expect(
                text.utf8.dropFirst(4).allSatisfy {
                    ($0 | 0x20) &- 0x61 < 26 || $0 &- 0x30 < 10 || $0 == 0x2D || $0 == 0x5F
                }
            )
            let bytes = Array(text.utf8)
            let again = Token(bytes.span)
            #expect(again?.revealed == text)
            #expect(again?.digest == SHA256.hash(bytes.span))
            #expect(again?.digest == token.digest)
        }
    }

    @Test("the form is pinned: a token made of known bytes")
    func golden() {
        let token = Token(random: Array(0..<32))
        #expect(token.revealed == "dbk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8ytDxng")
    }

    @Test("any one character changed, left out or added makes it no token")
    func damage() {
        let text = Array(Token(random: Array(100..<132)).revealed.utf8)
        for index in text.indices {
            for byte in [0x00, 0x2E, 0x41, 0x61, 0x7A, 0xFF] as [UInt8] where byte != text[index] {
                var damaged = text
                damaged[index] = byte
                #expect(Token(damaged.span) == nil, "\(index) as \(byte)")
            }
            var short = text
            short.remove(at: index)
            #expect(Token(short.span) == nil)
            var long = text
            long.insert(text[index], at: index)
            #expect(Token(long.span) == nil)
        }
    }

    @Test(
        "nothing else is a token",
        arguments: [
            "", "dbk_", "dbk", String(repeating: "a", count: 53),
            "dbk_" + String(repeating: "A", count: 49), "DBK_" + String(repeating: "A", count: 49),
            "sk_live_4eC39HqLyjWDarjtT1zdp7dc", String(repeating: "x", count: 100_000),
        ]
    )
    func others(text: String) {
        let bytes = Array(text.utf8)
        #expect(Token(bytes.span) == nil)
    }

    @Test("no way of printing a token prints it")
    func redaction() {
        let token = Token(random: Array(7..<39))
        var dumped = ""
        dump(token, to: &dumped)
        let secret = token.revealed.dropFirst(4).prefix(20)
        for text in ["\(token)", String(reflecting: token), dumped, "\([token])", "\((token, 1))"] {
            #expect(!text.contains(secret), "\(text)")
            #expect(!text.contains("dbk_"))
        }
        var nested = ""
        dump([token], to: &nested)
        #expect(!nested.contains("UInt8"))
        #expect(nested.contains("[redacted]"))
    }
}
