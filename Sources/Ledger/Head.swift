internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle

/// The log's end as the writer needs it: enough to append without reading anything.
struct Head: Sendable {
    /// Leaf hash of the last line; zeros for an empty log.
    private(set) var lastLeaf = Hash256.zero
    /// When the last event was recorded.
    private(set) var lastTime = Timestamp.min
    private var frontier = Frontier<SHA256>()
    /// The hashes of the last, unfinished tile of each level.
    private(set) var tails: [[UInt8]] = []

    /// Events in the log.
    var size: UInt64 { frontier.size }
    /// RFC 6962 root of the whole log.
    var root: Hash256 { frontier.root }

    /// Appends a line's leaf hash.
    ///
    /// `full` is told of each tile that this fills: its level, its index and its 8,192 bytes.
    mutating func append(
        leaf: Hash256,
        time: Timestamp,
        full: (_ level: Int, _ index: UInt64, _ tile: [UInt8]) throws -> Void
    ) throws {
        try frontier.append(leaf) { height, index, hash in
            guard height % Tile.height == 0 else { return }
            let level = height / Tile.height
            if tails.count == level { tails.append([]) }
            hash.append(to: &tails[level])
            if tails[level].count == Tile.fullWidth * 32 {
                try full(level, index >> UInt64(Tile.height), tails[level])
                tails[level].removeAll(keepingCapacity: true)
            }
        }
        lastLeaf = leaf
        lastTime = time
    }

    /// The index of the unfinished tile of `level`.
    func tailIndex(level: Int) -> UInt64 { size >> UInt64(Tile.height * (level + 1)) }

    /// Reads the head from the stored lines and tiles.
    init<T: Transaction & ~Copyable>(_ store: Store, in transaction: borrowing T) throws {
        guard let last = try transaction.lastKey(in: store.lines) else { return }
        guard last != .max, try transaction.count(of: store.lines) == last + 1 else {
            throw LedgerError.damaged(
                "lines are missing before event \(last), or it has no place there; "
                    + "run \"daybook verify\""
            )
        }
        guard let bytes = try transaction.value(for: last, in: store.lines),
            let time = Line(bytes).recordedTime
        else {
            throw LedgerError.damaged("line \(last) cannot be read; run \"daybook verify\"")
        }
        lastLeaf = SHA256.leaf(bytes)
        lastTime = time
        let size = last + 1
        frontier = try Frontier(size: size) { level, index throws(any Error) in
            try store.node(level: level, index: index, in: transaction)
        }
        var level = 0
        while size >> UInt64(Tile.height * level) > 0 {
            let width = Int(size >> UInt64(Tile.height * level)) % Tile.fullWidth
            var tail: [UInt8] = []
            if width > 0 {
                let tile = try store.tile(level: level, index: tailIndex(level: level), transaction)
                tail = [UInt8](copying: tile.extracting(0..<width * 32))
            }
            tails.append(tail)
            level += 1
        }
    }
}

extension Store {
    /// A stored tile; one that is missing is damage.
    @_lifetime(borrow transaction)
    func tile<T: Transaction & ~Copyable>(
        level: Int,
        index: UInt64,
        _ transaction: borrowing T
    ) throws -> Span<UInt8> {
        guard
            let tile = try transaction.value(
                for: TileKey.encode(level: level, index: index),
                in: tiles
            )
        else {
            throw LedgerError.damaged(
                "tile \(level)/\(index) is missing; run \"daybook verify\""
            )
        }
        return tile
    }

    /// The hash of a complete node of the tree: stored for every eighth level, computed from the
    /// tile below for the others.
    func node<T: Transaction & ~Copyable>(
        level: Int,
        index: UInt64,
        in transaction: borrowing T
    ) throws -> Hash256 {
        let count = 1 << (level % Tile.height)
        let first = index << UInt64(level % Tile.height)
        let tile = try tile(
            level: level / Tile.height,
            index: first >> UInt64(Tile.height),
            transaction
        )
        var frontier = Frontier<SHA256>()
        let slot = Int(first % UInt64(Tile.fullWidth))
        for slot in slot..<slot + count {
            guard let hash = Hash256(tile, at: slot * 32) else {
                throw LedgerError.damaged(
                    "tile \(level / Tile.height)/\(first >> UInt64(Tile.height)) is too short; "
                        + "run \"daybook verify\""
                )
            }
            frontier.append(hash)
        }
        return frontier.root
    }
}
