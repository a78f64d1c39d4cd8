internal import Bytes
package import LMDB
internal import Merkle

/// The log as it stood at one moment.
///
/// What it lends out cannot outlive it.
package struct Snapshot: ~Copyable {
    let transaction: ReadTransaction
    let store: Store

    init(_ transaction: consuming ReadTransaction, _ store: Store) {
        self.transaction = transaction
        self.store = store
    }

    /// Events in the log.
    package var size: UInt64 {
        get throws(LMDBError) {
            // A line under the greatest key of all is damage; to count it must not be a crash.
            try transaction.lastKey(in: store.lines).map { $0 == .max ? $0 : $0 + 1 } ?? 0
        }
    }

    /// The line at a sequence; `nil` beyond the end.
    @_lifetime(borrow self)
    package func line(at sequence: UInt64) throws(LMDBError) -> Line? {
        guard let bytes = try lineBytes(at: sequence) else { return nil }
        return Line(bytes)
    }

    /// The bytes of the line at a sequence, unread.
    @_lifetime(borrow self)
    func lineBytes(at sequence: UInt64) throws(LMDBError) -> Span<UInt8>? {
        try transaction.value(for: sequence, in: store.lines)
    }

    /// The body record of an event; `nil` if it has none or was erased.
    @_lifetime(borrow self)
    package func body(at sequence: UInt64) throws(LMDBError) -> Span<UInt8>? {
        try transaction.value(for: sequence, in: store.bodies)
    }

    /// The event that tells of the erasure of an event's body; `nil` if it was not erased.
    package func erasure(of sequence: UInt64) throws(LMDBError) -> UInt64? {
        guard let erasures = store.erasures else { return nil }
        return try transaction.value(for: sequence, in: erasures).read {
            ErasureRecord.event($0)
        }
    }

    /// What was kept of an erased body for projections; `nil` if nothing was, or it was not erased.
    @_lifetime(borrow self)
    package func keptBody(at sequence: UInt64) throws(LMDBError) -> Span<UInt8>? {
        guard let erasures = store.erasures,
            let record = try transaction.value(for: sequence, in: erasures),
            record.count > ErasureRecord.headerSize
        else { return nil }
        return record.extracting(droppingFirst: ErasureRecord.headerSize)
    }

    /// The newest checkpoint's signed note; `nil` for an empty log.
    @_lifetime(borrow self)
    package func latestCheckpoint() throws(LMDBError) -> Span<UInt8>? {
        guard let size = try transaction.lastKey(in: store.checkpoints) else { return nil }
        return try transaction.value(for: size, in: store.checkpoints)
    }

    /// The signed note for a tree size; `nil` if no commit ended there.
    @_lifetime(borrow self)
    package func checkpoint(size: UInt64) throws(LMDBError) -> Span<UInt8>? {
        try transaction.value(for: size, in: store.checkpoints)
    }

    /// The hashes of a tile as stored (for the last tile of a level, as many as there are).
    @_lifetime(borrow self)
    package func tile(level: Int, index: UInt64) throws(LMDBError) -> Span<UInt8>? {
        guard level < 8, index < 1 << 56 else { return nil }
        return try transaction.value(
            for: TileKey.encode(level: level, index: index),
            in: store.tiles
        )
    }

    /// The event that first had an id within its source; `nil` if there is none.
    package func sequence(source: String, id: String) throws(LMDBError) -> UInt64? {
        try sequence(ofKey: IDKey.hash(source.utf8Span.span, id.utf8Span.span))
    }

    /// The same by the key of the `ids` database.
    func sequence(ofKey key: Hash256) throws(LMDBError) -> UInt64? {
        try key.withSpan { key throws(LMDBError) in
            try transaction.value(for: key, in: store.ids).read { IDKey.sequence($0) }
        }
    }

    /// Calls `body` with each line from `first` on, in order, until it says `false`.
    package func forEachLine(
        from first: UInt64,
        _ body: (_ sequence: UInt64, _ line: Line) throws -> Bool
    ) throws {
        var cursor = try transaction.cursor(over: store.lines, from: first)
        while try cursor.next() {
            guard let sequence = cursor.key else { break }
            if try !body(sequence, Line(cursor.value)) { break }
        }
    }

    /// The vkey that signs the next checkpoint.
    package var currentKey: String? {
        get throws(LMDBError) { try store.text(.key, in: transaction) }
    }
}
