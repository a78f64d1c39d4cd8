import Bytes
import Testing

@Suite("Hash256")
struct Hash256Tests {
    let bytes = [UInt8](0..<32)

    @Test("32 bytes go in and come out unchanged")
    func roundTrip() throws {
        let made = Hash256(bytes.span)
        let hash = try #require(made)
        #expect(hash.withSpan { [UInt8](copying: $0) } == bytes)
        #expect(hash.bytes[31] == 31)
        #expect(
            hash.description == "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
        )
        #expect(Hash256(hex: hash.description.utf8Span.span) == hash)
        let base64 = hash.withSpan { Base64.encode($0) }
        #expect(Hash256(base64: base64.utf8Span.span) == hash)
        var output: [UInt8] = [7]
        hash.append(to: &output)
        #expect(output == [7] + bytes)
        #expect(Hash256(output.span, at: 1) == hash)
    }

    @Test("any other length is refused", arguments: [0, 31, 33, 64])
    func wrongLength(count: Int) {
        #expect(Hash256([UInt8](repeating: 0, count: count).span) == nil)
    }

    @Test("an offset that leaves fewer than 32 bytes is refused", arguments: [-1, 9, 40, Int.max])
    func wrongOffset(offset: Int) {
        #expect(Hash256([UInt8](repeating: 0, count: 40).span, at: offset) == nil)
    }

    @Test("hashes that differ in any one bit are not equal")
    func equality() throws {
        let made = Hash256(bytes.span)
        let hash = try #require(made)
        #expect(hash == hash)
        for bit in 0..<256 {
            var other = hash
            other.bytes[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(other != hash)
            #expect(Set([hash, other, hash]).count == 2)
        }
    }

    @Test("text of another length or alphabet is refused")
    func wrongText() {
        #expect(Hash256(hex: String(repeating: "A", count: 64).utf8Span.span) == nil)
        #expect(Hash256(hex: String(repeating: "a", count: 62).utf8Span.span) == nil)
        #expect(Hash256(base64: String(repeating: "A", count: 44).utf8Span.span) == nil)
        #expect(Hash256(base64: String(repeating: "A", count: 43).utf8Span.span) == nil)
    }
}
