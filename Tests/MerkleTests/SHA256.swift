import Bytes
import Merkle

/// A plain SHA-256 (FIPS 180-4), so that this module can be tested without any library.
enum SHA256: TreeHasher {
    static func hash(_ bytes: Span<UInt8>) -> Hash256 { digest([UInt8](copying: bytes)) }

    static func leaf(_ entry: Span<UInt8>) -> Hash256 { digest([0] + [UInt8](copying: entry)) }

    static func node(_ left: Hash256, _ right: Hash256) -> Hash256 {
        var bytes: [UInt8] = [1]
        left.append(to: &bytes)
        right.append(to: &bytes)
        return digest(bytes)
    }

    private static func digest(_ message: [UInt8]) -> Hash256 {
        var padded = message + [0x80]
        while padded.count % 64 != 56 { padded.append(0) }
        BigEndian.append(UInt64(message.count) * 8, to: &padded)
        var state: [UInt32] = [
            0x6a09_e667, 0xbb67_ae85, 0x3c6e_f372, 0xa54f_f53a, 0x510e_527f, 0x9b05_688c,
            0x1f83_d9ab, 0x5be0_cd19,
        ]
        for block in stride(from: 0, to: padded.count, by: 64) { compress(&state, padded, block) }
        var output: [UInt8] = []
        for word in state { BigEndian.append(word, to: &output) }
        return Hash256(output.span) ?? .zero
    }

    private static func compress(_ state: inout [UInt32], _ bytes: [UInt8], _ offset: Int) {
        var w = [UInt32](repeating: 0, count: 64)
        for i in 0..<16 { w[i] = BigEndian.uint32(bytes.span, at: offset + 4 * i) ?? 0 }
        for i in 16..<64 {
            let a = w[i - 15]
            let b = w[i - 2]
            let s0 = rotate(a, 7) ^ rotate(a, 18) ^ (a &>> 3)
            let s1 = rotate(b, 17) ^ rotate(b, 19) ^ (b &>> 10)
            w[i] = w[i - 16] &+ s0 &+ w[i - 7] &+ s1
        }
        var (a, b, c, d) = (state[0], state[1], state[2], state[3])
        var (e, f, g, h) = (state[4], state[5], state[6], state[7])
        for i in 0..<64 {
            let s1 = rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)
            let t1 = h &+ s1 &+ (e & f ^ ~e & g) &+ constants[i] &+ w[i]
            let s0 = rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)
            let t2 = s0 &+ (a & b ^ a & c ^ b & c)
            (h, g, f, e, d, c, b, a) = (g, f, e, d &+ t1, c, b, a, t1 &+ t2)
        }
        for (i, word) in [a, b, c, d, e, f, g, h].enumerated() { state[i] &+= word }
    }

    private static func rotate(_ word: UInt32, _ bits: UInt32) -> UInt32 {
        word &>> bits | word &<< (32 - bits)
    }

    /// The first 32 bits of the fractional parts of the cube roots of the first 64 primes.
    private static let constants: [UInt32] = {
        let primes = (2...311).filter { n in !(2..<n).contains { n % $0 == 0 } }
        return primes.map { prime in
            // The largest r with r^3 <= prime * 2^96, by bisection; the low 32 bits are wanted.
            var (low, high) = (0 as UInt64, 1 << 36 as UInt64)
            while high - low > 1 {
                let middle = (low + high) / 2
                if isCube(of: middle, atMost: UInt64(prime)) { low = middle } else { high = middle }
            }
            return UInt32(truncatingIfNeeded: low)
        }
    }()

    /// Whether r^3 <= n * 2^96.
    private static func isCube(of r: UInt64, atMost n: UInt64) -> Bool {
        let square = r.multipliedFullWidth(by: r)
        let low = square.low.multipliedFullWidth(by: r)
        let high = square.high * r + low.high
        return high < n << 32 || (high == n << 32 && low.low == 0)
    }
}
