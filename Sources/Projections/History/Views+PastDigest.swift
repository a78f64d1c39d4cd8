package import Bytes
internal import LMDB
internal import Ledger

extension Views {
    /// What `digest` gave when the log had its first `size` events: by the stored rows where they
    /// stand there, else by folding the log up to there in memory.
    ///
    /// - Throws: `LedgerError.beyondEnd` if the log is shorter.
    package func digest(_ request: ViewRequest, size: UInt64) throws -> Hash256 {
        let view = try open(request)
        let plan = try plan(of: view)
        let stored = try store.environment.read { transaction in
            try ledger.read { snapshot -> Hash256? in
                let rows = try rows(of: view, in: transaction)
                guard rows.position == size else { return nil }
                let reader = StoredRowReader(store, rows.number, plan)
                return try Self.digest(of: reader, in: transaction, snapshot)
            }
        }
        if let stored { return stored }
        return try ledger.read { snapshot in
            guard try size <= snapshot.size else {
                throw LedgerError.beyondEnd(sequence: size - 1, size: try snapshot.size)
            }
            var folding = Folding(plan, capacity: Int(min(size / 4, 1 << 20)))
            try folding.fold(snapshot, 0..<size)
            return try Self.digest(of: folding, snapshot)
        }
    }

    /// The digest over a view's rows.
    static func digest(
        of reader: StoredRowReader,
        in transaction: borrowing ReadTransaction,
        _ snapshot: borrowing Snapshot
    ) throws -> Hash256 {
        var digest = RowDigest(reader.plan.definition)
        for waiting in [false, true] {
            try reader.forEachRow(waiting: waiting, in: transaction, snapshot) { key, fold in
                digest.add(key, fold)
                return true
            }
        }
        return digest.finish()
    }

    /// The digest over the rows of a fold from the log's beginning: what its view would have.
    private static func digest(
        of folding: borrowing Folding,
        _ snapshot: borrowing Snapshot
    ) throws -> Hash256 {
        let plan = folding.plan
        var rows: [(name: Int, members: [Int], isWaiting: Bool)] = []
        for group in try FoldedRows(folding.fold, plan.aliases, snapshot).groups {
            let members = group.members.filter { !folding.fold.isEmpty($0) }
            guard let first = members.first else { continue }
            // A row that waits goes by the first name of which something was said.
            rows.append((group.isWaiting ? first : group.name, members, group.isWaiting))
        }
        rows.sort { folding.fold.names[$0.name].precedes(folding.fold.names[$1.name]) }
        var digest = RowDigest(plan.definition)
        var record: [UInt8] = []
        for waiting in [false, true] {
            for row in rows where row.isWaiting == waiting {
                var merged = Fold(plan.shape, capacity: 1)
                let name = [UInt8](copying: folding.fold.names[row.name])
                let place = merged.row(named: name.span)
                for member in row.members {
                    record.removeAll(keepingCapacity: true)
                    folding.fold.encode(member, into: &record)
                    let bytes = record
                    guard try merged.absorb(bytes.span, into: place, snapshot) else {
                        throw ViewError.damaged
                    }
                }
                digest.add(name, merged)
            }
        }
        return digest.finish()
    }
}
