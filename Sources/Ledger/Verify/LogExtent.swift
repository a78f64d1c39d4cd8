internal import Bytes
internal import LMDB
internal import Merkle

/// What the log says of itself, checked for agreement between its databases' ends.
struct LogExtent: Sendable {
    let origin: String
    let currentKey: String
    /// Events: one more than the last line's sequence.
    let size: UInt64

    init(_ snapshot: borrowing Snapshot, _ path: String, _ findings: inout Findings) throws {
        let store = snapshot.store
        if let version = try store.text(.version, in: snapshot.transaction),
            version != Store.formatVersion
        {
            throw LedgerError.newerVersion(found: version, path: path)
        }
        for key in [MetaKey.version, .origin, .key]
        where try store.text(key, in: snapshot.transaction) == nil {
            findings.add(
                Finding(
                    .gap,
                    .ledger("meta"),
                    key.rawValue,
                    expected: "a record",
                    found: "nothing"
                )
            )
        }
        let firstCheckpoint = try Self.firstOrigin(snapshot)
        let origin = try store.text(.origin, in: snapshot.transaction) ?? firstCheckpoint ?? ""
        if let firstCheckpoint, firstCheckpoint != origin {
            findings.add(
                Finding(
                    .manipulation,
                    .ledger("meta"),
                    "origin",
                    expected: firstCheckpoint,
                    found: origin
                )
            )
        }
        self.origin = firstCheckpoint ?? origin
        currentKey = try store.text(.key, in: snapshot.transaction) ?? ""
        let lines = try snapshot.size
        let signed = try snapshot.transaction.lastKey(in: store.checkpoints) ?? 0
        if signed > lines {
            findings.add(
                Finding(
                    .manipulation,
                    .sequence(lines),
                    "the log's tail",
                    expected: "\(signed) events, as checkpoint \(signed) says",
                    found: "\(lines)"
                )
            )
        } else if signed < lines {
            findings.add(
                Finding(
                    .manipulation,
                    .checkpoint(lines),
                    "the last checkpoint",
                    expected: "one that covers \(lines) events",
                    found: "one of size \(signed)"
                )
            )
        }
        size = lines
    }

    /// The origin that the oldest checkpoint names.
    private static func firstOrigin(_ snapshot: borrowing Snapshot) throws -> String? {
        guard let note = try snapshot.checkpoint(size: 1) else { return nil }
        guard let text = try? SignedNote(note).text else { return nil }
        return try? Checkpoint(text.span).origin
    }
}
