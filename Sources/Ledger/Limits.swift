/// The ledger's limits, each with its reason.
package enum Limits {
    /// Bytes of a line: an entry of a C2SP entry bundle has a 16-bit length.
    package static let lineBytes = 65_535
    /// Bytes of a body record: what one webhook may bring, with its headers and some room.
    package static let bodyBytes = 80 << 20
    /// Events in one commit: LMDB stops gaining at about 512, imports gain a little more.
    package static let commitEvents = 4096
    /// Bytes of drafts in one commit, so that one transaction's dirty pages stay bounded.
    package static let commitBytes = 32 << 20
    /// Groups of drafts that may wait for the writer; beyond it callers are told to come back.
    package static let queueGroups = 8192
    /// Bytes of drafts that may wait for the writer.
    package static let queueBytes = 256 << 20
    /// Seconds that the head file may lag behind the log while a server runs.
    package static let headFileSeconds: UInt64 = 1
    /// Free bytes without which no ledger is made.
    static let newLedgerBytes: UInt64 = 1 << 20
    /// Free bytes below which LMDB's input/output error (a short write) means a full disk.
    static let diskReserve: UInt64 = 64 << 20
}
