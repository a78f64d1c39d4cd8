package import Bytes
internal import Digest
package import Ledger
package import Merkle

/// The checkpoint that is to be anchored, and the log that it is of.
package struct AnchoredHead: Sendable {
    private let ledger: Ledger
    /// The signed note.
    package let note: SignedNote
    /// What it states.
    package let checkpoint: Checkpoint

    /// Takes a log's newest checkpoint.
    package init(newestOf ledger: Ledger) throws {
        let bytes = try ledger.read { snapshot in
            guard let note = try snapshot.latestCheckpoint() else {
                throw LedgerError.damaged("the log has no checkpoint; run \"daybook verify\"")
            }
            return [UInt8](copying: note)
        }
        let note = try SignedNote(bytes.span)
        let text = note.text
        self.ledger = ledger
        self.note = note
        checkpoint = try Checkpoint(text.span)
    }

    /// What a time stamp is made over: SHA-256 of the note's text.
    package var digest: Hash256 {
        let text = note.text
        return SHA256.hash(text.span)
    }

    /// The hashes that prove that the log only grew since `old`; empty from size 0.
    package func path(from old: UInt64) throws -> [Hash256] {
        let size = checkpoint.size
        let proof = try ledger.read { try $0.consistencyProof(from: old, to: size) }
        return proof?.path ?? []
    }

    /// The root of the log's first `size` events, for sizes up to the checkpoint's.
    package func root(size: UInt64) throws -> Hash256 {
        try ledger.read { try $0.root(size: size) }
    }

    /// The log's own note of a size, if a commit ended there.
    package func note(size: UInt64) throws -> [UInt8]? {
        try ledger.read { snapshot in
            guard let note = try snapshot.checkpoint(size: size) else { return nil }
            return [UInt8](copying: note)
        }
    }
}
