import Bytes
import Merkle
import Testing

@Suite("Tiles")
struct TileTests {
    struct Vectors: Decodable, Sendable {
        struct Path: Decodable, Sendable {
            var kind: String
            var index: UInt64
            var partialWidth: Int
            var path: String
        }
        struct BadPath: Decodable, Sendable {
            var level: String
            var index: String
        }
        struct Layout: Decodable, Sendable {
            struct Level: Decodable, Sendable {
                var level: Int
                var fullTiles: UInt64
                var partialWidth: Int
            }
            var treeSize: UInt64
            var levels: [Level]
        }
        struct Tree: Decodable, Sendable {
            struct Tile: Decodable, Sendable {
                var path: String
                var bytes: Int
                var sha256: String?
                var hex: String?
            }
            var rootB64: String
            var tiles: [Tile]
        }
        var paths: [Path]
        var badPaths: [BadPath]
        var layout: [Layout]
        var tree300: Tree
    }

    static let vectors: Vectors = fixture("tiles")

    @Test("published paths are read and written", arguments: vectors.paths)
    func paths(vector: Vectors.Path) throws {
        let width = vector.partialWidth == 0 ? Tile.fullWidth : vector.partialWidth
        let tile = try #require(
            Tile(level: Int(vector.kind) ?? 0, index: vector.index, width: width)
        )
        let path = vector.kind == "entries" ? TilePath.entries(tile) : TilePath.hashes(tile)
        #expect(path.text == vector.path)
        #expect(TilePath(vector.path) == path)
        #expect(path.tile == tile)
    }

    @Test("published bad paths are refused", arguments: vectors.badPaths)
    func badPaths(vector: Vectors.BadPath) {
        #expect(TilePath("tile/\(vector.level)/\(vector.index)") == nil)
        #expect(vector.level != "0" || TilePath("tile/entries/\(vector.index)") == nil)
    }

    @Test(
        "a second spelling of a path is refused",
        arguments: [
            "", "tile", "tile/", "tile/0", "tile/0/", "/tile/0/000", "tile/0/000/", "tile/00/000",
            "tile/01/000", "tile/+1/000", "tile//000", "tile/0/x000/001", "tile/0/0", "tile/0/0000",
            "tile/0/001/002", "tile/0/X001/002", "tile/0/000.p/0", "tile/0/000.p/01",
            "tile/0/000.p/256",
            "tile/0/000.p/-1", "tile/0/000.p/1/", "tile/0/000.P/1", "tile/entries",
            "tile/entry/000",
            "Tile/0/000", "tile/0/x018/x446/x744/x073/x709/x551/616", "tile/data/000", "checkpoint",
        ]
    )
    func secondSpellings(path: String) {
        #expect(TilePath(path) == nil)
    }

    @Test("every index has one path, up to the largest")
    func pathRoundTrip() throws {
        #expect(TilePath("tile/7/x018/x446/x744/x073/x709/x551/615")?.tile.index == .max)
        var chance = SeededGenerator(seed: 2)
        for _ in 0..<500 {
            let index = chance.next() >> UInt64.random(in: 0..<64, using: &chance)
            let width = Int.random(in: 1...256, using: &chance)
            let level = Int.random(in: 0...63, using: &chance)
            let tile = try #require(Tile(level: level, index: index, width: width))
            #expect(TilePath(TilePath.hashes(tile).text) == .hashes(tile))
        }
    }

    @Test("a tree of each size has the published tiles", arguments: vectors.layout)
    func layout(vector: Vectors.Layout) {
        let rows = TileRow.rows(size: vector.treeSize)
        #expect(rows.map(\.level) == vector.levels.map(\.level))
        #expect(rows.map(\.fullTiles) == vector.levels.map(\.fullTiles))
        #expect(rows.map(\.partialWidth) == vector.levels.map(\.partialWidth))
        for row in rows {
            let last = Tile(level: row.level, index: row.fullTiles, size: vector.treeSize)
            #expect((last?.width ?? 0) == row.partialWidth)
            #expect(Tile(level: row.level, index: row.fullTiles + 1, size: vector.treeSize) == nil)
            guard row.fullTiles > 0 else { continue }
            let full = Tile(level: row.level, index: row.fullTiles - 1, size: vector.treeSize)
            #expect(full?.isFull == true)
        }
    }

    @Test("no tree has a tile on a level that no path can name, and the empty tree has none")
    func noTiles() {
        #expect(TileRow.rows(size: 0).isEmpty)
        #expect(TileRow.rows(size: .max).count == 8)
        #expect(Tile(level: 8, index: 0, size: .max) == nil)
        #expect(Tile(level: -1, index: 0, size: 5) == nil)
        #expect(Tile(level: 64, index: 0, width: 1) == nil)
        #expect(Tile(level: 0, index: 0, width: 0) == nil)
        #expect(Tile(level: 0, index: 0, width: 257) == nil)
    }

    @Test("the tree of 300 leaves has the published root and tile contents")
    func tree300() throws {
        let tree = StoredTree<SHA256>.records(300)
        #expect(tree.root(300) == hash(base64: Self.vectors.tree300.rootB64))
        for vector in Self.vectors.tree300.tiles {
            let tile = try #require(TilePath(vector.path)?.tile)
            let content = tree.tile(tile)
            #expect(tile.byteCount == vector.bytes)
            #expect(content.count == vector.bytes)
            if let digest = vector.sha256 {
                #expect(SHA256.hash(content.span).description == digest)
            }
            if let hex = vector.hex { #expect(Hex.encode(content.span) == hex) }
            #expect(Tile(level: tile.level, index: tile.index, size: 300) == tile)
        }
    }
}
