package import Bytes

/// Why a node could not be read from tiles.
package enum TileReadError<SourceError: Error>: Error {
    /// The source failed.
    case source(SourceError)
    /// The source gave fewer bytes than the tile has.
    case tooShort(Tile, count: Int)
    /// The node is not complete in a tree of this size.
    case nodeBeyondSize(level: Int, index: UInt64, size: UInt64)
}

/// Yields the nodes of a tree of a given size from its tiles, each read once.
///
/// The tiles are believed: a proof that is made from false ones does not verify.
package struct TileReader<Hasher: TreeHasher> {
    /// Yields the content of a tile, which may go on beyond the width asked for.
    package typealias Source<E: Error> = (Tile) throws(E) -> [UInt8]

    /// The number of leaves.
    package let size: UInt64
    private var tiles: [Tile: [UInt8]] = [:]

    /// Reads a tree of `size` leaves.
    package init(size: UInt64) {
        self.size = size
    }

    /// The hash of a complete node; level 0 holds the leaves.
    package mutating func node<E: Error>(
        level: Int,
        index: UInt64,
        from source: Source<E>
    ) throws(TileReadError<E>) -> Hash256 {
        guard (0...63).contains(level), index < size >> UInt64(level) else {
            throw .nodeBeyondSize(level: level, index: index, size: size)
        }
        let slots = TileSlots(nodeLevel: level, index: index)
        guard let tile = Tile(level: slots.level, index: slots.index, size: size) else {
            throw .nodeBeyondSize(level: level, index: index, size: size)
        }
        if let bytes = tiles[tile] { return Self.root(of: slots, in: bytes) }
        let bytes: [UInt8]
        do throws(E) { bytes = try source(tile) } catch { throw .source(error) }
        guard bytes.count >= tile.byteCount else { throw .tooShort(tile, count: bytes.count) }
        tiles[tile] = bytes
        return Self.root(of: slots, in: bytes)
    }

    /// The root hash of the first `size` leaves, by default of all.
    package mutating func root<E: Error>(
        size: UInt64? = nil,
        from source: Source<E>
    ) throws(TileReadError<E>) -> Hash256 {
        try MerkleTree<Hasher>.root(size: size ?? self.size) {
            (level, index) throws(TileReadError<E>) in
            try node(level: level, index: index, from: source)
        }
    }

    /// Proves that leaf `index` is in the tree; `nil` if it is not.
    package mutating func inclusionProof<E: Error>(
        index: UInt64,
        from source: Source<E>
    ) throws(TileReadError<E>) -> InclusionProof? {
        try MerkleTree<Hasher>.inclusionProof(index: index, size: size) {
            (level, index) throws(TileReadError<E>) in
            try node(level: level, index: index, from: source)
        }
    }

    /// Proves that the tree begins with that of `oldSize` leaves; `nil` if that is larger.
    package mutating func consistencyProof<E: Error>(
        oldSize: UInt64,
        from source: Source<E>
    ) throws(TileReadError<E>) -> ConsistencyProof? {
        try MerkleTree<Hasher>.consistencyProof(oldSize: oldSize, newSize: size) {
            (level, index) throws(TileReadError<E>) in
            try node(level: level, index: index, from: source)
        }
    }

    /// Hashes a run of slots together; the content is known to be long enough.
    private static func root(of slots: TileSlots, in bytes: [UInt8]) -> Hash256 {
        var hashes = (slots.first..<(slots.first + slots.count)).map {
            Hash256(bytes.span, at: $0 * 32) ?? .zero
        }
        var count = slots.count
        while count > 1 {
            count /= 2
            for i in 0..<count { hashes[i] = Hasher.node(hashes[2 * i], hashes[2 * i + 1]) }
        }
        return hashes[0]
    }
}

extension TileReadError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .source(let error):
            "\(error)"
        case .tooShort(let tile, let count):
            "\(TilePath.hashes(tile).text) has \(count) bytes, expected \(tile.byteCount)"
        case .nodeBeyondSize(let level, let index, let size):
            "node \(index) of level \(level) is not complete in a tree of \(size) leaves"
        }
    }
}
