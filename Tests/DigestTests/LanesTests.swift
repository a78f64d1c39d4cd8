import Bytes
import Digest
import Testing

/// The widths this processor has: all but the last are otherwise only run on other machines.
private let widths = [16, 8, 1].filter { $0 <= Lanes.width }

@Suite("lanes")
struct LanesTests {
    /// Hashes parts of `bytes` in lanes, and one after the other.
    private func compare(_ bytes: [UInt8], _ ranges: [Range<Int>], width: Int) {
        let source = bytes.span
        var batch = LaneBatch(width: width)
        for range in ranges { batch.append(source.extracting(range)) }
        var hashes: [Hash256] = []
        batch.hashes(into: &hashes)
        #expect(hashes == ranges.map { SHA256.hash(Array(bytes[$0])) })
        batch.leaves(into: &hashes)
        #expect(hashes == ranges.map { SHA256.leaf(Array(bytes[$0])) })
    }

    @Test("every length up to 1100 hashes as one after the other does", arguments: widths)
    func everyLength(width: Int) {
        let bytes = noise(1500)
        compare(bytes, (0...1100).map { $0 / 3..<$0 / 3 + $0 }, width: width)
        compare(bytes, (0...1100).reversed().map { 400..<400 + $0 }, width: width)
    }

    @Test("batches of every size up to 50 hash right", arguments: widths)
    func everyCount(width: Int) {
        let bytes = noise(4000)
        for count in 0...50 {
            compare(bytes, (0..<count).map { i in i * 7..<i * 7 + 64 }, width: width)
        }
    }

    @Test("one long message among short ones hashes right", arguments: widths)
    func mixed(width: Int) {
        let bytes = noise(100_000)
        var ranges = noise(200, seed: 3).map { 0..<Int($0) * 9 }
        ranges.insert(0..<100_000, at: 5)
        ranges.append(1..<70_000)
        compare(bytes, ranges, width: width)
    }

    @Test("leaves of one buffer are hashed in order, and earlier results replaced")
    func leaves() {
        let bytes = noise(2000)
        let ranges = (0..<40).map { $0 * 50..<($0 + 1) * 50 }
        for held in [0, 7, 100] {
            var hashes = [Hash256](repeating: .zero, count: held)
            Lanes.leaves(of: bytes.span, ranges: ranges, into: &hashes)
            #expect(hashes == ranges.map { SHA256.leaf(Array(bytes[$0])) })
        }
    }

    @Test("nodes are the hashes of pairs", arguments: [0, 2, 4, 32, 34, 512])
    func nodes(count: Int) {
        let children = (0..<count).map { SHA256.hash(noise(8, seed: UInt64($0))) }
        let parents = stride(from: 0, to: count, by: 2).map {
            SHA256.node(children[$0], children[$0 + 1])
        }
        #expect(Lanes.nodes(children) == parents)
    }
}
