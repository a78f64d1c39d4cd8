package import Bytes
internal import LMDB

/// A key of the log, and what it signed.
package struct LogKey: Hashable, Sendable {
    /// The key in C2SP's form.
    package let vkey: String
    /// The event that names it.
    package let sequence: UInt64
    /// When that was recorded: the key was made just before.
    package let created: Timestamp?
    /// When the event that names the next key was recorded; `nil` for the key that signs now.
    package let retired: Timestamp?
    /// The first checkpoint size that it signs.
    package let from: UInt64
    /// The last checkpoint size that it signed so far; `nil` if it has signed none.
    package let until: UInt64?
}

extension Ledger {
    /// The keys, oldest first, each with the checkpoint sizes that it signs.
    ///
    /// An event that names the next key is the last that is signed under the one before, so their
    /// ranges follow each other without a gap.
    package func keys() throws -> [LogKey] {
        try read { snapshot in
            let size = try snapshot.size
            let named = try KeyHistory.scan(snapshot, 0..<size)
            var keys: [LogKey] = []
            for (place, (sequence, vkey)) in named.enumerated() {
                let next = place + 1 < named.count ? named[place + 1].sequence : nil
                let from = sequence == 0 ? 1 : sequence + 2
                let until = next.map { $0 + 1 } ?? size
                keys.append(
                    LogKey(
                        vkey: vkey,
                        sequence: sequence,
                        created: try snapshot.line(at: sequence)?.recordedTime,
                        retired: try next.flatMap { try snapshot.line(at: $0)?.recordedTime },
                        from: from,
                        until: until < from ? nil : until
                    )
                )
            }
            return keys
        }
    }
}
