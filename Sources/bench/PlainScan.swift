import Arguments
import Digest
import LMDB
import POSIX
import Synchronization

/// The command `bench scan`: the least work that reads a ledger through, for comparison with
/// `daybook verify`.
enum PlainScan {
    static let command = Command(
        "scan",
        "reads every record of a ledger's log and hashes it once with SHA-256",
        options: [
            Option(
                "threads",
                "threads to use",
                value: "N",
                kind: .integer(1...256),
                default: "one a core"
            )
        ],
        operands: [Operand("LEDGER", "the ledger's folder", kind: .directory)]
    )

    static func run(_ invocation: Invocation) throws {
        let log = try Log(ledger: invocation.string("LEDGER") ?? "")
        let start = Clock.monotonicNanoseconds
        let threads = invocation.integer("threads") ?? processorCount()
        try runThreads(threads) {
            while let chunk = log.nextChunk() { log.read(chunk) }
        }
        let seconds = seconds(since: start)
        if let failure = log.failure { throw failure }
        let (records, bytes) = log.counts
        try printMeasures([
            ("events", "\(log.size)"),
            ("records", "\(records)"),
            ("bytes", "\(bytes)"),
            ("seconds", rounded(seconds)),
            ("per_second", "\(Int(Double(log.size) / seconds))"),
            ("mib_per_second", rounded(Double(bytes) / 1_048_576 / seconds)),
        ])
    }

    /// A ledger's records, divided among threads.
    private final class Log: Sendable {
        let size: UInt64
        private let environment: Environment
        private let events: [Database]
        private let others: [Database]
        private let taken = Atomic<UInt64>(0)
        private let total = Mutex((records: 0, bytes: 0, failure: LMDBError?.none))

        private static let chunk: UInt64 = 4096

        init(ledger: String) throws {
            environment = try Environment(path: "\(ledger)/log", options: .init(readOnly: true))
            let all = try environment.open([
                ("lines", .integer), ("bodies", .integer), ("tiles", .integer),
                ("checkpoints", .integer), ("ids", .bytes), ("meta", .bytes),
            ])
            events = Array(all[..<2])
            others = Array(all[2...])
            let lines = all[0]
            size = try environment.read { (try $0.lastKey(in: lines) ?? 0) + 1 }
        }

        var counts: (records: Int, bytes: Int) { total.withLock { ($0.records, $0.bytes) } }
        var failure: LMDBError? { total.withLock { $0.failure } }

        /// Sequence numbers that no other thread reads; the first thread reads all that is no event.
        func nextChunk() -> Range<UInt64>? {
            let (start, _) = taken.add(Self.chunk, ordering: .relaxed)
            return start < size ? start..<min(start + Self.chunk, size) : nil
        }

        func read(_ chunk: Range<UInt64>) {
            var records = 0
            var bytes = 0
            do {
                try environment.read { transaction in
                    for database in events {
                        var cursor = try transaction.cursor(over: database, from: chunk.lowerBound)
                        while try cursor.next(), let key = cursor.key, key < chunk.upperBound {
                            records += 1
                            bytes += Self.digest(cursor.value)
                        }
                    }
                    guard chunk.lowerBound == 0 else { return }
                    for database in others {
                        var cursor = try transaction.cursor(over: database)
                        while try cursor.next() {
                            records += 1
                            bytes += Self.digest(cursor.value)
                        }
                    }
                }
            } catch {
                total.withLock { $0.failure = error as? LMDBError }
            }
            total.withLock {
                $0.records += records
                $0.bytes += bytes
            }
        }

        /// Hashes a record; the number of its bytes.
        private static func digest(_ value: Span<UInt8>) -> Int {
            let hash = SHA256.hash(value)
            withExtendedLifetime(hash) {}
            return value.count
        }
    }
}
