internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle

/// The keys that signed the log up to some size, each with what proves it.
struct BundleKeys {
    /// `keys.json`.
    let json: [UInt8]
    private let last: String

    init(size: UInt64, in snapshot: borrowing Snapshot) throws {
        var list: [CanonicalObject] = []
        var last = ""
        for (sequence, vkey) in try snapshot.namedKeys(size: size) {
            guard let line = try snapshot.line(at: sequence),
                let proof = try snapshot.inclusionProof(of: sequence, size: size)
            else { throw LedgerError.beyondEnd(sequence: sequence, size: size) }
            var object = CanonicalObject()
            if sequence > 0 {
                guard let note = try snapshot.checkpoint(size: sequence + 1),
                    let proof = try snapshot.consistencyProof(from: sequence + 1, to: size)
                else {
                    throw LedgerError.damaged(
                        "the change of key in event \(sequence) has no checkpoint; "
                            + "run \"daybook verify\""
                    )
                }
                object.add("checkpoint", String(repairing: note))
                object.add("consistency", json: CanonicalJSON.list(proof.path))
            }
            object.add("line", String(repairing: line.bytes))
            object.add("path", json: CanonicalJSON.list(proof.path))
            object.add("sequence", sequence)
            object.add("vkey", vkey)
            list.append(object)
            last = vkey
        }
        json = CanonicalJSON.list(list)
        self.last = last
    }

    /// Refuses a note that another key signed than the last: what a bundle says of the log as it
    /// was before a change of key, nobody can sign any more.
    func requireLast(signed note: [UInt8], size: UInt64) throws {
        let signed = try SignedNote(note.span)
        let key = try VKey(last, using: SHA256.self)
        guard signed.signatures.contains(where: { $0.keyID == key.keyID && $0.name == key.name })
        else {
            throw AuditProblem.refused(
                "the log's key has changed since it had \(size) events, and the one of that time "
                    + "signs no more; export the log as it is now"
            )
        }
    }
}
