internal import CLMDB

// The C calls that both kinds of transaction make. Their results point into the memory map and
// are tied to the transaction by their callers.

func openDatabase(
    _ transaction: OpaquePointer,
    _ name: String,
    _ kind: KeyKind,
    create: Bool
) throws(LMDBError) -> Database {
    var flags: UInt32 = create ? UInt32(MDB_CREATE) : 0
    if case .integer = kind { flags |= UInt32(MDB_INTEGERKEY) }
    var handle: MDB_dbi = 0
    try unsafe check(mdb_dbi_open(transaction, name, flags, &handle), "mdb_dbi_open")
    return Database(handle: handle)
}

func lookUp(
    _ transaction: OpaquePointer,
    _ key: UInt64,
    _ database: Database
) throws(LMDBError) -> UnsafeBufferPointer<UInt8>? {
    var found = unsafe MDB_val()
    let code = unsafe withUnsafePointer(to: key) { pointer in
        var value = unsafe MDB_val(
            mv_size: 8,
            mv_data: UnsafeMutableRawPointer(mutating: pointer)
        )
        return unsafe mdb_get(transaction, database.handle, &value, &found)
    }
    return try unsafe buffer(code, found)
}

func lookUp(
    _ transaction: OpaquePointer,
    _ key: Span<UInt8>,
    _ database: Database
) throws(LMDBError) -> UnsafeBufferPointer<UInt8>? {
    var found = unsafe MDB_val()
    let code = unsafe key.withUnsafeBytes { bytes in
        var value = unsafe MDB_val(
            mv_size: bytes.count,
            mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        )
        return unsafe mdb_get(transaction, database.handle, &value, &found)
    }
    return try unsafe buffer(code, found)
}

private func buffer(
    _ code: Int32,
    _ found: MDB_val
) throws(LMDBError) -> UnsafeBufferPointer<UInt8>? {
    if code == MDB_NOTFOUND { return nil }
    try check(code, "mdb_get")
    return unsafe bytes(found)
}

/// A record's bytes where they lie; LMDB gives a null pointer for an empty one.
func bytes(_ value: MDB_val) -> UnsafeBufferPointer<UInt8> {
    unsafe UnsafeBufferPointer(
        start: value.mv_data?.assumingMemoryBound(to: UInt8.self),
        count: value.mv_size
    )
}

func store(
    _ transaction: OpaquePointer,
    _ value: Span<UInt8>,
    _ key: UInt64,
    _ database: Database,
    _ flags: UInt32
) throws(LMDBError) {
    let code = unsafe withUnsafePointer(to: key) { pointer in
        var keyValue = unsafe MDB_val(
            mv_size: 8,
            mv_data: UnsafeMutableRawPointer(mutating: pointer)
        )
        return unsafe put(transaction, &keyValue, value, database, flags)
    }
    try check(code, "mdb_put")
}

func store(
    _ transaction: OpaquePointer,
    _ value: Span<UInt8>,
    _ key: Span<UInt8>,
    _ database: Database,
    _ flags: UInt32
) throws(LMDBError) {
    let code = unsafe key.withUnsafeBytes { bytes in
        var keyValue = unsafe MDB_val(
            mv_size: bytes.count,
            mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        )
        return unsafe put(transaction, &keyValue, value, database, flags)
    }
    try check(code, "mdb_put")
}

private func put(
    _ transaction: OpaquePointer,
    _ key: inout MDB_val,
    _ value: Span<UInt8>,
    _ database: Database,
    _ flags: UInt32
) -> Int32 {
    unsafe value.withUnsafeBytes { bytes in
        var data = unsafe MDB_val(
            mv_size: bytes.count,
            mv_data: UnsafeMutableRawPointer(mutating: bytes.baseAddress)
        )
        return unsafe mdb_put(transaction, database.handle, &key, &data, flags)
    }
}

func lastIntegerKey(
    _ transaction: OpaquePointer,
    _ database: Database
) throws(LMDBError) -> UInt64? {
    var cursor: OpaquePointer?
    try unsafe check(mdb_cursor_open(transaction, database.handle, &cursor), "mdb_cursor_open")
    defer { unsafe mdb_cursor_close(cursor) }
    var key = unsafe MDB_val()
    var value = unsafe MDB_val()
    let code = unsafe mdb_cursor_get(cursor, &key, &value, MDB_LAST)
    if code == MDB_NOTFOUND { return nil }
    try check(code, "mdb_cursor_get")
    return unsafe integer(key)
}

func integer(_ key: MDB_val) -> UInt64? {
    guard unsafe key.mv_size == 8 else { return nil }
    return unsafe key.mv_data?.loadUnaligned(as: UInt64.self)
}

func entryCount(_ transaction: OpaquePointer, _ database: Database) throws(LMDBError) -> UInt64 {
    var statistics = MDB_stat()
    try unsafe check(mdb_stat(transaction, database.handle, &statistics), "mdb_stat")
    return UInt64(statistics.ms_entries)
}
