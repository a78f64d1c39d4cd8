internal import Bytes
internal import LMDB
internal import Ledger

extension Views {
    /// A row at a past moment, by its key or another of its names, folded from the events that
    /// touched it.
    ///
    /// - Throws: `ViewError.noRow` if there was none.
    package func row(_ request: ViewRequest, key: String, at past: Past) throws -> Row {
        let view = try open(request)
        let plan = try plan(of: view)
        let found = try ledger.read { snapshot -> Row? in
            let cut = try Cut(past, snapshot)
            let touching = try touching(key, view, plan)
            var folding = Folding(plan)
            folding.asOf = cut.asOf
            folding.only = touching.names
            try folding.fold(snapshot, touching.sequences.filter { $0 < cut.end })
            let maker = RowMaker(plan.definition)
            return try Self.row(key, of: folding, maker, moment: cut.moment, snapshot)
        }
        guard let found else { throw ViewError.noRow(projection: request.name, key: key) }
        return found
    }

    /// Calls `body` with each row of a past moment, in the order of keys, until it says `false`.
    ///
    /// The whole log up to then is folded, in memory.
    package func forEachRow(
        _ request: ViewRequest,
        at past: Past,
        waiting: Bool = false,
        progress: (UInt64, UInt64) -> Void = { _, _ in },
        _ body: (Row) throws -> Bool
    ) throws {
        let plan = try plan(of: view(request.name, version: request.version))
        try ledger.read { snapshot in
            let cut = try Cut(past, snapshot)
            var folding = Folding(plan, capacity: Int(min(cut.end / 4, 1 << 20)))
            folding.asOf = cut.asOf
            try folding.fold(snapshot, 0..<cut.end) { progress($0, cut.end) }
            let maker = RowMaker(plan.definition)
            let rows = try FoldedRows(folding.fold, plan.aliases, snapshot)
            for group in rows.groups where group.isWaiting == waiting {
                let row = try rows.row(group, of: folding.fold, maker, moment: cut.moment, snapshot)
                guard let row else { continue }
                if try !body(row) { return }
            }
        }
    }

    /// The events that touched a row under any name that is linked with one of its own.
    func touching(
        _ key: String,
        _ view: StoredView,
        _ plan: Plan
    ) throws -> (names: NameTable, sequences: [UInt64]) {
        try store.environment.read { transaction in
            let number = try rows(of: view, in: transaction).number
            let component = try Component(of: Array(key.utf8), store, number, in: transaction)
            var names = NameTable()
            var sequences: Set<UInt64> = []
            let touched = Touched(store, number)
            for name in component.names {
                _ = names.number(of: name.span)
                sequences.formUnion(try touched.sequences(of: name.span, in: transaction))
            }
            return (names, sequences.sorted())
        }
    }

    /// The row that a name belongs to in a fold.
    static func row<IDs: EventIDs & ~Copyable>(
        _ key: String,
        of folding: borrowing Folding,
        _ maker: RowMaker,
        moment: Int64,
        _ ids: borrowing IDs
    ) throws -> Row? {
        guard let number = folding.fold.names.find(key.utf8Span.span) else { return nil }
        let rows = try FoldedRows(folding.fold, folding.plan.aliases, ids)
        guard let group = rows.groups.first(where: { $0.members.contains(number) }) else {
            return nil
        }
        return try rows.row(group, of: folding.fold, maker, moment: moment, ids)
    }
}
