internal import Bytes
internal import Merkle
internal import POSIX

extension Ledger {
    /// Goes on, on purpose, with a log that is shorter or another than the head file or somebody
    /// outside knows.
    ///
    /// An event names what is lost and who knows it, and the head file is replaced. Whoever holds a
    /// checkpoint of the lost part can prove that it was there; so say in the reason why it is gone.
    ///
    /// Gives the receipt; `nil` when the log fits all that is known and nothing was done.
    package static func restore(
        path: String,
        options: Options,
        reason: String,
        outside: [OutsideHead] = []
    ) throws -> Receipt? {
        var options = options
        options.acceptsAnyHead = true
        let ledger = try Ledger(path: path, options: options)
        defer { ledger.close() }
        guard let writer = ledger.writer else { return nil }
        let lost = try ledger.lostHeads(outside)
        guard let largest = lost.max(by: { $0.size < $1.size }) else { return nil }
        let size = try ledger.read { try $0.size }
        var draft = AdminEvent.draft(type: "daybook.ledger.restored")
        draft[.subject] = "checkpoint:\(largest.size)"
        let what =
            largest.size > size
            ? "events \(size) to \(largest.size - 1) are lost"
            : "the first \(largest.size) events are others than were known"
        let known = lost.map { "\($0.knower) knows \($0.text)" }.joined(separator: "; ")
        draft[.reason] = "\(what); \(known); \(reason)"
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

    /// The heads that the log does not go on from, the head file's among them.
    private func lostHeads(_ outside: [OutsideHead]) throws -> [OutsideHead] {
        var lost = try outside.filter { head in
            switch try fit(of: head) {
            case .fits, .givenUp: false
            case .shorter, .differs: true
            }
        }
        guard let known = try headFile.read() else { return lost }
        do throws(LedgerError) {
            try Self.checkHead(headFile, store)
        } catch {
            guard case .rolledBack = error else { throw error }
            let head = OutsideHead(knower: "the head file", size: known.size, root: known.root)
            lost.insert(head, at: 0)
        }
        return lost
    }
}
