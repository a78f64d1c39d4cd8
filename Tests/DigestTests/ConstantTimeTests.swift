import Digest
import Testing

@Suite("constant-time comparison")
struct ConstantTimeTests {
    @Test("equal strings are equal", arguments: [0, 1, 31, 32, 100])
    func equal(count: Int) {
        #expect(areEqual(noise(count), noise(count)))
    }

    @Test("one flipped bit anywhere is noticed")
    func flipped() {
        let bytes = noise(32)
        for i in 0..<256 {
            var other = bytes
            other[i / 8] ^= 1 << (i % 8)
            #expect(!areEqual(bytes, other))
        }
    }

    @Test("a prefix is not equal")
    func lengths() {
        #expect(!areEqual(noise(32), noise(31)))
        #expect(!areEqual([], [0]))
    }
}
