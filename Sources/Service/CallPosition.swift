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

    private let ledger: Ledger
    private var path: String { "\(ledger.path)/views/calls" }

    init(_ ledger: Ledger) {
        self.ledger = ledger
    }

    /// Reads what the log says of calls to the services, as far back as their limits reach.
    func recall(
        _ services: [OutboundService],
        at now: Timestamp
    ) throws -> (CallRecall, size: UInt64) {
        var horizons: [String: Timestamp] = [:]
        for service in services {
            let window = service.limits.windows.map(\.rate.window.seconds).max() ?? 0
            let reach = min(Int64(window) * 1_000_000, Self.horizon)
            horizons[service.name] = Timestamp(microseconds: now.microseconds - reach)
        }
        var recall = CallRecall(since: horizons)
        let since = horizons.values.min() ?? now
        let first = try ledger.read { try $0.firstSequence(recordedAtOrAfter: since) }
        let size = try ledger.forEachLine(from: min(stored, first)) { sequence, line in
            recall.take(line, sequence)
            return true
        }
        return (recall, size)
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
