import Bytes
import DaybookTesting
import Ledger
import Outbound
import POSIX
import Testing

/// What a watcher reports, and the time that it believes in.
private final class Surroundings: Sendable {
    private let state = Monitor((ahead: Int64(0), problems: [String]()))

    init(daysAhead: Int64 = 0) {
        state.withLock { $0.ahead = daysAhead * 86_400_000_000 }
    }

    var now: Timestamp {
        Timestamp(microseconds: Clock.microseconds + state.withLock { $0.ahead })
    }

    func report(_ problem: String) {
        state.withLock { $0.problems.append(problem) }
        state.broadcast()
    }

    /// Waits for a first report.
    func problems() -> [String] {
        state.wait(until: { !$0.problems.isEmpty }, milliseconds: 10_000) { $0.problems }
    }
}

@Suite("The watcher of syncs") struct SyncWatcherTests {
    private let schedules: [SyncSchedule]

    init() throws {
        // Some hours from now, so that no grace ends while the test runs.
        let hour = Int(Clock.microseconds / 3_600_000_000 % 24)
        schedules = try [("products", 6), ("orders", 9)].map { name, hours in
            let cron = try Cron("30 \((hour + hours) % 24) * * *")
            return SyncSchedule(name: name, cron: cron, graceSeconds: 60)
        }
    }

    private func watch(_ ledger: Ledger, _ surroundings: Surroundings) throws -> SyncWatcher {
        try SyncWatcher(ledger, schedules, clock: { surroundings.now }) { surroundings.report($0) }
    }

    private func types(_ ledger: Ledger) throws -> [String] {
        try ledger.read { snapshot in
            var types: [String] = []
            try snapshot.forEachLine(from: 1) { _, line in
                types.append("\(line.text(.type) ?? "") \(line.text(.outcome) ?? "")")
                return true
            }
            return types
        }
    }

    /// Waits until the log has so many events besides its first.
    private func wait(_ ledger: Ledger, for count: Int) throws {
        for _ in 0..<1000 {
            if try types(ledger).count >= count { return }
            sleepMilliseconds(10)
        }
        Issue.record("the log has \(try types(ledger))")
    }

    @Test("records schedules at its first start, what was missed at later ones, each once")
    func records() throws {
        let temporary = try TemporaryLedger()
        let ledger = try temporary.open(appends: true)
        defer { ledger.close() }
        let first = try watch(ledger, Surroundings())
        try wait(ledger, for: 2)
        first.stop()
        first.stop()
        let seen = [String](repeating: "daybook.sync.schedule accepted", count: 2)
        #expect(try types(ledger) == seen)

        // Both have been due three times within three days, and two of those are missed.
        let second = try watch(ledger, Surroundings(daysAhead: 3))
        try wait(ledger, for: 2 + 10)
        second.stop()
        let told = try types(ledger)
        #expect(told.filter { $0 == "sync.late failed" }.count == 6)
        #expect(told.filter { $0 == "sync.missed failed" }.count == 4)
        #expect(told.count == 12)

        // A third adds what is due since then, and repeats nothing.
        let third = try watch(ledger, Surroundings(daysAhead: 4))
        try wait(ledger, for: 2 + 14)
        third.stop()
        #expect(try types(ledger).count == 16)
        #expect(try types(ledger).allSatisfy { !$0.hasSuffix("duplicate") })
        #expect(try temporary.verify().findings.isEmpty)
    }

    @Test("does not try for ever what another event keeps from being recorded")
    func conflict() throws {
        let temporary = try TemporaryLedger()
        let ledger = try temporary.open(appends: true)
        defer { ledger.close() }
        let first = try watch(ledger, Surroundings())
        try wait(ledger, for: 2)
        first.stop()
        let now = Timestamp(microseconds: Clock.microseconds)
        for schedule in schedules {
            let due = try #require(schedule.next(after: now))
            let id = "late:\(schedule.name):\(due.short)"
            let fact = Draft(source: schedule.name, id: id, type: "x", kind: .fact)
            _ = try #require(ledger.writer).append([fact])
        }
        let second = try watch(ledger, Surroundings(daysAhead: 1))
        try wait(ledger, for: 2 + 2 + 2)
        // That nothing more comes cannot be awaited; one that tries again does so at once.
        for _ in 0..<30 where try self.types(ledger).count == 6 { sleepMilliseconds(10) }
        second.stop()
        let types = try types(ledger)
        #expect(types.count == 6, "\(types)")
        #expect(
            types.suffix(2).allSatisfy { $0.hasPrefix("sync.late ") && $0 != "sync.late failed" }
        )
    }

    @Test("says why it cannot record, and stops all the same")
    func failure() throws {
        let temporary = try TemporaryLedger()
        let ledger = try temporary.open(appends: true)
        ledger.close()
        let surroundings = Surroundings()
        let watcher = try watch(ledger, surroundings)
        #expect(surroundings.problems() == ["the writer has stopped"])
        watcher.stop()
        let reading = try temporary.open(appends: false)
        #expect(throws: AppendError.stopped) { try watch(reading, surroundings) }
    }
}
