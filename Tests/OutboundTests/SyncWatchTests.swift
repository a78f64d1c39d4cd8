import Bytes
import DaybookTesting
import Ledger
import Outbound
import Testing

@Suite("The watch over syncs") struct SyncWatchTests {
    private let nightly: SyncSchedule

    init() throws {
        nightly = SyncSchedule(name: "products", cron: try Cron("0 2 * * *"), graceSeconds: 1800)
    }

    /// A log in which the schedule is known since 1 February, noon.
    private func log() -> SimulatedLog {
        var log = SimulatedLog()
        var watch = SyncWatch([nightly])
        for draft in watch.due(at: moment2026("02-01 12:00")) {
            log.append(draft, at: moment2026("02-01 12:00"))
        }
        return log
    }

    private func ids(_ log: SimulatedLog, _ now: Timestamp) -> [String] {
        var watch = log.watch([nightly])
        return watch.due(at: now).map(\.id)
    }

    @Test("records a schedule when it first sees it, and judges from then on")
    func first() throws {
        var watch = SyncWatch([nightly])
        let drafts = watch.due(at: moment2026("02-01 12:00"))
        #expect(drafts.count == 1)
        let draft = try #require(drafts.first)
        let expected: [(Attribute, String)] = [
            (.source, "daybook"), (.id, "sync-schedule:products"), (.kind, "admin"),
            (.type, "daybook.sync.schedule"), (.subject, "sync:products"),
            (.reason, "0 2 * * * UTC, grace 30m"), (.outcome, "accepted"),
        ]
        for (attribute, text) in expected { #expect(draft[attribute] == text) }
        #expect(ids(log(), moment2026("02-01 12:01")) == [])
        #expect(ids(log(), moment2026("02-02 02:30")) == [])
    }

    @Test("says that a run is late when its grace is over, and missed a due time later")
    func lateAndMissed() throws {
        var log = log()
        let after = Timestamp(microseconds: moment2026("02-02 02:30").microseconds + 1)
        var watch = log.watch([nightly])
        #expect(watch.nextMoment(after: moment2026("02-02 01:00")) == after)
        let late = try #require(watch.due(at: after).first)
        let expected: [(Attribute, String)] = [
            (.source, "products"), (.id, "late:products:2026-02-02T02:00:00Z"),
            (.type, "sync.late"), (.kind, "sync"), (.outcome, "failed"), (.sync, "products"),
            (.subject, "sync:products"), (.time, "2026-02-02T02:00:00Z"),
            (.reason, "no run is known that began by 2026-02-02T02:30:00Z"),
        ]
        for (attribute, text) in expected { #expect(late[attribute] == text) }
        // The same again until the log has it.
        #expect(watch.due(at: after).map(\.id) == [late.id])
        log.append(late, at: after)
        #expect(ids(log, moment2026("02-03 02:30")) == [])
        let next = ids(log, moment2026("02-03 02:31"))
        #expect(
            next == [
                "missed:products:2026-02-02T02:00:00Z", "late:products:2026-02-03T02:00:00Z",
            ]
        )
    }

    @Test(
        "takes a run that begins from five minutes before its time until the grace is over",
        arguments: [
            ("02-02 01:54", ["late:products:2026-02-02T02:00:00Z"]), ("02-02 01:55", []),
            ("02-02 02:00", []), ("02-02 02:30", []),
            ("02-02 02:31", ["late:products:2026-02-02T02:00:00Z"]),
        ]
    )
    func window(start: String, expected: [String]) {
        for hasFailed in [false, true] {
            var log = log()
            log.run(
                "products",
                from: moment2026(start),
                at: moment2026("02-02 02:40"),
                hasFailed: hasFailed
            )
            log.run("others", from: moment2026("02-02 02:00"), at: moment2026("02-02 02:41"))
            #expect(ids(log, moment2026("02-02 03:00")) == expected)
        }
    }

    @Test(
        "takes a run that is late but comes before the next one's time as not missed",
        arguments: [
            ("02-02 02:31", false), ("02-03 01:54", false), ("02-03 01:55", true),
            ("02-02 01:54", true),
        ]
    )
    func lateRun(start: String, isMissed: Bool) {
        var log = log()
        log.run("products", from: moment2026(start), at: moment2026("02-03 02:10"))
        log.run("products", from: moment2026("02-03 02:05"), at: moment2026("02-03 02:10"))
        let expected =
            ["late:products:2026-02-02T02:00:00Z"]
            + (isMissed ? ["missed:products:2026-02-02T02:00:00Z"] : [])
        #expect(ids(log, moment2026("02-03 02:45")) == expected)
    }

    @Test("takes a run that does not say when it began by when it was recorded")
    func withoutTime() {
        var log = log()
        log.run("products", from: nil, at: moment2026("02-02 02:29"))
        #expect(ids(log, moment2026("02-02 03:00")) == [])
    }

    @Test("is not misled by events that take no effect, or lie in the future")
    func noEffect() {
        var log = log()
        let draft = Draft(
            source: "products",
            id: "bad",
            type: "sync.completed",
            kind: .sync,
            outcome: .rejected
        )
        log.append(draft, at: moment2026("02-02 02:05"))
        var fact = Draft(source: "products", id: "f", type: "sync.completed", kind: .fact)
        fact[.time] = "2026-02-02T02:00:00Z"
        log.append(fact, at: moment2026("02-02 02:05"))
        log.run("products", from: moment2026("12-01 02:00"), at: moment2026("02-02 02:05"))
        #expect(ids(log, moment2026("02-02 03:00")) == ["late:products:2026-02-02T02:00:00Z"])
    }

    @Test("judges anew after the schedule has changed, was dropped, and came back")
    func changes() throws {
        var log = log()
        let hourly = SyncSchedule(name: "products", cron: try Cron("0 * * * *"), graceSeconds: 60)
        var watch = log.watch([hourly])
        let change = watch.due(at: moment2026("02-03 12:30"))
        #expect(change.map(\.id) == ["sync-schedule:products:0"])
        log.append(change[0], at: moment2026("02-03 12:30"))
        watch = log.watch([hourly])
        #expect(
            watch.due(at: moment2026("02-03 13:02")).map(\.id).first?.hasPrefix("late:") == true
        )

        watch = log.watch([])
        let drop = watch.due(at: moment2026("02-03 14:00"))
        #expect(drop.map { $0[.reason] } == ["none"])
        #expect(drop.map(\.id) == ["sync-schedule:products:1"])
        log.append(drop[0], at: moment2026("02-03 14:00"))
        watch = log.watch([])
        #expect(watch.due(at: moment2026("02-09 14:00")).isEmpty)

        watch = log.watch([hourly])
        let back = watch.due(at: moment2026("02-09 14:00"))
        #expect(back.map(\.id) == ["sync-schedule:products:2"])
        log.append(back[0], at: moment2026("02-09 14:00"))
        watch = log.watch([hourly])
        #expect(watch.due(at: moment2026("02-09 14:59")).isEmpty)
    }

