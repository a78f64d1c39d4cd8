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
        var lines = try snapshot.size
        var signed = try snapshot.transaction.lastKey(in: store.checkpoints) ?? 0
        // What lies beyond any log that these records could make is named and left out; else a
        // single record could keep a verification busy for ever.
        let count = try snapshot.transaction.count(of: store.lines)
        let farthest = 2 * count + 1_000_000
        if lines > farthest {
            findings.add(
                Finding(
                    .manipulation,
                    .sequence(lines - 1),
                    "line",
                    expected: "one of \(count) lines",
                    found: "one under a key far beyond"
                )
            )
            lines = signed <= farthest ? signed : count
        }
        if signed > farthest {
            findings.add(
                Finding(
                    .manipulation,
                    .checkpoint(signed),
                    "checkpoint",
                    expected: "at most \(count)",
                    found: "a size far beyond"
                )
            )
            signed = lines
        }
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

/// What was appended to a log while it was verified.
struct Growth {
    /// Events in the log now.
    let size: UInt64
    /// New events that own an id.
    private(set) var effective: UInt64 = 0
    /// New checkpoints.
    private(set) var checkpoints: UInt64 = 0

    init(_ snapshot: borrowing Snapshot, since old: UInt64) throws {
        let now = try snapshot.size
        // A line far beyond the log is a finding of its own, not growth.
        size = try snapshot.transaction.count(of: snapshot.store.lines) >= now ? now : old
        for sequence in old..<max(old, size) {
            if try snapshot.line(at: sequence).read({ $0.outcome?.takesEffect }) == true {
                effective += 1
            }
            if try snapshot.checkpoint(size: sequence + 1) != nil { checkpoints += 1 }
        }
    }
}
