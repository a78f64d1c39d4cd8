/// Which part of a tree one tile holds (C2SP tlog-tiles).
///
/// A tile at tile level l holds up to 256 hashes of tree level 8 l; the seven tree levels between
/// are computed. Slot s of tile n covers leaves `(256 n + s) * 256^l` up to the next slot's.
package struct Tile: Hashable, Sendable {
    /// Tree levels from one tile level to the next.
    package static let height = 8
    /// The hashes of a full tile.
    package static let fullWidth = 256
    /// The highest level a path may name.
    package static let highestLevel = 63

    /// The tile level, 0 to 63.
    package let level: Int
    /// The place on the level, from 0.
    package let index: UInt64
    /// The hashes it holds, 1 to 256.
    package let width: Int

    /// `nil` if the level or the width is out of range.
    package init?(level: Int, index: UInt64, width: Int = fullWidth) {
        guard (0...Self.highestLevel).contains(level), (1...Self.fullWidth).contains(width) else {
            return nil
        }
        (self.level, self.index, self.width) = (level, index, width)
    }

    /// The tile as a tree of `size` leaves has it; `nil` if the tree is too small to have it.
    package init?(level: Int, index: UInt64, size: UInt64) {
        guard level >= 0 else { return nil }
        let slots = Self.slots(level: level, size: size)
        let (full, rest) = slots.quotientAndRemainder(dividingBy: UInt64(Self.fullWidth))
        guard index <= full else { return nil }
        self.init(level: level, index: index, width: index < full ? Self.fullWidth : Int(rest))
    }

    /// Whether all 256 hashes are there, so that the tile will never change.
    package var isFull: Bool { width == Self.fullWidth }

    /// The length of its content in bytes.
    package var byteCount: Int { width * 32 }

    /// The number of hashes that a tree of `size` leaves has on tile level `level`.
    package static func slots(level: Int, size: UInt64) -> UInt64 {
        size >> (level * height)
    }
}

/// The tiles that a tree has on one level.
package struct TileRow: Hashable, Sendable {
    /// The tile level.
    package let level: Int
    /// The number of full tiles; their indexes are 0 up to this.
    package let fullTiles: UInt64
    /// The width of the partial tile after them, 0 if there is none.
    package let partialWidth: Int

    /// The tiles of a tree of `size` leaves, level by level from 0; none for the empty tree.
    package static func rows(size: UInt64) -> [TileRow] {
        var rows: [TileRow] = []
        for level in 0...Tile.highestLevel {
            let slots = Tile.slots(level: level, size: size)
            guard slots > 0 else { break }
            rows.append(
                TileRow(level: level, fullTiles: slots >> 8, partialWidth: Int(slots & 255))
            )
        }
        return rows
    }
}
