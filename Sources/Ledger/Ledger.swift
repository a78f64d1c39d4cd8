internal import Bytes
internal import Digest
internal import LMDB
internal import Merkle
internal import POSIX

/// A ledger: a folder with a log, its keys and its configuration.
///
/// Opened for reading it needs no key and changes nothing; opened for appending it has a writer,
/// which its owner stops.
package final class Ledger: Sendable {
    /// The ledger's folder.
    package let path: String
    /// The log's name in every checkpoint.
    package let origin: String
    /// The vkey under which the log began; a verifier starts from it.
    package let firstKey: String
    let store: Store
    let headFile: HeadFile
    /// The writer; `nil` when the ledger was opened for reading.
    package let writer: Writer?

    /// How a ledger is opened.
    package struct Options: Sendable {
        /// Starts a writer; else the ledger is read only.
        package var appends: Bool
        /// Where the highest known head is kept; `nil` for the default place.
        package var headFile: String?
        /// Bytes of address space of the log's map to begin with.
        package var mapSize: Int
        /// Who appends: stands in every event that names nobody; `nil` for a service.
        package var actor: Actor?
        /// Appends even where the head file knows a longer or another log.
        var acceptsAnyHead = false

        package init(
            appends: Bool,
            headFile: String? = nil,
            mapSize: Int = 1 << 34,
            actor: Actor? = nil
        ) {
            self.appends = appends
            self.headFile = headFile
            self.mapSize = mapSize
            self.actor = actor
        }
    }

    /// Makes a ledger in a folder that has none: a key, and an event that names it.
    package static func create(
        path: String,
        origin: String,
        options: Options
    ) throws(LedgerError) {
        guard !Files.exists("\(path)/log/data.mdb") else { throw .exists(path: path) }
        try checkOrigin(origin)
        do throws(SystemError) {
            try Files.makeFolder("\(path)/log")
            // LMDB maps its lock file, and a map that the disk has no room for ends the process.
            if let free = Files.freeSpace(path), free < Limits.newLedgerBytes {
                throw SystemError(code: noSpaceCode, operation: "make a ledger in", object: path)
            }
        } catch {
            throw .system(error)
        }
        let keys = KeyFiles(ledger: path)
        let signer = try keys.generate(origin: origin)
        do {
            let store = try Store(folder: path, options: .init(mapSize: options.mapSize))
            try store.environment.write { transaction in
                try store.put(Store.formatVersion, for: .version, in: &transaction)
                try store.put(origin, for: .origin, in: &transaction)
                try store.put(signer.vkey.description, for: .key, in: &transaction)
            }
            var committer = Committer(store: store, keys: keys, origin: origin, signer: signer)
            let draft = AdminEvent.created(vkey: signer.vkey.description)
            let batch = Batch(groups: [[try PreparedDraft(draft)]])
            let result = try committer.commit(batch)
            // A head that is known from a ledger that was here before is not this one's.
            let headFile = HeadFile(path: options.headFile ?? HeadFile.defaultPath(ledger: path))
            try headFile.replace(with: result.note)
        } catch {
            // What is half made would keep the next try from making it.
            Files.removeTree("\(path)/log")
            keys.retire(signer)
            throw LedgerError(error)
        }
    }

    /// Opens the ledger in a folder.
    package init(path: String, options: Options) throws(LedgerError) {
        guard Files.exists("\(path)/log/data.mdb") else { throw .missing(path: path) }
        self.path = path
        do {
            store = try Store(
                folder: path,
                options: .init(mapSize: options.mapSize, readOnly: !options.appends)
            )
        } catch {
            throw LedgerError(error)
        }
        let identity = try Self.readIdentity(store, path)
        origin = identity.origin
        firstKey = identity.firstKey
        headFile = HeadFile(
            path: options.headFile
                ?? HeadFile.defaultPath(ledger: path)
        )
        guard options.appends else {
            writer = nil
            return
        }
        let keys = KeyFiles(ledger: path)
        let signer = try Self.signer(keys, identity, store, path)
        if !options.acceptsAnyHead { try Self.checkHead(headFile, store) }
        let committer = Committer(store: store, keys: keys, origin: origin, signer: signer)
        writer = try Writer(committer, headFile: headFile, folder: path, actor: options.actor)
    }

    /// Runs `body` on the log as it stands now; nothing of it can be kept beyond the call.
    ///
    /// Keep it short: the space of what is replaced meanwhile cannot be used again.
    package func read<R>(_ body: (borrowing Snapshot) throws -> R) throws -> R {
        try store.environment.read { transaction in
            try body(Snapshot(transaction, store))
        }
    }

    /// Frees the reader slots of processes that died; returns how many.
    @discardableResult
    package func clearStaleReaders() -> Int { store.environment.clearStaleReaders() }

    /// Bytes of address space of the log's map.
    package var mapSize: Int { store.environment.mapSize }

    /// Ends the writer after what waits is written.
    package func close() { writer?.stop() }

    /// Makes a new key and changes to it: an event under the old key names the new one.
    ///
    /// - Returns: the new key's vkey and the receipt of the event that names it.
    package func rotateKey() throws -> (vkey: String, receipt: Receipt) {
        guard let writer else { throw AppendError.stopped }
        let signer = try KeyFiles(ledger: path).generate(origin: origin)
        let receipts = try writer.append([AdminEvent.rotated(to: signer.vkey.description)])
        return (signer.vkey.description, receipts[0])
    }
}

