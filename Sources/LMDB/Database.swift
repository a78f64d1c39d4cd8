internal import CLMDB

/// A named database inside an environment: a handle that stays valid as long as the environment.
package struct Database: Sendable, Hashable {
    let handle: MDB_dbi
}

/// How a database's keys are ordered.
package enum KeyKind: Sendable {
    /// Native 64-bit integers (`MDB_INTEGERKEY`): compact, in numeric order.
    case integer
    /// Byte strings in lexicographic order, at most 511 bytes.
    case bytes
}
