internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle

/// Checks that the log's end is signed, before anything is appended to what another wrote.
///
/// Else lines that somebody without the key put at the end would come under the next signature.
enum EndCheck {
    static func run(
        _ head: Head,
        vkey: String,
        origin: String,
        _ store: Store,
        _ transaction: borrowing WriteTransaction
    ) throws {
        guard head.size > 0 else { return }
        guard let bytes = try transaction.value(for: head.size, in: store.checkpoints),
            let note = try? SignedNote(bytes), let checkpoint = try? checkpoint(note),
            checkpoint.size == head.size, checkpoint.root == head.root,
            checkpoint.hasOrigin(origin)
        else {
            throw LedgerError.damaged(
                "no checkpoint covers the log's last event, \(head.size - 1); nothing is appended. "
                    + "Run \"daybook verify\""
            )
        }
        // A checkpoint that ends with a change of key is signed under the key before.
        let named = try changesOfKey(head, vkey, store, transaction)
        let isSigned = named.contains { text in
            guard let vkey = try? VKey(text, using: SHA256.self) else { return false }
            let verified = try? note.verify(with: [vkey]) { key, signature, message in
                let key = try? VerifyingKey(publicKey: [UInt8](copying: key))
                return key?.verify(signature, message) == true
            }
            return verified != nil
        }
        guard isSigned else {
            throw LedgerError.damaged(
                "the log's last checkpoint, \(head.size), is not signed by the log's key; nothing "
                    + "is appended. Run \"daybook verify\""
            )
        }
    }

    private static func checkpoint(_ note: SignedNote) throws -> Checkpoint {
        let text = note.text
        return try Checkpoint(text.span)
    }

    /// The key that signs now or, if the last event names it, the one before.
    private static func changesOfKey(
        _ head: Head,
        _ vkey: String,
        _ store: Store,
        _ transaction: borrowing WriteTransaction
    ) throws -> [String] {
        let last = try transaction.value(for: head.size - 1, in: store.lines)
        guard head.size > 1, last.read({ AdminEvent.namedKey(Line($0)) }) == vkey else {
            return [vkey]
        }
        var before: [String] = []
        for sequence in 0..<head.size - 1 {
            let line = try transaction.value(for: sequence, in: store.lines)
            if let key = line.read({ AdminEvent.namedKey(Line($0)) }) { before = [key] }
        }
        return before
    }
}
