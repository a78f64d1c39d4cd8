internal import Bytes
internal import LMDB
internal import Ledger
internal import POSIX

/// What differs between two states of a row.
package struct RowDifference: Sendable {
    package enum Kind: String, Sendable { case added, removed, changed }
    package let key: String
    package let kind: Kind
    package let changes: [Change]

    init?(_ key: String, _ old: Row?, _ new: Row?) {
        changes = Change.between(old, new)
        guard !changes.isEmpty || (old == nil) != (new == nil) else { return nil }
        self.key = key
        kind = old == nil ? .added : new == nil ? .removed : .changed
    }
}

extension Views {
    /// What differs in a row between two moments, each change with the event that made it so.
    package func difference(
        _ request: ViewRequest,
        key: String,
        from: Past,
        to: Past
    ) throws -> RowDifference? {
        let old = try existing { try row(request, key: key, at: from) }
        let new = try existing { try row(request, key: key, at: to) }
        guard let row = new ?? old else {
            throw ViewError.noRow(projection: request.name, key: key)
        }
        return RowDifference(row.key, old, new)
    }

    /// What differs in all rows between two moments, in the order of keys.
    package func differences(
        _ request: ViewRequest,
        from: Past,
        to: Past,
        progress: (UInt64, UInt64) -> Void = { _, _ in },
        _ body: (RowDifference) throws -> Bool
    ) throws {
        var old: [String: Row] = [:]
        try forEachRow(request, at: from, progress: progress) { row in
            old[row.key] = row
            return true
        }
        var found: [RowDifference] = []
        try forEachRow(request, at: to, progress: progress) { row in
            let before = old.removeValue(forKey: row.key)
            if let difference = RowDifference(row.key, before, row) { found.append(difference) }
            return true
        }
        for (key, row) in old {
            if let difference = RowDifference(key, row, nil) { found.append(difference) }
        }
        found.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
        for difference in found where try !body(difference) { return }
    }

    /// A row, or `nil` where there is none.
    func existing(_ make: () throws -> Row) throws -> Row? {
        do { return try make() } catch ViewError.noRow { return nil }
    }
}

/// What differs between two versions of a projection.
package struct VersionComparison: Sendable {
    package var oldRows = 0
    package var newRows = 0
    package var added = 0
    package var removed = 0
    package var changed = 0
    /// For each column how many rows differ in it.
    package var columns: [(name: String, rows: Int)] = []
    /// The first rows that differ.
    package var examples: [RowDifference] = []
    /// How many of those are kept.
    private let limit: Int

    init(examples limit: Int) { self.limit = limit }

    mutating func note(_ difference: RowDifference?) {
        guard let difference else { return }
        switch difference.kind {
        case .added: added += 1
        case .removed: removed += 1
        case .changed: changed += 1
        }
        for change in difference.changes {
            if let place = columns.firstIndex(where: { $0.name == change.column }) {
                columns[place].rows += 1
            } else {
                columns.append((change.column, 1))
            }
        }
        if examples.count < limit { examples.append(difference) }
    }
}

extension Views {
    /// Compares the rows of two versions of a projection, both after the same events.
    package func compare(
        _ name: String,
        old: Int,
        new: Int,
        examples: Int
    ) throws -> VersionComparison {
        let views = try [old, new].map { try open(ViewRequest(name, version: $0)) }
        for _ in 0..<Self.attempts {
            let positions = try views.map { try rows(of: $0).position }
            // A server that follows the log moves one after the other.
            for view in views { try catchUp(view, upTo: positions.max() ?? 0) }
            let comparison = try store.environment.read { transaction in
                // The log is looked at after the views, so that it has all that they stand on.
                try ledger.read { snapshot in
                    try compare(views, examples, in: transaction, snapshot)
                }
            }
            if let comparison { return comparison }
        }
        throw ViewError.moving(name: name)
    }

    /// How often two versions are looked for at one position: between two looks a server moves
    /// them a few times a second at most.
    private static let attempts = 100

    /// Compares two versions as a transaction sees them; `nil` if they stand at two positions.
    private func compare(
        _ views: [StoredView],
        _ examples: Int,
        in transaction: borrowing ReadTransaction,
        _ snapshot: borrowing Snapshot
    ) throws -> VersionComparison? {
        let moment = Clock.microseconds
        let stored = try views.map { try rows(of: $0, in: transaction) }
        guard stored[0].position == stored[1].position else { return nil }
        let readers = try zip(views, stored).map { view, rows in
            StoredRowReader(store, rows.number, try plan(of: view))
        }
        var before: [String: Row] = [:]
        try readers[0].forEachRow(waiting: false, in: transaction, snapshot) { key, fold in
            let key = String(repairing: key.span)
            before[key] = readers[0].maker.row(0, of: fold, key: key, moment: moment)
            return true
        }
        var comparison = VersionComparison(examples: examples)
        comparison.oldRows = before.count
        try readers[1].forEachRow(waiting: false, in: transaction, snapshot) { key, fold in
            let key = String(repairing: key.span)
            let row = readers[1].maker.row(0, of: fold, key: key, moment: moment)
            comparison.newRows += 1
            comparison.note(RowDifference(key, before.removeValue(forKey: key), row))
            return true
        }
        for key in before.keys.sorted() { comparison.note(RowDifference(key, before[key], nil)) }
        return comparison
    }
}
