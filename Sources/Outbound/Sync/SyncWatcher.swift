package import Bytes
package import Ledger
internal import POSIX

/// Records which syncs did not run when they were due, while a ledger is served.
package final class SyncWatcher: Sendable {
    private struct State {
        var isStopping = false
        var thread: BackgroundThread?
    }

    private let state = Monitor(State())
    private let ledger: Ledger
    private let writer: Writer
    private let report: @Sendable (String) -> Void
    private let clock: @Sendable () -> Timestamp

    /// The longest sleep: the machine may sleep, too, and its clock may be set.
    private static let pauseMilliseconds: Int64 = 60_000
    /// The pause after a failure.
    private static let failurePauseMilliseconds: Int64 = 5000
    /// Lines that are read in one view of the log, so that none is held for long.
    private static let batch: UInt64 = 1 << 16
    /// Events that are recorded in one commit.
    private static let group = 500

    /// Begins to watch; `ledger` has a writer, which outlives the watcher.
    ///
    /// `report` is told what keeps it from watching, once for each cause, on the watcher's thread;
    /// `clock` says what time it is.
    package init(
        _ ledger: Ledger,
        _ schedules: [SyncSchedule],
        clock: @escaping @Sendable () -> Timestamp = {
            Timestamp(microseconds: Clock.microseconds)
        },
        report: @escaping @Sendable (String) -> Void
    ) throws {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        self.ledger = ledger
        self.writer = writer
        self.report = report
        self.clock = clock
        let thread = try BackgroundThread("syncs") { [self] in run(SyncWatch(schedules)) }
        state.withLock { $0.thread = thread }
    }

    /// Records nothing more; what was not is recorded at the next start.
    package func stop() {
        state.withLock { $0.isStopping = true }
        state.broadcast()
        state.withLock { $0.thread }?.join()
    }

    private var isStopping: Bool { state.withLock { $0.isStopping } }

    private func run(_ watch: SyncWatch) {
        var watch = watch
        var position: UInt64 = 0
        var problem: String?
        // What was to be said in the last round: an event that is in the log under another's id
        // does not settle anything, and is not tried again and again.
        var said: Set<String> = []
        while !isStopping {
            var pause = Self.pauseMilliseconds
            do {
                try follow(&watch, from: &position)
                let now = clock()
                let drafts = watch.due(at: now)
                let fresh = drafts.filter { !said.contains($0.id) }
                try record(fresh)
                said = Set(drafts.map(\.id))
                if !fresh.isEmpty { continue }
                if let next = watch.nextMoment(after: now) {
                    let wait = (next.microseconds - now.microseconds) / 1000 + 1
                    pause = min(pause, wait)
                }
                problem = nil
            } catch {
                if problem != "\(error)" { report("\(error)") }
                problem = "\(error)"
                pause = Self.failurePauseMilliseconds
            }
            state.wait(until: { $0.isStopping }, milliseconds: Int(pause)) { _ in }
        }
    }

    /// Takes all lines that the log has by now.
    private func follow(_ watch: inout SyncWatch, from position: inout UInt64) throws {
        position = try ledger.forEachLine(from: position) { _, line in
            guard !isStopping else { return false }
            watch.take(line)
            return true
        }
    }

    /// Records what is to be said.
    private func record(_ drafts: [Draft]) throws {
        var rest = drafts[...]
        while !rest.isEmpty, !isStopping {
            _ = try writer.append(Array(rest.prefix(Self.group)))
            rest = rest.dropFirst(Self.group)
        }
    }
}