    @Test("tells the last thousand due times after a long absence, and counts the rest, once")
    func absence() throws {
        let minutely = SyncSchedule(name: "stock", cron: try Cron("* * * * *"), graceSeconds: 10)
        var log = SimulatedLog()
        var watch = SyncWatch([minutely])
        let start = moment2026("02-01 12:00")
        log.append(watch.due(at: start)[0], at: start)
        for minutes in [2100, 4200] as [Int64] {
            let now = start.later(minutes: minutes)
            watch = log.watch([minutely])
            let drafts = watch.due(at: now)
            // The current minute's is not late yet, and those to come are not due.
            let late = drafts.filter { $0.id.hasPrefix("late:") }
            let missed = drafts.filter { $0.id.hasPrefix("missed:") }
            #expect((990...1000).contains(late.count), "\(late.count)")
            #expect((990...1000).contains(missed.count), "\(missed.count)")
            let reason = try #require(drafts.first?[.reason])
            let count = minutes == 2100 ? 1105 : 1107
            #expect(
                reason.hasSuffix("; \(count) due times before this one are not told"),
                "\(reason)"
            )
            #expect(drafts.dropFirst().allSatisfy { $0[.reason]?.contains("not told") == false })
            for draft in drafts { log.append(draft, at: now) }
            // Nothing is said twice, neither by this one nor after another start.
            watch = log.watch([minutely])
            #expect(watch.due(at: now).map(\.id) == [])
            let next = watch.due(at: now.later(minutes: 1))
            #expect(next.count == 2)
            #expect(next.allSatisfy { $0[.reason]?.contains("not told") == false })
        }
    }

    @Test("says what a simple model says, whenever it looks", arguments: 0..<30 as Range<UInt64>)
    func model(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        let texts = ["*/7 * * * *", "0 * * * *", "0,5 */3 * * *", "*/30 1-9 * * *", "0 2 * * *"]
        let schedule = SyncSchedule(
            name: "products",
            cron: try Cron(texts.randomElement(using: &chance) ?? "* * * * *"),
            graceSeconds: 60 * [1, 4, 20, 90].randomElement(using: &chance, or: 1)
        )
        var now = moment2026("03-01 00:00")
        var log = SimulatedLog()
        var watch = SyncWatch([schedule])
        log.append(watch.due(at: now)[0], at: now)
        log.feed(&watch)
        var model = SyncWatchModel(schedule, since: now)
        for _ in 0..<40 {
            let taken = log.lines.count
            if Bool.random(using: &chance) {
                // Somebody's run ends now; it began some time ago.
                now = now.later(minutes: .random(in: 0...40, using: &chance))
                let due = schedule.next(after: now.later(minutes: -60)) ?? now
                let near = due.later(minutes: .random(in: -6...25, using: &chance))
                let start = min(near, now.later(minutes: 4))
                model.runs.append(start)
                log.run("products", from: start, at: now)
            } else {
                now = now.later(minutes: .random(in: 1...200, using: &chance))
            }
            log.feed(&watch, from: taken)
            let expected = model.says(at: now)
            var fresh = log.watch([schedule])
            let again = fresh.due(at: now).map(\.id)
            #expect(again == expected, "seed \(seed), at \(now.short), \(schedule.notation)")
            let drafts = watch.due(at: now)
            #expect(drafts.map(\.id) == expected, "seed \(seed), at \(now.short)")
            // Not all that is to be said is recorded before the next crash.
            let told = drafts.prefix(.random(in: 0...drafts.count * 2, using: &chance))
            let start = log.lines.count
            for draft in told { log.append(draft, at: now) }
            model.told.formUnion(told.map(\.id))
            log.feed(&watch, from: start)
            if let next = watch.nextMoment(after: now) { #expect(next > now) }
        }
    }
}

