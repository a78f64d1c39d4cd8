internal import Bytes
internal import Ledger

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

    private func existing(_ make: () throws -> Row) throws -> Row? {
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
}

extension Views {
    /// Compares the rows of two versions of a projection, both at the end of the log.
    package func compare(
        _ name: String,
        old: Int,
        new: Int,
        examples: Int
    ) throws -> VersionComparison {
        var comparison = VersionComparison()
        var counts: [String: Int] = [:]
        var order: [String] = []
        var before: [String: Row] = [:]
        try forEachRow(ViewRequest(name, version: old)) { row in
            before[row.key] = row
            return true
        }
        comparison.oldRows = before.count
        func note(_ difference: RowDifference?) {
            guard let difference else { return }
            switch difference.kind {
            case .added: comparison.added += 1
            case .removed: comparison.removed += 1
            case .changed: comparison.changed += 1
            }
            for change in difference.changes {
                if counts[change.column] == nil { order.append(change.column) }
                counts[change.column, default: 0] += 1
            }
            if comparison.examples.count < examples { comparison.examples.append(difference) }
        }
        try forEachRow(ViewRequest(name, version: new)) { row in
            comparison.newRows += 1
            note(RowDifference(row.key, before.removeValue(forKey: row.key), row))
            return true
        }
        for key in before.keys.sorted() { note(RowDifference(key, before[key], nil)) }
        comparison.columns = order.map { ($0, counts[$0] ?? 0) }
        return comparison
    }
}
