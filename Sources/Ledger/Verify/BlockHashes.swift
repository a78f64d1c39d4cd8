internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle

/// The hashes of up to 256 consecutive events, those of one level 0 tile: leaves, bodies and every
/// complete node above the leaves, all computed from the stored bytes, side by side.
struct BlockHashes {
    /// The block's first sequence, a multiple of 256.
    let base: UInt64
    /// Leaf hashes by place in the block; where there is no line, what the tile says.
    let leaves: [Hash256]
    /// Whether there is a line, by place in the block.
    let hasLine: [Bool]
    /// Digests of the body records by place in the block; `nil` where there is none.
    let bodies: [Hash256?]
    /// Complete nodes by height above the leaves; `nodes[0]` are the leaves.
    private let nodes: [[Hash256]]

    /// Hashes the events of `range`, all within one block; those before it are taken from the tile.
    init(_ snapshot: borrowing Snapshot, _ range: Range<UInt64>) throws {
        let base = range.lowerBound / UInt64(Tile.fullWidth) * UInt64(Tile.fullWidth)
        let count = Int(range.upperBound - base)
        let first = Int(range.lowerBound - base)
        var hasLine = [Bool](repeating: false, count: count)
        var hasBody = hasLine
        var lines: [Hash256] = []
        var records: [Hash256] = []
        do {
            var lineBatch = LaneBatch(capacity: count)
            var bodyBatch = LaneBatch(capacity: count)
            for place in first..<count {
                let sequence = base + UInt64(place)
                if let line = try snapshot.lineBytes(at: sequence) {
                    lineBatch.append(line)
                    hasLine[place] = true
                }
                if let body = try snapshot.body(at: sequence) {
                    bodyBatch.append(body)
                    hasBody[place] = true
                }
            }
            lineBatch.leaves(into: &lines)
            bodyBatch.hashes(into: &records)
        }
        var stored: [UInt8] = []
        if hasLine.contains(false) {
            stored =
                try snapshot.tile(level: 0, index: base / UInt64(Tile.fullWidth))
                .read { [UInt8](copying: $0) } ?? []
        }
        var lineHashes = lines.makeIterator()
        leaves = hasLine.indices.map { place in
            let computed = hasLine[place] ? lineHashes.next() : nil
            return computed ?? Hash256(stored.span, at: place * 32) ?? .zero
        }
        var bodyHashes = records.makeIterator()
        bodies = hasBody.map { $0 ? bodyHashes.next() : nil }
        nodes = Self.nodes(above: leaves)
        self.base = base
        self.hasLine = hasLine
    }

    private static func nodes(above leaves: [Hash256]) -> [[Hash256]] {
        var levels = [leaves]
        while let last = levels.last, last.count > 1 {
            levels.append(Lanes.nodes(Array(last.prefix(last.count / 2 * 2))))
        }
        return levels
    }

    /// The root of a full block.
    var root: Hash256? { leaves.count == Tile.fullWidth ? nodes[Tile.height][0] : nil }

    /// The root of the tree that ends with this block's first `count` events, `before` it the tree
    /// of the full blocks before.
    func root(count: Int, before: Frontier<SHA256>) -> Hash256 {
        var root: Hash256?
        for height in 0...Tile.height where count & (1 << height) != 0 {
            let peak = nodes[height][(count >> height) - 1]
            root = root.map { SHA256.node(peak, $0) } ?? peak
        }
        for peak in before.peaks.reversed() {
            root = root.map { SHA256.node(peak, $0) } ?? peak
        }
        return root ?? SHA256.emptyRoot
    }

    /// The root of a tile's 256 hashes.
    static func root(ofTile tile: Span<UInt8>) -> Hash256 {
        let hashes = (0..<tile.count / 32).compactMap { Hash256(tile, at: $0 * 32) }
        return nodes(above: hashes).last?.first ?? SHA256.emptyRoot
    }
}