/// What the watch has to say, computed anew from all due times and all runs.
private struct SyncWatchModel {
    private let schedule: SyncSchedule
    private let since: Timestamp
    var runs: [Timestamp] = []
    var told: Set<String> = []

    init(_ schedule: SyncSchedule, since: Timestamp) {
        self.schedule = schedule
        self.since = since
    }

    func says(at now: Timestamp) -> [String] {
        var says: [String] = []
        var previous: Timestamp?
        var due = schedule.next(after: since)
        let grace = Int64(schedule.graceSeconds / 60)
        while let one = due, one < now, let next = schedule.next(after: one) {
            defer { (previous, due) = (one, next) }
            let start = one.microseconds - lead(previous, one, next)
            let deadline = one.later(minutes: grace)
            let end = next.microseconds - lead(one, next, next)
            let isInTime = runs.contains { $0.microseconds >= start && $0 <= deadline }
            let isLater = runs.contains { $0 > deadline && $0.microseconds < end }
            let late = "late:products:\(one.short)"
            let missed = "missed:products:\(one.short)"
            if !isInTime, now > deadline, !told.contains(late) { says.append(late) }
            if !isInTime, !isLater, now > next.later(minutes: grace), !told.contains(missed) {
                says.append(missed)
            }
        }
        return says
    }

    private func lead(_ previous: Timestamp?, _ due: Timestamp, _ next: Timestamp) -> Int64 {
        let gap =
            previous.map { due.microseconds - $0.microseconds }
            ?? next.microseconds - due.microseconds
        return min(300_000_000, gap / 2)
    }
}

extension Array {
    fileprivate func randomElement(using chance: inout SeededChance, or other: Element) -> Element {
        randomElement(using: &chance) ?? other
    }
}
