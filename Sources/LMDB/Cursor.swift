internal import CLMDB

/// A walk over a database in key order, inside a read transaction.
///
/// Call `next()` until it says `false`; between calls `key` and `value` lend the record out.
@safe package struct Cursor: ~Copyable, ~Escapable {
    private let handle: OpaquePointer
    private var currentKey = unsafe MDB_val()
    private var currentValue = unsafe MDB_val()
    private var operation: MDB_cursor_op
    private let start: UInt64

    @_lifetime(borrow transaction)
    init(
        _ transaction: borrowing ReadTransaction,
        _ database: Database,
        from key: UInt64?
    ) throws(LMDBError) {
        var cursor: OpaquePointer?
        try unsafe check(
            mdb_cursor_open(transaction.handle, database.handle, &cursor),
            "mdb_cursor_open"
        )
        guard let cursor = unsafe cursor else {
            throw LMDBError(code: MDB_PANIC, operation: "mdb_cursor_open")
        }
        unsafe handle = cursor
        operation = key == nil ? MDB_FIRST : MDB_SET_RANGE
        start = key ?? 0
    }

    deinit { unsafe mdb_cursor_close(handle) }

    /// Moves to the next record (the first call: to the start); `false` at the end.
    @_lifetime(self: copy self)
    package mutating func next() throws(LMDBError) -> Bool {
        var key = unsafe MDB_val()
        var value = unsafe MDB_val()
        let code =
            operation == MDB_SET_RANGE
            ? unsafe seek(handle, start, &key, &value)
            : unsafe mdb_cursor_get(handle, &key, &value, operation)
        operation = MDB_NEXT
        unsafe currentKey = key
        unsafe currentValue = value
        if code == MDB_NOTFOUND { return false }
        try check(code, "mdb_cursor_get")
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
        try Cursor(self, database, from: key)
    }
}

private func seek(
    _ cursor: OpaquePointer,
    _ start: UInt64,
    _ key: inout MDB_val,
    _ value: inout MDB_val
) -> Int32 {
    unsafe withUnsafePointer(to: start) { pointer in
        unsafe key = MDB_val(mv_size: 8, mv_data: UnsafeMutableRawPointer(mutating: pointer))
        return unsafe mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE)
    }
}
