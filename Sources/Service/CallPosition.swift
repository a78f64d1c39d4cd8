internal import Bytes
internal import JSON
internal import Ledger
internal import Outbound
internal import POSIX

/// From where on the log must be read again at a start to know of calls: a derived file, without
/// which all of the log is read.
struct CallPosition: Sendable {
    /// How far back limits reach, at most: the longest window that is counted by times.
    private static let horizon: Int64 = 31 * 86_400 * 1_000_000
    /// Events that are read under one read transaction.
    private static let chunk: UInt64 = 50_000

    private let ledger: Ledger
    private var path: String { "\(ledger.path)/views/calls" }

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// Reads what the log says of calls; `window` is the longest that a service has, in seconds.
    func recall(window seconds: Int, at now: Timestamp) throws -> (CallRecall, size: UInt64) {
        let reach = min(Int64(seconds) * 1_000_000, Self.horizon)
        let since = Timestamp(microseconds: now.microseconds - reach)
        var recall = CallRecall(since: since)
        var next = min(
            stored,
            try ledger.read { try $0.firstSequence(recordedAtOrAfter: since) }
        )
        while true {
            let end = next + Self.chunk
            let reached: UInt64 = try ledger.read { snapshot in
                var last = next
                try snapshot.forEachLine(from: next) { sequence, line in
                    guard sequence < end else { return false }
                    recall.take(line, sequence)
                    last = sequence + 1
                    return true
                }
                return last
            }
            if reached == next { return (recall, next) }
            next = reached
        }
    }

    /// Keeps a position before which every call has its outcome.
    func store(_ position: UInt64) throws {
        var object = CanonicalObject()
        object.add("position", position)
        try Files.makeFolder(Files.parent(of: path))
        try Files.replace(path, with: object.bytes)
    }

    private var stored: UInt64 {
        guard let bytes = try? Files.read(path, limit: 4096) else { return 0 }
        var parser = JSONParser()
        guard let root = try? parser.parse(bytes.span) else { return 0 }
        return root.member("position")?.uint64 ?? 0
    }
}
