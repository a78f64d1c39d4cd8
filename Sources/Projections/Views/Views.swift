internal import Bytes
internal import LMDB
package import Ledger
internal import POSIX
internal import Synchronization

/// A ledger's projections: their definitions, and the views that are folded from the log.
///
/// Several processes may use the same views: LMDB orders writers, and every transaction looks
/// again at where the rows stand, so each event is folded once.
package final class Views: Sendable {
    /// The ledger whose log is folded.
    package let ledger: Ledger
    let store: ViewStore
    let catalogue: Catalogue
    /// The definitions in the ledger's folder.
    package let files: DefinitionFiles
    /// Compiled definitions, by their hash.
    private let plans = Mutex<[Hash256: Plan]>([:])

    /// Opens the views of a ledger; makes the folder unless it is only to be read.
    package init(_ ledger: Ledger, readOnly: Bool = false) throws {
        self.ledger = ledger
        files = try DefinitionFiles(ledger: ledger.path)
        let folder = "\(ledger.path)/views"
        if !readOnly { try Files.makeFolder(folder) }
        store = try ViewStore(folder: folder, readOnly: readOnly)
        catalogue = Catalogue(store: store)
        try catalogue.requireFormat()
    }

    /// Whether nothing can be folded or changed.
    package var isReadOnly: Bool { store.environment.isReadOnly }

    /// A view's compiled definition.
    func plan(of view: StoredView) throws -> Plan {
        if let plan = plans.withLock({ $0[view.hash] }) { return plan }
        let file = files.path(of: view.name)
        let plan = Plan(try Definition(yaml: view.text.span, file: file))
        plans.withLock { $0[view.hash] = plan }
        return plan
    }

    /// The names of all projections that have a definition or a view, sorted.
    package func names() throws -> [String] {
        let stored = try store.environment.read { try catalogue.views(in: $0).map(\.name) }
        return Set(stored + files.definitions.map(\.name)).sorted()
    }

    /// The view that answers for a projection, or the one of some version.
    ///
    /// A projection that has no view yet gets an empty one.
    func view(_ name: String, version: Int? = nil) throws -> StoredView {
        if let version {
            guard let view = try stored(name, version) else {
                throw ViewError.noVersion(name: name, version: version, known: try versions(name))
            }
            return view
        }
        try requireUnchanged(name)
        if let active = try active(name) { return active }
        guard let definition = files.definition(named: name) else {
            throw ViewError.unknown(name: name, known: try names())
        }
        return try adopt(definition)
    }

    /// The view that answers; `nil` if there is none yet.
    func active(_ name: String) throws -> StoredView? {
        try store.environment.read { transaction in
            guard let version = try catalogue.version(.active, of: name, in: transaction) else {
                return nil
            }
            return try catalogue.view(name, version, in: transaction)
        }
    }

    func stored(_ name: String, _ version: Int) throws -> StoredView? {
        try store.environment.read { try catalogue.view(name, version, in: $0) }
    }

    func versions(_ name: String) throws -> [Int] {
        try store.environment.read { transaction in
            try catalogue.views(in: transaction).filter { $0.name == name }.map(\.version)
        }
    }

    /// Where a view's rows stand.
    func rows(of view: StoredView) throws -> StoredRows {
        try store.environment.read { try rows(of: view, in: $0) }
    }

    /// The same as a transaction sees it: another process may have put other rows in their place,
    /// so whatever is read of a view is read in one transaction, from its rows' number on.
    func rows(
        of view: StoredView,
        in transaction: borrowing ReadTransaction
    ) throws -> StoredRows {
        guard let now = try catalogue.view(view.name, view.version, in: transaction) else {
            let known = try catalogue.views(in: transaction)
            throw ViewError.noVersion(
                name: view.name,
                version: view.version,
                known: known.filter { $0.name == view.name }.map(\.version)
            )
        }
        guard let rows = try catalogue.rows(now.rows, in: transaction) else {
            throw ViewError.damaged
        }
        return rows
    }

    /// Refuses a definition that was changed without raising its version.
    func requireUnchanged(_ name: String) throws {
        guard let definition = files.definition(named: name),
            let view = try stored(name, definition.version), view.hash != definition.hash
        else { return }
        throw ViewError.changed(
            name: name,
            version: definition.version,
            file: files.path(of: name),
            was: "\(view.hash)",
            now: "\(definition.hash)"
        )
    }

    /// Makes the first view of a projection; it answers at once.
    private func adopt(_ definition: Definition) throws -> StoredView {
        guard !isReadOnly else { throw ViewError.notBuilt(name: definition.name) }
        return try store.write { transaction in
            if let version = try catalogue.version(.active, of: definition.name, in: transaction),
                let view = try catalogue.view(definition.name, version, in: transaction)
            {
                return view
            }
            let rows = try catalogue.makeRows(definition.foldHash, in: &transaction)
            let view = StoredView(definition, rows: rows.number)
            try catalogue.put(view, in: &transaction)
            try catalogue.point(
                .active,
                of: definition.name,
                to: definition.version,
                in: &transaction
            )
            return view
        }
    }
}

extension StoredView {
    init(_ definition: Definition, rows: UInt32) {
        self.init(
            name: definition.name,
            version: definition.version,
            hash: definition.hash,
            rows: rows,
            madeAt: Clock.microseconds,
            text: definition.text
        )
    }
}
