internal import CLMDB
internal import Glibc

/// What LMDB answered when it could not do a thing, and which operation asked.
///
/// `code` is LMDB's own number (below -30000) or an `errno`; the names are those of `lmdb.h`.
package struct LMDBError: Error, Equatable, CustomStringConvertible {
    /// LMDB's return code or an `errno`.
    package let code: Int32
    /// The C function that returned it.
    package let operation: String

    package init(code: Int32, operation: String) {
        self.code = code
        self.operation = operation
    }

    /// The map has no room for another page: it must grow.
    package var isMapFull: Bool { code == MDB_MAP_FULL }
    /// Another process has grown the map past ours.
    package var isMapResized: Bool { code == MDB_MAP_RESIZED }
    /// The environment refuses everything until it is opened anew.
    package var isPanic: Bool { code == MDB_PANIC }
    /// The disk or the quota is full.
    package var isNoSpace: Bool { code == ENOSPC || code == EDQUOT }
    /// An input or output error; LMDB 0.9 reports a short write on a full disk as this, too.
    package var isIO: Bool { code == EIO }
    /// The folder or its files may not be written, or not be read.
    package var isAccess: Bool { code == EACCES || code == EROFS || code == EPERM }
    /// There is no such file.
    package var isMissing: Bool { code == ENOENT }
    /// The bytes on disk are not what LMDB wrote.
    package var isDamage: Bool {
        code == MDB_CORRUPTED || code == MDB_PAGE_NOTFOUND || code == MDB_INVALID
            || code == MDB_VERSION_MISMATCH
    }
    /// The key is there already.
    package var isKeyExists: Bool { code == MDB_KEYEXIST }

    package var description: String {
        "\(operation): \(unsafe String(cString: mdb_strerror(code))) (\(code))"
    }
}

/// Turns a C return code into a thrown error.
func check(_ code: Int32, _ operation: StaticString) throws(LMDBError) {
    if code != MDB_SUCCESS { throw LMDBError(code: code, operation: operation.description) }
}
