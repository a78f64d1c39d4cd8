internal import CLMDB

/// A walk over a database in key order, inside a transaction.
///
/// Call `next()` until it says `false`; between calls `key` and `value` lend the record out.
@safe package struct Cursor: ~Copyable, ~Escapable {
    private let handle: OpaquePointer
    private var currentKey = unsafe MDB_val()
    private var currentValue = unsafe MDB_val()
    private var operation: MDB_cursor_op
    private var start: [UInt8]

    @_lifetime(borrow transaction)
    init<T: Transaction & ~Copyable>(
        _ transaction: borrowing T,
        _ handle: OpaquePointer,
        _ database: Database,
        from key: [UInt8]?
    ) throws(LMDBError) {
        var cursor: OpaquePointer?
        try unsafe check(mdb_cursor_open(handle, database.handle, &cursor), "mdb_cursor_open")
        guard let cursor = unsafe cursor else {
            throw LMDBError(code: MDB_PANIC, operation: "mdb_cursor_open")
        }
        unsafe self.handle = cursor
        operation = key == nil ? MDB_FIRST : MDB_SET_RANGE
        start = key ?? []
    }

    deinit { unsafe mdb_cursor_close(handle) }

    /// Moves to the next record (the first call: to the start); `false` at the end.
    @_lifetime(self: copy self)
    package mutating func next() throws(LMDBError) -> Bool {
        if operation == MDB_SET_RANGE { return try seek() }
        // Beyond the end there is nothing more, only what is before.
        if operation == MDB_LAST { return false }
        let next = operation
        operation = MDB_NEXT
        return try move(next)
    }

    /// Moves to the record before; from the end, or before the first call, to the last one.
    ///
    /// - Returns: `false` if there is none.
    @_lifetime(self: copy self)
    package mutating func previous() throws(LMDBError) -> Bool {
        let previous = operation == MDB_NEXT ? MDB_PREV : MDB_LAST
        operation = MDB_NEXT
        return try move(previous)
    }

    /// Moves to the first record whose key is `key` or comes after it; `false` if there is none.
    @_lifetime(self: copy self)
    package mutating func seek(_ key: Span<UInt8>) throws(LMDBError) -> Bool {
        operation = MDB_NEXT
        var value = unsafe MDB_val()
        var found = unsafe MDB_val()
        let code = unsafe key.withUnsafeBytes { bytes in
            unsafe found = MDB_val(
                mv_size: bytes.count,
                mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
            )
            return unsafe mdb_cursor_get(handle, &found, &value, MDB_SET_RANGE)
        }
        if code == MDB_NOTFOUND {
            // LMDB leaves the cursor where `previous` finds the last record.
            operation = MDB_LAST
            return false
        }
        try check(code, "mdb_cursor_get")
        unsafe currentKey = found
        unsafe currentValue = value
        return true
    }

    @_lifetime(self: copy self)
    private mutating func seek() throws(LMDBError) -> Bool {
        let key = start
        return try seek(key.span)
    }

    @_lifetime(self: copy self)
    private mutating func move(_ operation: MDB_cursor_op) throws(LMDBError) -> Bool {
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        let code = unsafe mdb_cursor_get(handle, &key, &value, operation)
        if code == MDB_NOTFOUND { return false }
        try check(code, "mdb_cursor_get")
        unsafe currentKey = key
        unsafe currentValue = value
        return true
    }

    /// The record's integer key; `nil` if the key is not 8 bytes long.
    package var key: UInt64? { unsafe integer(currentKey) }

    /// The record's key as bytes, in place.
    package var keyBytes: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            unsafe _overrideLifetime(
                Span(_unsafeElements: bytes(currentKey)),
                borrowing: self
            )
        }
    }

    /// The record's value, in place.
    package var value: Span<UInt8> {
        @_lifetime(borrow self)
        get {
            unsafe _overrideLifetime(
                Span(_unsafeElements: bytes(currentValue)),
                borrowing: self
            )
        }
    }
}

extension ReadTransaction {
    /// A walk over `database` in key order, from the first key at or after `key`.
    @_lifetime(borrow self)
    package func cursor(
        over database: Database,
        from key: UInt64? = nil
    ) throws(LMDBError) -> Cursor {
        try unsafe Cursor(self, handle, database, from: key.map { nativeBytes($0) })
    }

    /// A walk over `database` in key order, from the first key at or after `key`.
    @_lifetime(borrow self)
    package func cursor(
        over database: Database,
        from key: [UInt8]
    ) throws(LMDBError) -> Cursor {
        try unsafe Cursor(self, handle, database, from: key)
    }
}

extension WriteTransaction {
    /// A walk over `database` in key order, from the first key at or after `key`; it ends before
    /// the next change.
    @_lifetime(borrow self)
    package func cursor(
        over database: Database,
        from key: [UInt8]
    ) throws(LMDBError) -> Cursor {
        try unsafe Cursor(self, handle, database, from: key)
    }
}

/// An integer key as it lies in memory.
private func nativeBytes(_ key: UInt64) -> [UInt8] {
    unsafe withUnsafeBytes(of: key) { unsafe Array($0) }
}
