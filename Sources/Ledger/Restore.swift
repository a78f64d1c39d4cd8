internal import Bytes
internal import Merkle
internal import POSIX

extension Ledger {
    /// Goes on, on purpose, with a log that is shorter or another than the head file knows.
    ///
    /// An event names what is lost, and the head file is replaced. Whoever holds a checkpoint of
    /// the lost part can prove that it was there; so say in the reason why it is gone.
    ///
    /// Gives the receipt; `nil` when the log fits the head file and nothing was done.
    package static func restore(
        path: String,
        options: Options,
        reason: String
    ) throws -> Receipt? {
        var options = options
        options.acceptsAnyHead = true
        let ledger = try Ledger(path: path, options: options)
        defer { ledger.close() }
        guard let writer = ledger.writer, let known = try ledger.headFile.read() else { return nil }
        let size = try ledger.read { try $0.size }
        do throws(LedgerError) {
            try checkHead(ledger.headFile, ledger.store)
            return nil
        } catch {
            guard case .rolledBack = error else { throw error }
        }
        var draft = AdminEvent.draft(type: "daybook.ledger.restored")
        draft[.subject] = "checkpoint:\(known.size)"
        let lost =
            known.size > size
            ? "events \(size) to \(known.size - 1) are lost"
            : "the first \(known.size) events are others than were known"
        draft[.reason] = "\(lost); known root \(known.root); \(reason)"
        let receipts = try writer.append([draft])
        let note = try ledger.read { snapshot in
            guard let note = try snapshot.latestCheckpoint() else { return [] as [UInt8] }
            return [UInt8](copying: note)
        }
        // The writer may store its head, too: after it has ended this one stands.
        ledger.close()
        try ledger.headFile.replace(with: note)
        return receipts[0]
    }
}
