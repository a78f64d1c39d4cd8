internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle

/// Checks the tiles against each other: each full tile's root stands in the level above, every
/// tile has the width that the log's size gives, and there are no others.
struct TileCheck {
    private let size: UInt64

    init(_ snapshot: borrowing Snapshot, size: UInt64) {
        self.size = size
    }

    /// Returns how many tiles there are.
    func run(
        _ snapshot: borrowing Snapshot,
        _ findings: inout Findings,
        _ bytes: inout UInt64
    ) throws -> UInt64 {
        var count: UInt64 = 0
        var cursor = try snapshot.transaction.cursor(over: snapshot.store.tiles)
        while try cursor.next() {
            guard let key = cursor.key else { continue }
            let (level, index) = TileKey.decode(key)
            count += 1
            bytes += UInt64(cursor.value.count)
            let width = width(level, index)
            if width == 0 || cursor.value.count != width * 32 {
                findings.add(
                    Finding(
                        .manipulation,
                        .tile(level: level, index: index),
                        "tile",
                        expected: width == 0 ? "no such tile" : "\(width) hashes",
                        found: "\(cursor.value.count) bytes"
                    )
                )
            } else if width == Tile.fullWidth {
                try checkParent(
                    snapshot,
                    level,
                    index,
                    BlockHashes.root(ofTile: cursor.value),
                    &findings
                )
            }
        }
        let expected = expectedCount
        if count < expected {
            try nameMissing(snapshot, &findings)
        }
        return count
    }

    private func width(_ level: Int, _ index: UInt64) -> Int {
        guard level < 7 else { return 0 }
        let hashes = size >> UInt64(Tile.height * level)
        let start = index * UInt64(Tile.fullWidth)
        return hashes > start ? Int(min(hashes - start, UInt64(Tile.fullWidth))) : 0
    }

    private var expectedCount: UInt64 {
        (0..<7).reduce(0) { sum, level in
            let hashes = size >> UInt64(Tile.height * level)
            return sum + (hashes + 255) / 256
        }
    }

    private func nameMissing(
        _ snapshot: borrowing Snapshot,
        _ findings: inout Findings
    ) throws {
        for level in 0..<7 {
            let tiles = (size >> UInt64(Tile.height * level) + 255) / 256
            for index in 0..<tiles where try snapshot.tile(level: level, index: index) == nil {
                findings.add(
                    Finding(
                        .gap,
                        .tile(level: level, index: index),
                        "tile",
                        expected: "\(width(level, index)) hashes",
                        found: "nothing"
                    )
                )
            }
        }
    }

    private func checkParent(
        _ snapshot: borrowing Snapshot,
        _ level: Int,
        _ index: UInt64,
        _ root: Hash256,
        _ findings: inout Findings
    ) throws {
        let stored = try snapshot.tile(level: level + 1, index: index >> 8).read {
            Hash256($0, at: Int(index & 0xff) * 32)
        }
        guard stored != root else { return }
        findings.add(
            Finding(
                .manipulation,
                .tile(level: level + 1, index: index >> 8),
                "hash \(index & 0xff), the root of tile \(level)/\(index)",
                expected: root.description,
                found: stored?.description ?? "none"
            )
        )
    }
}

/// Checks that the index of ids holds nothing but the ids of the lines.
enum IndexCheck {
    /// Returns how many ids there are.
    ///
    /// Each line's own id was looked up with the line.
    static func run(
        _ snapshot: borrowing Snapshot,
        effective: UInt64,
        size: UInt64,
        _ findings: inout Findings
    ) throws -> UInt64 {
        let count = try snapshot.transaction.count(of: snapshot.store.ids)
        guard count != effective else { return count }
        // Fewer were named with their lines; more must be searched for.
        var cursor = try snapshot.transaction.cursor(over: snapshot.store.ids)
        while try cursor.next() {
            let sequence = IDKey.sequence(cursor.value)
            let owner = try sequence.flatMap { sequence in
                try snapshot.line(at: sequence).read { line in
                    line.outcome?.takesEffect == true ? line.idKey : nil
                }
            }
            if owner == nil || owner != Hash256(cursor.keyBytes) {
                findings.add(
                    Finding(
                        .manipulation,
                        .ledger("index of ids"),
                        Hex.encode(cursor.keyBytes),
                        expected: "the id of an event",
                        found: sequence.map { "an entry for event \($0)" } ?? "no sequence"
                    )
                )
            }
        }
        return count
    }
}

/// Looks for records that belong to no event of the log.
enum StrayCheck {
    static func run(
        _ snapshot: borrowing Snapshot,
        size: UInt64,
        checkpoints: UInt64,
        _ findings: inout Findings
    ) throws {
        var bodies = try snapshot.transaction.cursor(over: snapshot.store.bodies, from: size)
        while try bodies.next() {
            add(.sequence(bodies.key ?? .max), "body", "no body beyond the log's end", &findings)
        }
        if try snapshot.transaction.count(of: snapshot.store.checkpoints) != checkpoints {
            var notes = try snapshot.transaction.cursor(over: snapshot.store.checkpoints)
            while try notes.next() {
                guard let key = notes.key, key == 0 || key > size else { continue }
                add(.checkpoint(key), "checkpoint", "a size from 1 to \(size)", &findings)
            }
        }
        var records = try snapshot.transaction.cursor(over: snapshot.store.meta)
        while try records.next() {
            let name = String(repairing: records.keyBytes)
            guard MetaKey(rawValue: name) == nil else { continue }
            add(.ledger("meta"), name, "version, origin and key alone", &findings)
        }
    }

    private static func add(
        _ place: Finding.Place,
        _ what: String,
        _ expected: String,
        _ findings: inout Findings
    ) {
        findings.add(Finding(.manipulation, place, what, expected: expected, found: "a record"))
    }
}