extension Ledger {
    private struct Identity {
        let origin: String
        let firstKey: String
        let currentKey: String
    }

    private static func readIdentity(_ store: Store, _ path: String) throws(LedgerError) -> Identity
    {
        do {
            return try store.environment.read { transaction in
                guard let version = try store.text(.version, in: transaction) else {
                    throw LedgerError.damaged(
                        "\(path)/log is not a ledger: it has no format version"
                    )
                }
                guard version == Store.formatVersion else {
                    throw LedgerError.newerVersion(found: version, path: path)
                }
                guard let origin = try store.text(.origin, in: transaction),
                    let key = try store.text(.key, in: transaction),
                    let line = try transaction.value(for: 0, in: store.lines),
                    let first = AdminEvent.namedKey(Line(line))
                else {
                    throw LedgerError.damaged(
                        "the log in \(path) does not name its origin and key; "
                            + "run \"daybook verify\""
                    )
                }
                return Identity(origin: origin, firstKey: first, currentKey: key)
            }
        } catch {
            throw LedgerError(error)
        }
    }

    /// The key that signs now.
    private static func signer(
        _ keys: KeyFiles,
        _ identity: Identity,
        _ store: Store,
        _ path: String
    ) throws(LedgerError) -> Signer {
        do throws(LedgerError) {
            return try keys.load(identity.currentKey)
        } catch {
            // Another process may have changed the key since, and deleted this one.
            let now = try readIdentity(store, path)
            guard now.currentKey != identity.currentKey else { throw error }
            return try signer(keys, now, store, path)
        }
    }

    /// Refuses a log that is shorter than, or another than, the highest head known.
    static func checkHead(_ headFile: HeadFile, _ store: Store) throws(LedgerError) {
        guard let known = try headFile.read() else { return }
        do {
            try store.environment.read { transaction in
                let snapshot = Snapshot(transaction, store)
                let size = try snapshot.size
                guard known.size <= size else {
                    throw LedgerError.rolledBack(
                        "the log has \(size) events, but \(headFile.path) knows of \(known.size): "
                            + "an old copy was restored or its tail was cut; nothing is appended. "
                            + "To go on with what there is: daybook restore"
                    )
                }
                guard try snapshot.root(size: known.size) == known.root else {
                    throw LedgerError.rolledBack(
                        "the log's first \(known.size) events are not those that "
                            + "\(headFile.path) knows; nothing is appended. "
                            + "To go on with them all the same: daybook restore"
                    )
                }
            }
        } catch {
            throw LedgerError(error)
        }
    }

    private static func checkOrigin(_ origin: String) throws(LedgerError) {
        let allowed = origin.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f && $0 != UInt8(ascii: "+") }
        guard allowed, !origin.isEmpty, origin.utf8.count <= 200 else {
            throw .origin(
                "the origin \"\(origin)\" cannot name a log; expected 1 to 200 visible ASCII "
                    + "characters without spaces and +, such as shop.example.com/daybook"
            )
        }
    }
}

extension LedgerError {
    /// Takes an error of any layer below.
    init(_ error: any Error) {
        switch error {
        case let error as LedgerError: self = error
        case let error as LMDBError: self = .storage(error)
        case let error as SystemError: self = .system(error)
        default: self = .damaged("\(error)")
        }
    }
}
