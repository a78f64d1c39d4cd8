package import Bytes
internal import Digest
internal import LMDB
internal import Ledger
internal import POSIX

/// Which version of a projection is asked about, and how fresh it has to be.
package struct ViewRequest: Sendable {
    /// The projection.
    package var name: String
    /// The version; `nil` for the one that answers.
    package var version: Int?
    /// Whether what the log has meanwhile is folded first.
    package var catchesUp: Bool

    package init(_ name: String, version: Int? = nil, catchesUp: Bool = true) {
        self.name = name
        self.version = version
        self.catchesUp = catchesUp
    }
}

extension Views {
    /// The view that is asked for, with rows that can be shown.
    func open(
        _ request: ViewRequest,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> StoredView {
        let view = try view(request.name, version: request.version)
        if request.catchesUp, !isReadOnly { try catchUp(view, progress: progress) }
        guard try rows(of: view).build == nil else {
            throw ViewError.building(name: view.name, version: view.version)
        }
        return view
    }

    /// The columns of a projection: the key's, the stored and the derived ones.
    package func columns(_ request: ViewRequest) throws -> [String] {
        let definition = try plan(of: view(request.name, version: request.version)).definition
        return [definition.key] + definition.columns.map(\.name)
            + definition.derivations.map(\.name)
    }

    /// Calls `body` with each row that stands now, in the order of keys, until it says `false`.
    package func forEachRow(
        _ request: ViewRequest,
        waiting: Bool = false,
        progress: (UInt64, UInt64) -> Void = { _, _ in },
        _ body: (Row) throws -> Bool
    ) throws {
        let view = try open(request, progress: progress)
        let plan = try plan(of: view)
        let moment = Clock.microseconds
        try store.environment.read { transaction in
            try ledger.read { snapshot in
                let rows = try rows(of: view, in: transaction)
                let reader = StoredRowReader(store, rows.number, plan)
                try reader.forEachRow(waiting: waiting, in: transaction, snapshot) { key, fold in
                    let key = String(repairing: key.span)
                    return try body(reader.maker.row(0, of: fold, key: key, moment: moment))
                }
            }
        }
    }

    /// A row as it stands now, by its key or another of its names.
    ///
    /// - Throws: `ViewError.noRow` if there is none.
    package func row(_ request: ViewRequest, key: String) throws -> Row {
        let view = try open(request)
        let plan = try plan(of: view)
        let moment = Clock.microseconds
        let found = try store.environment.read { transaction in
            try ledger.read { snapshot in
                let rows = try rows(of: view, in: transaction)
                let reader = StoredRowReader(store, rows.number, plan)
                return try reader.row(named: key, moment: moment, in: transaction, snapshot)
            }
        }
        guard let found else { throw ViewError.noRow(projection: request.name, key: key) }
        return found.row
    }

    /// SHA-256 over a view's rows in the order of their names, those that wait included: what two
    /// builds of one definition over the same events agree in, in whatever order they came.
    ///
    /// Each row is a line of JSON: the name, then what its registers hold, without who said it.
    package func digest(_ request: ViewRequest) throws -> Hash256 {
        let view = try open(request)
        let plan = try plan(of: view)
        return try store.environment.read { transaction in
            try ledger.read { snapshot in
                let rows = try rows(of: view, in: transaction)
                let reader = StoredRowReader(store, rows.number, plan)
                return try Self.digest(of: reader, in: transaction, snapshot)
            }
        }
    }
}
