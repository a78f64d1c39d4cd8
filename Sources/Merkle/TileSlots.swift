/// Where a node of the full binary tree lies in tiles: the run of slots that it covers.
///
/// One slot holds the node itself; a longer run, always a power of two, is hashed together.
package struct TileSlots: Hashable, Sendable {
    /// The tile level.
    package let level: Int
    /// The tile's place on its level.
    package let index: UInt64
    /// The first slot, 0 to 255.
    package let first: Int
    /// The number of slots, a power of two from 1 to 128.
    package let count: Int

    /// The slots that the node of tree level `level`, 0 to 63, and place `index` covers.
    package init(nodeLevel level: Int, index: UInt64) {
        precondition((0...63).contains(level), "a tree has levels 0 to 63")
        let (tileLevel, depth) = level.quotientAndRemainder(dividingBy: Tile.height)
        let perTile = UInt64(Tile.height - depth)
        self.level = tileLevel
        self.index = index >> perTile
        first = Int(index & (1 << perTile - 1)) << depth
        count = 1 << depth
    }

    /// The narrowest tile that has all the slots.
    package var tile: Tile? {
        Tile(level: level, index: index, width: first + count)
    }
}
