internal import Bytes
internal import LMDB
internal import Ledger

/// What links leave open: rows that wait for a key, and links that are not followed.
struct LinkReport {
    struct Conflict {
        let from: String
        let to: String
        let stamp: Stamp
    }

    private(set) var waiting = 0
    private(set) var conflicts: [Conflict] = []

    init(
        _ reader: StoredRowReader,
        in transaction: borrowing ReadTransaction,
        _ ids: borrowing Snapshot
    ) throws {
        guard !reader.plan.aliases.prefixes.isEmpty else { return }
        try countWaiting(reader, in: transaction, ids)
        try findConflicts(reader, in: transaction, ids)
    }

    private mutating func countWaiting(
        _ reader: StoredRowReader,
        in transaction: borrowing ReadTransaction,
        _ ids: borrowing Snapshot
    ) throws {
        var waiting = 0
        try reader.forEachRow(waiting: true, in: transaction, ids) { _, _ in
            waiting += 1
            return true
        }
        self.waiting = waiting
    }

    /// An alias with one link alone has no conflict; of the others each group is looked at once.
    private mutating func findConflicts(
        _ reader: StoredRowReader,
        in transaction: borrowing ReadTransaction,
        _ ids: borrowing Snapshot
    ) throws {
        let prefix = ViewKey.prefix(reader.rows)
        var seen: Set<[UInt8]> = []
        var last: [UInt8] = []
        var cursor = try transaction.cursor(over: reader.store.links, from: prefix)
        while try cursor.next() {
            let key = cursor.keyBytes
            guard key.hasPrefix(prefix.span) else { break }
            let end = key.firstIndex(of: 0, from: prefix.count) ?? key.count
            let name = [UInt8](copying: key.extracting(prefix.count..<end))
            defer { last = name }
            guard name == last, reader.plan.aliases.contains(name.span), !seen.contains(name)
            else { continue }
            let component = try Component(of: name, reader.store, reader.rows, in: transaction)
            seen.formUnion(component.names)
            for link in try component.group(reader.plan.aliases, ids).conflicts {
                conflicts.append(
                    Conflict(
                        from: String(decoding: component.names[link.from], as: UTF8.self),
                        to: String(decoding: component.names[link.to], as: UTF8.self),
                        stamp: link.stamp
                    )
                )
            }
        }
    }
}
