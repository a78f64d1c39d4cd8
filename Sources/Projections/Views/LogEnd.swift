internal import Bytes
internal import Ledger

/// Where the log ends: at a checkpoint.
struct LogEnd {
    let size: UInt64
    let root: Hash256

    init(_ snapshot: borrowing Snapshot) throws {
        size = try snapshot.size
        root = try size == 0 ? .zero : snapshot.root(size: size)
    }
}
