internal import Bytes
internal import LMDB
internal import Ledger

/// Reads a view's rows, in one transaction of the views and one of the log.
struct StoredRowReader {
    let store: ViewStore
    let rows: UInt32
    let plan: Plan
    let maker: RowMaker

    init(_ store: ViewStore, _ rows: UInt32, _ plan: Plan) {
        self.store = store
        self.rows = rows
        self.plan = plan
        maker = RowMaker(plan.definition)
    }

    /// A row, by its key or by any of its other names; `nil` if nothing was said of it.
    func row(
        named name: String,
        moment: Int64,
        in transaction: borrowing ReadTransaction,
        _ ids: borrowing Snapshot
    ) throws -> (row: Row, isWaiting: Bool)? {
        let component = try Component(of: Array(name.utf8), store, rows, in: transaction)
        let group = try component.group(plan.aliases, ids)
        let names = group.members.map { component.names[$0] }.sorted(by: Self.precedes)
        let key = group.key.map { component.names[$0] } ?? component.names[0]
        let row = try merged(names, key, in: transaction, ids) { fold in
            maker.row(0, of: fold, key: String(repairing: key.span), moment: moment)
        }
        return row.map { ($0, group.key == nil) }
    }

    /// Calls `body` with every row, in the order of keys: those that have a key, or those that wait
    /// for one.
    func forEachRow(
        waiting: Bool,
        in transaction: borrowing ReadTransaction,
        _ ids: borrowing Snapshot,
        _ body: (_ key: [UInt8], _ fold: borrowing Fold) throws -> Bool
    ) throws {
        let prefix = ViewKey.prefix(rows)
        var linked = try transaction.cursor(over: store.links, from: [])
        var groups = RowGroups()
        var cursor = try transaction.cursor(over: store.rows, from: prefix)
        while try cursor.next() {
            let key = cursor.keyBytes
            guard key.hasPrefix(prefix.span) else { break }
            let name = key.extracting(prefix.count...)
            guard plan.aliases.contains(name) == waiting else { continue }
            let parts = ViewKey.parts(rows, name)
            let hasLinks = try linked.seek(parts.span) && linked.keyBytes.hasPrefix(parts.span)
            if hasLinks {
                let owned = [UInt8](copying: name)
                let group = try groups.group(of: owned, self, in: transaction, ids)
                guard try !show(owned, group, waiting, in: transaction, ids, body) else {
                    continue
                }
                return
            }
            var fold = Fold(plan.shape, capacity: 1)
            let row = fold.row(named: name)
            guard try fold.absorb(cursor.value, into: row, ids) else { throw ViewError.damaged }
            if fold.isEmpty(row) { continue }
            let owned = [UInt8](copying: name)
            guard try body(owned, fold) else { return }
        }
    }

    /// Names are merged in one order, whichever was asked for: an event that says equal things
    /// under two of them must not be told apart by that.
    static func precedes(_ a: [UInt8], _ b: [UInt8]) -> Bool {
        a.lexicographicallyPrecedes(b)
    }

    /// Shows a row that has several names; `false` when it is time to end.
    private func show(
        _ name: [UInt8],
        _ group: RowGroups.Group,
        _ waiting: Bool,
        in transaction: borrowing ReadTransaction,
        _ ids: borrowing Snapshot,
        _ body: (_ key: [UInt8], _ fold: borrowing Fold) throws -> Bool
    ) throws -> Bool {
        if waiting {
            guard !group.hasKey else { return true }
            // A row that waits is shown under the least name of which something was said.
            for other in group.names where other.lexicographicallyPrecedes(name) {
                let stored = ViewKey.row(rows, other.span)
                if try transaction.value(for: stored.span, in: store.rows) != nil { return true }
            }
        }
        var goesOn = true
        _ = try merged(group.names, name, in: transaction, ids) { fold in
            goesOn = try body(name, fold)
        }
        return goesOn
    }

    /// What the stored rows of some names make together; `nil` if nothing was said of them.
    private func merged<R>(
        _ names: [[UInt8]],
        _ key: [UInt8],
        in transaction: borrowing ReadTransaction,
        _ ids: borrowing Snapshot,
        _ body: (borrowing Fold) throws -> R
    ) throws -> R? {
        var fold = Fold(plan.shape, capacity: 1)
        let row = fold.row(named: key.span)
        for name in names {
            let stored = ViewKey.row(rows, name.span)
            guard let record = try transaction.value(for: stored.span, in: store.rows) else {
                continue
            }
            guard try fold.absorb(record, into: row, ids) else { throw ViewError.damaged }
        }
        return fold.isEmpty(row) ? nil : try body(fold)
    }
}
