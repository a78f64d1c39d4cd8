internal import Audit
internal import Bytes
internal import Ledger
internal import POSIX

/// Anchors the log of a running service every so often, on a thread of its own.
final class AnchorSide: Sendable {
    private struct State {
        var isStopping = false
        var thread: BackgroundThread?
    }

    private let ledger: Ledger
    private let anchors: Anchors
    private let seconds: UInt64
    private let report: @Sendable (String) -> Void
    private let state = Monitor(State())
    /// The longest wait at once: what is due later is looked at again.
    private static let longestWait: UInt64 = 3_600_000_000_000

    /// Asks the witnesses whether they know a longer or another log, and refuses to go on if so.
    init(
        _ ledger: Ledger,
        _ settings: AnchorSettings,
        report: @escaping @Sendable (String) -> Void
    ) throws {
        self.ledger = ledger
        self.report = report
        seconds = settings.seconds
        anchors = try Anchors(ledger, settings)
        try anchors.requireKnownHeads(warn: report)
    }

    /// Begins to anchor.
    func start() throws(SystemError) {
        let thread = try BackgroundThread("anchors") { [self] in run() }
        state.withLock { $0.thread = thread }
    }

    /// Ends after the round that is under way.
    func stop() {
        state.withLock { $0.isStopping = true }
        state.broadcast()
        state.withLock { $0.thread }?.join()
    }

    private func run() {
        var schedule = AnchorSchedule(
            seconds: seconds,
            age: age,
            at: Clock.monotonicNanoseconds
        )
        var isOwed = false
        while !isStopping(by: schedule.due) {
            guard Clock.monotonicNanoseconds >= schedule.due else { continue }
            isOwed = !anchor(isOwed: isOwed)
            schedule.ended(well: !isOwed, at: Clock.monotonicNanoseconds)
        }
    }

    /// Waits until a moment; whether the service is stopping.
    private func isStopping(by moment: UInt64) -> Bool {
        let now = Clock.monotonicNanoseconds
        let wait = min(moment > now ? moment - now : 0, Self.longestWait)
        return state.wait(
            until: { $0.isStopping },
            // Rounded up, lest the last part of a millisecond is waited for in a loop.
            milliseconds: Int(wait / 1_000_000) + 1,
            { $0.isStopping }
        )
    }

    /// Nanoseconds since the last anchor, by the wall clock; `nil` if there is none.
    private var age: UInt64? {
        guard let newest = try? AnchorList.newest(ledger) else { return nil }
        return UInt64(max(0, Clock.microseconds - newest.recorded.microseconds)) * 1000
    }

    /// Anchors what is new, if anything is, or what the last round `isOwed`; whether all is well.
    private func anchor(isOwed: Bool) -> Bool {
        do {
            guard try isOwed || hasNews() else { return true }
            let seconds = UInt64(max(0, Clock.microseconds / 1_000_000))
            let round = try anchors.anchor(by: .user(Process.userName), at: seconds)
            for problem in round.problems { report("anchoring: \(problem)") }
            if !round.hasQuorum { report("anchoring: too few witnesses cosigned") }
            return round.isComplete
        } catch {
            report("anchoring: \(error)")
            return false
        }
    }

    /// Whether anything was appended since the last anchors but what tells of them.
    private func hasNews() throws -> Bool {
        try ledger.read { snapshot in
            let size = try snapshot.size
            guard size > 0 else { return false }
            guard let last = try snapshot.line(at: size - 1) else { return false }
            return last.text(.type) != AnchorEvent.type
        }
    }
}
