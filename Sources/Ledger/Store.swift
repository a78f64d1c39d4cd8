internal import Bytes
internal import LMDB
internal import POSIX

/// The log's databases in one LMDB environment (DESIGN 3.4).
package struct Store: Sendable {
    /// The version of everything this file describes.
    static let formatVersion = "1"

    let environment: Environment
    /// seq → line.
    let lines: Database
    /// seq → body record.
    let bodies: Database
    /// level ‖ index → hashes (see `TileKey`).
    let tiles: Database
    /// tree size → checkpoint note.
    let checkpoints: Database
    /// digest of source and id → seq, 8 bytes little-endian.
    let ids: Database
    /// seq of an event whose body was erased → see `ErasureRecord`; logs that nothing was erased
    /// from may lack it.
    let erasures: Database?
    /// What the log is: `version`, `origin`, `key`.
    let meta: Database

    /// Opens the environment in `folder`/log.
    init(folder: String, options: Environment.Options) throws(LMDBError) {
        environment = try Environment(path: "\(folder)/log", options: options)
        let databases = try environment.open([
            ("lines", .integer), ("bodies", .integer), ("tiles", .integer),
            ("checkpoints", .integer), ("ids", .bytes), ("meta", .bytes),
        ])
        lines = databases[0]
        bodies = databases[1]
        tiles = databases[2]
        checkpoints = databases[3]
        ids = databases[4]
        meta = databases[5]
        erasures = try environment.openIfPresent("erasures", .integer)
    }
}

extension Store {
    /// Every database there is.
    var databases: [Database] {
        [lines, bodies, tiles, checkpoints, ids, meta] + (erasures.map { [$0] } ?? [])
    }
}

/// A record of `meta`, by name.
enum MetaKey: String {
    case version, origin, key
}

extension Store {
    /// A text of the `meta` database.
    func text<T: Transaction & ~Copyable>(
        _ key: MetaKey,
        in transaction: borrowing T
    ) throws(LMDBError) -> String? {
        let name = key.rawValue
        guard let value = try transaction.value(for: name.utf8Span.span, in: meta) else {
            return nil
        }
        return String(repairing: value)
    }

    /// Stores a text in the `meta` database.
    func put(
        _ text: String,
        for key: MetaKey,
        in transaction: inout WriteTransaction
    ) throws(LMDBError) {
        let name = key.rawValue
        try transaction.put(text.utf8Span.span, for: name.utf8Span.span, in: meta)
    }
}

/// The key of a tile: its level in the upper 8 bits, its index in the lower 56.
enum TileKey {
    static func encode(level: Int, index: UInt64) -> UInt64 { UInt64(level) << 56 | index }
    static func decode(_ key: UInt64) -> (level: Int, index: UInt64) {
        (Int(key >> 56), key & (1 << 56 - 1))
    }
}
