internal import Bytes
package import Ledger
internal import Merkle
internal import POSIX

extension Sample {
    /// Writes for each row its line, `SEQ.line`, and the C2SP tlog-proof of it, `SEQ.tlog-proof`
    /// (sequences of 20 digits): each pair proves its event to whoever has the log's key.
    ///
    /// The proofs are under the checkpoint of the sample's size where a commit ended there, else
    /// under the newest. Files that are there are an error unless `replaces`.
    /// - Returns: how many proofs were written.
    @discardableResult
    package func writeProofs(
        to folder: String,
        from ledger: Ledger,
        replaces: Bool = false
    ) throws -> Int {
        let names = rows.map { Decimal.padded($0.sequence, digits: Decimal.sequenceDigits) }
        let paths = names.map { "\(folder)/\($0)" }
        if !replaces, let path = paths.first(where: { Files.exists("\($0).tlog-proof") }) {
            throw AuditProblem.refused("\(path).tlog-proof is there already; --force replaces it")
        }
        try Files.makeFolder(folder, mode: 0o755)
        for (row, path) in zip(rows, paths) {
            let (line, proof) = try ledger.read { try Self.proof(row.sequence, size, $0) }
            try Files.replace("\(path).line", with: line, mode: 0o644)
            try Files.replace("\(path).tlog-proof", with: proof, mode: 0o644)
        }
        return rows.count
    }

    private static func proof(
        _ sequence: UInt64,
        _ size: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws -> (line: [UInt8], proof: [UInt8]) {
        var note: [UInt8] = []
        var covered = size
        if let stored = try snapshot.checkpoint(size: size) {
            note = [UInt8](copying: stored)
        } else if let newest = try snapshot.latestCheckpoint() {
            note = [UInt8](copying: newest)
            let text = try SignedNote(note.span).text
            covered = try Checkpoint(text.span).size
        }
        guard let line = try snapshot.line(at: sequence),
            let path = try snapshot.inclusionProof(of: sequence, size: covered)?.path
        else { throw LedgerError.beyondEnd(sequence: sequence, size: covered) }
        let proof = TLogProof(index: sequence, path: path, checkpoint: note)
        return ([UInt8](copying: line.bytes), proof.bytes)
    }
}
