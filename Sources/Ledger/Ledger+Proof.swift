internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle

extension Ledger {
    /// A C2SP tlog-proof that an event is in the log under its newest checkpoint.
    package func inclusionProofText(of sequence: UInt64) throws -> String {
        try read { snapshot in
            let (note, size) = try newestCheckpoint(snapshot)
            guard let proof = try snapshot.inclusionProof(of: sequence, size: size) else {
                throw LedgerError.beyondEnd(sequence: sequence, size: size)
            }
            let text = TLogProof(index: sequence, path: proof.path, checkpoint: note).bytes
            return String(repairing: text.span)
        }
    }

    /// The proof that the log only grew since it had `old` events: the hashes in base64, a line
    /// each, an empty line, the newest checkpoint.
    package func consistencyProofText(from old: UInt64) throws -> String {
        try read { snapshot in
            let (note, size) = try newestCheckpoint(snapshot)
            guard let proof = try snapshot.consistencyProof(from: old, to: size) else {
                throw LedgerError.beyondEnd(sequence: old, size: size)
            }
            let hashes = proof.path.map { $0.withSpan { Base64.encode($0) } + "\n" }
            return "old \(old)\n" + hashes.joined() + "\n" + String(repairing: note.span)
        }
    }

    private func newestCheckpoint(
        _ snapshot: borrowing Snapshot
    ) throws -> (note: [UInt8], size: UInt64) {
        guard let note = try snapshot.latestCheckpoint() else {
            throw LedgerError.damaged("the log has no checkpoint; run \"daybook verify\"")
        }
        let bytes = [UInt8](copying: note)
        let text = try SignedNote(bytes.span).text
        let checkpoint = try Checkpoint(text.span)
        return (bytes, checkpoint.size)
    }
}
