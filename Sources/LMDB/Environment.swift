internal import CLMDB
internal import Glibc

/// An LMDB environment: a folder with one memory-mapped file, many readers and one writer.
///
/// Every commit is synchronous; the map is never writable. Rules that callers must keep: a
/// transaction's closure does not open another transaction, and does not wait for a thread that
/// might (growing the map waits until this process has no transaction open).
@safe package final class Environment: Sendable {
    // LMDB guards the environment's own state; `gate` guards the one thing it does not, which is
    // changing the map's size while a transaction of this process is open.
    nonisolated(unsafe) let handle: OpaquePointer
    let gate = Gate()
    /// The environment's folder.
    package let path: String
    /// Whether writes are refused.
    package let isReadOnly: Bool

    /// How an environment is opened.
    package struct Options: Sendable {
        /// Bytes of address space to begin with; the file itself grows as it is filled.
        package var mapSize: Int
        /// How many named databases there may be.
        package var databases: Int
        /// Refuses writes and makes nothing.
        package var readOnly: Bool

        package init(mapSize: Int = 1 << 34, databases: Int = 8, readOnly: Bool = false) {
            self.mapSize = mapSize
            self.databases = databases
            self.readOnly = readOnly
        }
    }

    /// Opens the environment in an existing folder.
    ///
    /// A read-only environment in a folder whose lock file may not be written is opened without
    /// LMDB's lock, which is safe only while nobody writes there.
    package init(path: String, options: Options) throws(LMDBError) {
        self.path = path
        isReadOnly = options.readOnly
        let flags = UInt32(MDB_NOTLS) | (options.readOnly ? UInt32(MDB_RDONLY) : 0)
        do throws(LMDBError) {
            unsafe handle = try Self.open(path, options, flags)
        } catch {
            guard options.readOnly, error.isAccess else { throw error }
            unsafe handle = try Self.open(path, options, flags | UInt32(MDB_NOLOCK))
        }
        var cleared: Int32 = 0
        unsafe _ = mdb_reader_check(handle, &cleared)
    }

    deinit { unsafe mdb_env_close(handle) }

    private static func open(
        _ path: String,
        _ options: Options,
        _ flags: UInt32
    ) throws(LMDBError) -> OpaquePointer {
        var created: OpaquePointer?
        try unsafe check(mdb_env_create(&created), "mdb_env_create")
        guard let handle = unsafe created else {
            throw LMDBError(code: ENOMEM, operation: "mdb_env_create")
        }
        do throws(LMDBError) {
            try unsafe check(mdb_env_set_maxdbs(handle, UInt32(options.databases)), "maxdbs")
            try unsafe check(mdb_env_set_maxreaders(handle, 512), "mdb_env_set_maxreaders")
            try unsafe check(mdb_env_set_mapsize(handle, options.mapSize), "mdb_env_set_mapsize")
            try unsafe check(mdb_env_open(handle, path, flags, 0o600), "mdb_env_open")
            try unsafe checkLength(handle, path)
        } catch {
            unsafe mdb_env_close(handle)
            throw error
        }
        return unsafe handle
    }

    /// Refuses a file that is shorter than the pages it says it has: to read them from the map
    /// would end the process.
    private static func checkLength(_ handle: OpaquePointer, _ path: String) throws(LMDBError) {
        var information = unsafe MDB_envinfo()
        var statistics = MDB_stat()
        var file = stat()
        guard unsafe mdb_env_info(handle, &information) == 0,
            unsafe mdb_env_stat(handle, &statistics) == 0,
            unsafe stat("\(path)/data.mdb", &file) == 0
        else { return }
        let pages = unsafe information.me_last_pgno + 1
        // A last page that a transaction took and gave back is never written.
        let given = pages > 64 ? 8 : 0
        if Int(file.st_size) < (pages - given) * Int(statistics.ms_psize) {
            throw LMDBError(code: MDB_CORRUPTED, operation: "data.mdb is shorter than its pages")
        }
    }

    /// The database of a name, made if need be; `nil` where nothing can be made and it is not there.
    ///
    /// For what older environments lack; call it before any other transaction.
    package func openIfPresent(_ name: String, _ kind: KeyKind) throws(LMDBError) -> Database? {
        do throws(LMDBError) {
            return try open([(name, kind)]).first
        } catch {
            guard isReadOnly, error.code == MDB_NOTFOUND else { throw error }
            return nil
        }
    }

    /// Opens (or makes) the named databases; call it once, before any other transaction.
    package func open(_ names: [(String, KeyKind)]) throws(LMDBError) -> [Database] {
        gate.lockShared()
        defer { gate.unlock() }
        var databases: [Database] = []
        if isReadOnly {
            // Handles opened in a transaction last only if it commits, even a reading one.
            let transaction = try unsafe begin { handle throws(LMDBError) in
                try unsafe ReadTransaction(environment: handle)
            }
            for (name, kind) in names {
                databases.append(try transaction.open(name, kind))
            }
            try transaction.commit()
        } else {
            let transaction = try unsafe begin { handle throws(LMDBError) in
                try unsafe WriteTransaction(environment: handle)
            }
            for (name, kind) in names {
                databases.append(try transaction.open(name, kind, create: true))
            }
            try transaction.commit()
        }
        return databases
    }

    /// Runs `body` on a snapshot.
    ///
    /// - Throws: `LMDBError` when the snapshot cannot be had, else what `body` throws.
    package func read<R>(_ body: (consuming ReadTransaction) throws -> R) throws -> R {
        gate.lockShared()
        defer { gate.unlock() }
        let transaction = try unsafe begin { handle throws(LMDBError) in
            try unsafe ReadTransaction(environment: handle)
        }
        return try body(transaction)
    }

    /// Runs `body` in a write transaction and commits it when `body` returns.
    ///
    /// Returns only after the commit is on disk. When `body` throws, nothing has happened.
    package func write<R>(_ body: (inout WriteTransaction) throws -> R) throws -> R {
        gate.lockShared()
        defer { gate.unlock() }
        var transaction = try unsafe begin { handle throws(LMDBError) in
            try unsafe WriteTransaction(environment: handle)
        }
        let result = try body(&transaction)
        try transaction.commit()
        return result
    }

    /// Begins a transaction; follows another process that has grown the map.
    private func begin<T: ~Copyable>(
        _ make: (OpaquePointer) throws(LMDBError) -> T
    ) throws(LMDBError) -> T {
        while true {
            do throws(LMDBError) {
                return try unsafe make(handle)
            } catch {
                guard error.isMapResized else { throw error }
            }
            gate.unlock()
            let adopted = Result { () throws(LMDBError) in try resize(to: 0) }
            gate.lockShared()
            try adopted.get()
        }
    }

    /// Doubles the map.
    ///
    /// Waits until this process has no transaction open.
    package func grow() throws(LMDBError) {
        var information = unsafe MDB_envinfo()
        try unsafe check(mdb_env_info(handle, &information), "mdb_env_info")
        try resize(to: unsafe information.me_mapsize * 2)
    }

    /// Sets the map's size; 0 takes the size that another process has set.
    private func resize(to size: Int) throws(LMDBError) {
        gate.lockExclusive()
        defer { gate.unlock() }
        try unsafe check(mdb_env_set_mapsize(handle, size), "mdb_env_set_mapsize")
    }

    /// The map's size in bytes.
    package var mapSize: Int {
        var information = unsafe MDB_envinfo()
        return unsafe mdb_env_info(handle, &information) == 0 ? information.me_mapsize : 0
    }

    /// Frees the reader slots of processes that died; returns how many.
    @discardableResult
    package func clearStaleReaders() -> Int {
        var cleared: Int32 = 0
        return unsafe mdb_reader_check(handle, &cleared) == 0 ? Int(cleared) : 0
    }
}
