import Bytes
import Testing

@Suite("CRC-32 and UUID")
struct ChecksumTests {
    @Test(
        "published checksums hold",
        arguments: [
            ("", 0), ("a", 0xe8b7_be43), ("123456789", 0xcbf4_3926),
            ("The quick brown fox jumps over the lazy dog", 0x414f_a339),
        ] as [(String, UInt32)]
    )
    func published(text: String, expected: UInt32) {
        #expect(CRC32.checksum(text.utf8Span.span) == expected)
    }

    @Test("every length up to 100 agrees with the definition, bit by bit")
    func definition() {
        var chance = SeededGenerator(seed: 9)
        for count in 0...100 {
            let bytes = chance.bytes(count)
            var crc: UInt32 = .max
            for byte in bytes {
                crc ^= UInt32(byte)
                for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xedb8_8320 : crc >> 1 }
            }
            #expect(CRC32.checksum(bytes.span) == ~crc)
        }
    }

    @Test("the example of RFC 9562 appendix A.6 is made from its parts")
    func uuidExample() {
        let random: [UInt8] = [0x0c, 0xc3, 0x18, 0xc4, 0xdc, 0x0c, 0x0c, 0x07, 0x39, 0x8f]
        let made = UUIDv7.make(unixMilliseconds: 0x017F_22E2_79B0, random: random.span)
        #expect(made == "017f22e2-79b0-7cc3-98c4-dc0c0c07398f")
    }

    @Test("version and variant are set whatever the random bytes, and time sorts")
    func uuidShape() {
        var chance = SeededGenerator(seed: 10)
        var before = ""
        for time in stride(from: 1_700_000_000_000 as UInt64, to: 1_700_000_100_000, by: 997) {
            let uuid = UUIDv7.make(unixMilliseconds: time, random: chance.bytes(10).span)
            let characters = Array(uuid)
            #expect(characters.count == 36)
            #expect(characters[14] == "7")
            #expect("89ab".contains(characters[19]))
            #expect([8, 13, 18, 23].allSatisfy { characters[$0] == "-" })
            #expect(uuid > before)
            before = uuid
        }
    }
}
