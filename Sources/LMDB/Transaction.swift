internal import CLMDB

/// Reading inside a transaction: what it lends out cannot outlive it.
package protocol Transaction: ~Copyable {
    /// The bytes stored under an integer key, in place in the memory map; `nil` if there are none.
    @_lifetime(borrow self)
    func value(for key: UInt64, in database: Database) throws(LMDBError) -> Span<UInt8>?

    /// The bytes stored under a byte key, in place in the memory map; `nil` if there are none.
    @_lifetime(borrow self)
    func value(for key: Span<UInt8>, in database: Database) throws(LMDBError) -> Span<UInt8>?

    /// The greatest integer key, `nil` if the database is empty.
    func lastKey(in database: Database) throws(LMDBError) -> UInt64?

    /// The number of records.
    func count(of database: Database) throws(LMDBError) -> UInt64
}

/// A snapshot of the environment.
///
/// Spans read from it cannot outlive it.
@safe package struct ReadTransaction: ~Copyable, Transaction {
    let handle: OpaquePointer

    init(environment: OpaquePointer) throws(LMDBError) {
        var handle: OpaquePointer?
        try unsafe check(
            mdb_txn_begin(environment, nil, UInt32(MDB_RDONLY), &handle),
            "mdb_txn_begin"
        )
        guard let handle = unsafe handle else {
            throw LMDBError(code: MDB_PANIC, operation: "mdb_txn_begin")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe mdb_txn_abort(handle) }

    /// Ends the transaction so that the handles it opened last.
    consuming func commit() throws(LMDBError) {
        let handle = unsafe handle
        discard self
        try unsafe check(mdb_txn_commit(handle), "mdb_txn_commit")
    }

    /// Opens a named database that is there.
    func open(_ name: String, _ kind: KeyKind) throws(LMDBError) -> Database {
        try unsafe openDatabase(handle, name, kind, create: false)
    }

    @_lifetime(borrow self)
    package func value(for key: UInt64, in database: Database) throws(LMDBError) -> Span<UInt8>? {
        guard let found = try unsafe lookUp(handle, key, database) else { return nil }
        return unsafe _overrideLifetime(Span(_unsafeElements: found), borrowing: self)
    }

    @_lifetime(borrow self)
    package func value(
        for key: Span<UInt8>,
        in database: Database
    ) throws(LMDBError) -> Span<UInt8>? {
        guard let found = try unsafe lookUp(handle, key, database) else { return nil }
        return unsafe _overrideLifetime(Span(_unsafeElements: found), borrowing: self)
    }

    package func lastKey(in database: Database) throws(LMDBError) -> UInt64? {
        try unsafe lastIntegerKey(handle, database)
    }

    package func count(of database: Database) throws(LMDBError) -> UInt64 {
        try unsafe entryCount(handle, database)
    }
}

/// A write transaction.
///
/// It commits when its closure returns and aborts when it throws.
///
/// Begin, use and end happen on one thread, as LMDB's writer lock belongs to the thread;
/// `Environment.write` guarantees it. Spans read from it end before the next change.
@safe package struct WriteTransaction: ~Copyable, Transaction {
    let handle: OpaquePointer

    init(environment: OpaquePointer) throws(LMDBError) {
        var handle: OpaquePointer?
        try unsafe check(mdb_txn_begin(environment, nil, 0, &handle), "mdb_txn_begin")
        guard let handle = unsafe handle else {
            throw LMDBError(code: MDB_PANIC, operation: "mdb_txn_begin")
        }
        unsafe self.handle = handle
    }

    deinit { unsafe mdb_txn_abort(handle) }

    consuming func commit() throws(LMDBError) {
        let handle = unsafe handle
        discard self
        try unsafe check(mdb_txn_commit(handle), "mdb_txn_commit")
    }

    /// Opens a named database, making it if need be.
    func open(_ name: String, _ kind: KeyKind, create: Bool) throws(LMDBError) -> Database {
        try unsafe openDatabase(handle, name, kind, create: create)
    }

    @_lifetime(borrow self)
    package func value(for key: UInt64, in database: Database) throws(LMDBError) -> Span<UInt8>? {
        guard let found = try unsafe lookUp(handle, key, database) else { return nil }
        return unsafe _overrideLifetime(Span(_unsafeElements: found), borrowing: self)
    }

    @_lifetime(borrow self)
    package func value(
        for key: Span<UInt8>,
        in database: Database
    ) throws(LMDBError) -> Span<UInt8>? {
        guard let found = try unsafe lookUp(handle, key, database) else { return nil }
        return unsafe _overrideLifetime(Span(_unsafeElements: found), borrowing: self)
    }

    package func lastKey(in database: Database) throws(LMDBError) -> UInt64? {
        try unsafe lastIntegerKey(handle, database)
    }

    package func count(of database: Database) throws(LMDBError) -> UInt64 {
        try unsafe entryCount(handle, database)
    }

    /// Stores `value` under an integer key, replacing what was there.
    package mutating func put(
        _ value: Span<UInt8>,
        for key: UInt64,
        in database: Database
    ) throws(LMDBError) {
        try unsafe store(handle, value, key, database, 0)
    }

    /// Stores `value` under a key greater than all there are; a key that is not is an error.
    package mutating func append(
        _ value: Span<UInt8>,
        for key: UInt64,
        in database: Database
    ) throws(LMDBError) {
        try unsafe store(handle, value, key, database, UInt32(MDB_APPEND))
    }

    /// Stores `value` under a byte key, replacing what was there.
    package mutating func put(
        _ value: Span<UInt8>,
        for key: Span<UInt8>,
        in database: Database
    ) throws(LMDBError) {
        try unsafe store(handle, value, key, database, 0)
    }

    /// Stores `value` under a byte key unless the key is there; says whether it did.
    package mutating func insert(
        _ value: Span<UInt8>,
        for key: Span<UInt8>,
        in database: Database
    ) throws(LMDBError) -> Bool {
        do throws(LMDBError) {
            try unsafe store(handle, value, key, database, UInt32(MDB_NOOVERWRITE))
            return true
        } catch {
            if error.isKeyExists { return false }
            throw error
        }
    }

    /// Removes the record under an integer key; says whether there was one.
    package mutating func remove(_ key: UInt64, in database: Database) throws(LMDBError) -> Bool {
        var key = key
        let code = unsafe withUnsafeMutableBytes(of: &key) { bytes in
            var value = unsafe MDB_val(mv_size: bytes.count, mv_data: bytes.baseAddress)
            return unsafe mdb_del(handle, database.handle, &value, nil)
        }
        if code == MDB_NOTFOUND { return false }
        try check(code, "mdb_del")
        return true
    }

    /// Removes the record under a byte key; says whether there was one.
    package mutating func remove(
        _ key: Span<UInt8>,
        in database: Database
    ) throws(LMDBError) -> Bool {
        let code = unsafe key.withUnsafeBytes { bytes in
            var value = unsafe MDB_val(
                mv_size: bytes.count,
                mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            )
            return unsafe mdb_del(handle, database.handle, &value, nil)
        }
        if code == MDB_NOTFOUND { return false }
        try check(code, "mdb_del")
        return true
    }
}
