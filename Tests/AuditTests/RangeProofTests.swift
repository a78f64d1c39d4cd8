import Audit
import Bytes
import DaybookTesting
import Digest
import Ledger
import Merkle
import Testing

@Suite struct RangeProofTests {
    private static func leaf(_ index: UInt64) -> Hash256 {
        let bytes = Array("leaf \(index)".utf8)
        return SHA256.leaf(bytes.span)
    }

    /// The root by definition (RFC 6962 section 2.1).
    private static func root(_ range: Range<UInt64>) -> Hash256 {
        if range.count == 1 { return leaf(range.lowerBound) }
        var k: UInt64 = 1
        while k * 2 < UInt64(range.count) { k *= 2 }
        let middle = range.lowerBound + k
        return SHA256.node(
            root(range.lowerBound..<middle),
            root(middle..<range.upperBound)
        )
    }

    private static func hashes(_ included: SequenceRanges, _ size: UInt64) -> [Hash256] {
        RangeProof.hashes(for: included, size: size) { root($0..<$0 + $1) }
    }

    private static func leaves(_ included: SequenceRanges) -> [Hash256] {
        var leaves: [Hash256] = []
        included.forEach { leaves.append(leaf($0)) }
        return leaves
    }

    private static func walk(
        _ included: SequenceRanges,
        _ leaves: [Hash256],
        _ size: UInt64,
        _ hashes: [Hash256]
    ) throws(ProofError) -> Hash256 {
        try RangeProof.root(
            included: included,
            leaves: leaves,
            size: size,
            hashes: hashes,
            using: SHA256.self
        )
    }

    @Test(
        "every set of leaves of every small tree gives the root, and its complement's hashes none"
    )
    func exhaustive() throws {
        for size in UInt64(1)...9 {
            let root = Self.root(0..<size)
            for set in 0..<(UInt64(1) << size) {
                var included = SequenceRanges()
                for index in 0..<size where set >> index & 1 == 1 { included.append(index) }
                let hashes = Self.hashes(included, size)
                let found = try Self.walk(included, Self.leaves(included), size, hashes)
                #expect(found == root, "size \(size), set \(set)")
                if set == 0 { #expect(hashes == [root]) }
                if set == (1 << size) - 1 { #expect(hashes.isEmpty) }
            }
        }
    }

    @Test("random ranges of larger trees give the root", arguments: 0..<40 as Range<UInt64>)
    func random(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let size = UInt64.random(in: 10...700, using: &chance)
        var ranges: [Range<UInt64>] = []
        for _ in 0..<Int.random(in: 1...6, using: &chance) {
            let start = UInt64.random(in: 0..<size, using: &chance)
            let end = UInt64.random(in: start..<min(size, start + 90), using: &chance) + 1
            ranges.append(start..<end)
        }
        let included = SequenceRanges(ranges)
        let hashes = Self.hashes(included, size)
        #expect(try Self.walk(included, Self.leaves(included), size, hashes) == Self.root(0..<size))
    }

    @Test("a single line's proof has as many hashes as its inclusion path")
    func single() {
        for index in UInt64(0)..<300 {
            let proof = MerkleTree<SHA256>.inclusionProof(index: index, size: 300) { level, place in
                Self.root(place << UInt64(level)..<(place + 1) << UInt64(level))
            }
            let hashes = Self.hashes(SequenceRanges([index..<index + 1]), 300)
            #expect(Set(hashes) == Set(proof?.path ?? []))
        }
    }

    @Test("a hash or leaf too many, too few or changed is found out")
    func damaged() throws {
        let included = SequenceRanges([3..<7, 40..<41, 99..<100])
        let leaves = Self.leaves(included)
        let hashes = Self.hashes(included, 100)
        let root = Self.root(0..<100)
        for place in hashes.indices {
            var changed = hashes
            changed[place] = Self.leaf(0)
            #expect(try Self.walk(included, leaves, 100, changed) != root)
            var fewer = hashes
            fewer.remove(at: place)
            #expect((try? Self.walk(included, leaves, 100, fewer)) != root)
            var more = hashes
            more.insert(Self.leaf(1), at: place)
            #expect(throws: ProofError.self) { try Self.walk(included, leaves, 100, more) }
        }
        for place in leaves.indices {
            var changed = leaves
            changed[place] = Self.leaf(0)
            #expect(try Self.walk(included, changed, 100, hashes) != root)
        }
        let fewer = Array(leaves.dropLast())
        #expect(throws: ProofError.self) { try Self.walk(included, fewer, 100, hashes) }
        #expect(throws: ProofError.self) {
            try Self.walk(included, leaves + leaves, 100, hashes)
        }
        #expect(throws: ProofError.self) { try Self.walk(included, leaves, 50, hashes) }
    }

    @Test("sets of sequences are the same however they were put together")
    func sets() {
        let joined = SequenceRanges([5..<9, 0..<2, 2..<3, 8..<12, 20..<20])
        #expect(joined.ranges == [0..<3, 5..<12])
        #expect(joined.count == 10)
        #expect((0..<14).map { joined.contains($0) } == (0..<14).map { $0 < 3 || (5..<12) ~= $0 })
        #expect(joined.contains(5..<12) && !joined.contains(4..<6) && !joined.contains(11..<13))
        #expect(String(decoding: joined.json, as: UTF8.self) == "[[0,3],[5,12]]")
        #expect(SequenceRanges().json == Array("[]".utf8))
        var one = SequenceRanges()
        for sequence in UInt64(3)...6 { one.append(sequence) }
        #expect(one.ranges == [3..<7])
    }
}
