internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle

/// The keys that signed the log, each with the checkpoint sizes it signs.
///
/// The first event names the first key. An event that names another is the last of its commit and
/// signed under the old key; every later checkpoint is signed under the new one.
struct KeyHistory: Sendable {
    private struct Entry: Sendable {
        let vkey: VKey
        let key: VerifyingKey
        /// The first checkpoint size it signs.
        let from: UInt64
    }

    private let entries: [Entry]

    init(
        _ named: [(sequence: UInt64, vkey: String)],
        log: LogExtent,
        pinned: String?,
        _ findings: inout Findings
    ) {
        var entries: [Entry] = []
        for (sequence, text) in named {
            guard let vkey = try? VKey(text, using: SHA256.self),
                let key = try? VerifyingKey(publicKey: vkey.publicKey)
            else {
                findings.add(
                    Finding(
                        .manipulation,
                        .sequence(sequence),
                        "the key it names",
                        expected: "an Ed25519 vkey",
                        found: text
                    )
                )
                continue
            }
            entries.append(
                Entry(vkey: vkey, key: key, from: sequence == 0 ? 1 : sequence + 2)
            )
        }
        self.entries = entries
        if named.first?.sequence != 0 {
            findings.add(
                Finding(
                    .manipulation,
                    .sequence(0),
                    "the first event",
                    expected: "one that names the first key",
                    found: "another"
                )
            )
        }
        if let pinned, entries.first?.vkey.description != pinned {
            findings.add(
                Finding(
                    .manipulation,
                    .sequence(0),
                    "the first key",
                    expected: pinned,
                    found: entries.first?.vkey.description ?? "none"
                )
            )
        }
        if let last = entries.last, last.vkey.description != log.currentKey {
            findings.add(
                Finding(
                    .manipulation,
                    .ledger("meta"),
                    "key",
                    expected: last.vkey.description,
                    found: log.currentKey.isEmpty ? "nothing" : log.currentKey
                )
            )
        }
    }

    /// Checks that each change of key was signed for: the checkpoint that ends with the event which
    /// names the next key is there, signed under the key before, and covers that very event.
    func proveChanges(_ snapshot: borrowing Snapshot, _ findings: inout Findings) throws {
        for entry in entries.dropFirst() {
            let sequence = entry.from - 2
            let size = sequence + 1
            guard let note = try snapshot.checkpoint(size: size), check(note, size: size) == nil,
                try covers(sequence, note, snapshot)
            else {
                findings.add(
                    Finding(
                        .manipulation,
                        .sequence(sequence),
                        "the change of key to \(entry.vkey)",
                        expected: "a checkpoint of size \(size) under the key before",
                        found: "none that covers this event"
                    )
                )
                continue
            }
        }
    }

    private func covers(
        _ sequence: UInt64,
        _ note: Span<UInt8>,
        _ snapshot: borrowing Snapshot
    ) throws -> Bool {
        guard let text = try? SignedNote(note).text,
            let checkpoint = try? Checkpoint(text.span), checkpoint.size == sequence + 1,
            let line = try snapshot.lineBytes(at: sequence),
            let root = try? snapshot.root(size: checkpoint.size)
        else { return false }
        let leaf = SHA256.leaf(line)
        let index = sequence / UInt64(Tile.fullWidth)
        let offset = Int(sequence % UInt64(Tile.fullWidth)) * 32
        let stored = try snapshot.tile(level: 0, index: index).read { Hash256($0, at: offset) }
        return checkpoint.root == root && stored == leaf
    }

    /// The keys, oldest first.
    var list: [(vkey: String, from: UInt64)] { entries.map { ($0.vkey.description, $0.from) } }

    /// Verifies a checkpoint's signature; what is wrong with it, if anything.
    func check(_ bytes: Span<UInt8>, size: UInt64) -> Finding? {
        guard let entry = entries.last(where: { $0.from <= size }) else {
            return Finding(
                .manipulation,
                .checkpoint(size),
                "signature",
                expected: "a known key",
                found: "none for this size"
            )
        }
        guard let note = try? SignedNote(bytes) else { return nil }
        let signatures = note.signatures.filter {
            $0.name == entry.vkey.name && $0.keyID == entry.vkey.keyID
        }
        // A wrong signature under the key's own name refuses the note, whatever else is under it.
        let areGood = signatures.allSatisfy { entry.key.verify($0.bytes.span, note.text.span) }
        if areGood, !signatures.isEmpty { return nil }
        return Finding(
            .manipulation,
            .checkpoint(size),
            "signature",
            expected: "a signature by \(entry.vkey.description)",
            found: signatures.isEmpty ? "none by this key" : "one that does not verify"
        )
    }

    /// Finds the events that name keys without checking anything else.
    static func scan(
        _ snapshot: borrowing Snapshot,
        _ range: Range<UInt64>
    ) throws -> [(sequence: UInt64, vkey: String)] {
        var keys: [(sequence: UInt64, vkey: String)] = []
        try snapshot.forEachLine(from: range.lowerBound) { sequence, line in
            guard sequence < range.upperBound else { return false }
            if let vkey = AdminEvent.namedKey(line) { keys.append((sequence, vkey)) }
            return true
        }
        return keys
    }
}
