import Bytes
import Merkle
import Testing

@Suite("Reading nodes from tiles")
struct TileReaderTests {
    /// Not a hash anyone should use, but quick enough for more than 256^2 leaves.
    enum Mix: TreeHasher {
        static func hash(_ bytes: Span<UInt8>) -> Hash256 { SHA256.hash(bytes) }
        static func leaf(_ entry: Span<UInt8>) -> Hash256 { SHA256.leaf(entry) }
        static func node(_ left: Hash256, _ right: Hash256) -> Hash256 {
            Hash256(bytes: (left.bytes &* 5) ^ (right.bytes &* 3) &+ left.bytes)
        }
    }

    static let leaves = (0..<256).map { leafHash("record \($0)") }
    static let tree = StoredTree<Mix>(
        (0..<70_000).map {
            var leaf = leaves[$0 % 256]
            for lane in 0..<3 { leaf.bytes[lane] = UInt8(truncatingIfNeeded: $0 >> (8 * lane)) }
            return leaf
        }
    )
    static let sizes = [1, 2, 255, 256, 257, 300, 511, 4_097, 65_535, 65_536, 65_537, 70_000]

    @Test("every node of the right edge and of random places is read", arguments: sizes)
    func nodes(size: Int) throws {
        var chance = SeededGenerator(seed: UInt64(size))
        var reader = TileReader<Mix>(size: UInt64(size))
        for level in 0..<17 where size >> level > 0 {
            let count = size >> level
            for index in [0, count - 1, Int.random(in: 0..<count, using: &chance)] {
                let node = try reader.node(level: level, index: UInt64(index), from: Self.tree.tile)
                #expect(node == Self.tree.levels[level][index])
            }
        }
        #expect(try reader.root(from: Self.tree.tile) == Self.tree.root(size))
    }

    @Test(
        "proofs from tiles are those from stored nodes, and no tile is read twice",
        arguments: sizes
    )
    func proofs(size: Int) throws {
        var read: Set<Tile> = []
        var reader = TileReader<Mix>(size: UInt64(size))
        let source: (Tile) -> [UInt8] = { tile in
            #expect(read.insert(tile).inserted)
            return Self.tree.tile(tile)
        }
        let index = size * 2 / 3
        let inclusion = try reader.inclusionProof(index: UInt64(index), from: source)
        #expect(try inclusion == Self.tree.inclusionProof(index, size))
        let consistency = try reader.consistencyProof(oldSize: UInt64(index), from: source)
        #expect(try consistency == Self.tree.consistencyProof(index, size))
        #expect(try reader.inclusionProof(index: UInt64(size), from: source) == nil)
        #expect(try reader.consistencyProof(oldSize: UInt64(size + 1), from: source) == nil)
    }

    @Test("a tile longer than asked for serves, a shorter one is an error")
    func tileLength() throws {
        let full = Self.tree.tile(try #require(Tile(level: 0, index: 0)))
        var reader = TileReader<Mix>(size: 100)
        #expect(try reader.root { _ in full } == Self.tree.root(100))
        var second = TileReader<Mix>(size: 100)
        let tile = try #require(Tile(level: 0, index: 0, width: 100))
        do throws(TileReadError<Never>) {
            _ = try second.node(level: 0, index: 0) { _ in Array(full[..<3_199]) }
            Issue.record("a tile of 3,199 bytes was accepted")
        } catch {
            guard case .tooShort(tile, 3_199) = error else {
                Issue.record("unexpected error: \(error)")
                return
            }
            #expect(error.description == "tile/0/000.p/100 has 3199 bytes, expected 3200")
        }
    }

    @Test("a node that is not complete is an error, whatever the tiles hold")
    func beyondSize() {
        var reader = TileReader<Mix>(size: 300)
        for (level, index) in [
            (0, 300), (1, 150), (8, 1), (9, 0), (63, 0), (64, 0), (-1, 0), (0, UInt64.max),
        ] as [(Int, UInt64)] {
            #expect(throws: TileReadError<Never>.self) {
                try reader.node(level: level, index: index, from: Self.tree.tile)
            }
        }
    }

    @Test("the slots of a node cover exactly its leaves")
    func slots() throws {
        var chance = SeededGenerator(seed: 4)
        for _ in 0..<500 {
            let level = Int.random(in: 0...63, using: &chance)
            let index = chance.next() >> UInt64(level)
            let slots = TileSlots(nodeLevel: level, index: index)
            // A slot of tile level t spans 2^(8t) leaves; in units of these:
            let first = slots.index * 256 + UInt64(slots.first)
            #expect(slots.first + slots.count <= 256)
            #expect(slots.first % slots.count == 0)
            #expect(first << UInt64(8 * slots.level) == index << UInt64(level))
            #expect(slots.count << (8 * slots.level) == 1 << level)
            #expect(slots.tile?.width == slots.first + slots.count)
        }
    }
}
