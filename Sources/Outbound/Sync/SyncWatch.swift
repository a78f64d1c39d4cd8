package import Bytes
package import Ledger

/// Which syncs did not run when they were due: a fold of the log's lines, and of the time.
///
/// A run that begins from five minutes before its due time (or half the time to the due time
/// before) until its grace is over is in time. `sync.late` is recorded when the grace is over,
/// `sync.missed` when that of the next due time is, and no run began until that one's time. Due
/// times are judged from the moment on at which the log got their schedule.
package struct SyncWatch: Sendable {
    /// The type of the events that say which schedule holds from then on.
    static let scheduleType = "daybook.sync.schedule"
    /// What such an event says of a sync that has no schedule any more.
    static let noSchedule = "none"
    private static let subjectPrefix = "sync:"

    /// The configured syncs.
    private var syncs: [String: WatchedSync] = [:]
    /// Syncs that have a schedule in the log but none in the configuration, with its sequence.
    private var dropped: [String: UInt64] = [:]

    /// Begins before the log's first line.
    package init(_ schedules: [SyncSchedule]) {
        for schedule in schedules { syncs[schedule.name] = WatchedSync(schedule) }
    }

    /// Takes the log's next line.
    package mutating func take(_ line: borrowing Line) {
        guard let kind = line.raw(.kind) else { return }
        if kind.equals(ascii: "sync") {
            takeSync(line)
        } else if kind.equals(ascii: "admin"), line.text(.type) == Self.scheduleType {
            takeSchedule(line)
        }
    }

    private mutating func takeSync(_ line: borrowing Line) {
        guard let name = line.text(.source), syncs[name] != nil,
            line.outcome?.takesEffect == true, let recorded = line.recordedTime
        else { return }
        let time = line.text(.time).flatMap { Timestamp(rfc3339: $0) }
        switch line.text(.type) {
        case "sync.completed", "sync.failed":
            syncs[name]?.take(start: time ?? recorded, recorded: recorded)
        case "sync.late":
            if let time { syncs[name]?.takeTold(due: time, isMissed: false, recorded: recorded) }
        case "sync.missed":
            if let time { syncs[name]?.takeTold(due: time, isMissed: true, recorded: recorded) }
        default: break
        }
    }

    private mutating func takeSchedule(_ line: borrowing Line) {
        guard let subject = line.text(.subject), subject.hasPrefix(Self.subjectPrefix),
            line.outcome?.takesEffect == true, let recorded = line.recordedTime,
            let sequence = line.sequence
        else { return }
        let name = String(subject.dropFirst(Self.subjectPrefix.count))
        let notation = line.text(.reason) ?? Self.noSchedule
        if syncs[name] != nil {
            syncs[name]?.take(notation: notation, sequence: sequence, at: recorded)
        } else {
            dropped[name] = notation == Self.noSchedule ? nil : sequence
        }
    }

    /// What the log has to say at `now`, when all of its lines are taken; the same again until it
    /// does.
    package mutating func due(at now: Timestamp) -> [Draft] {
        var drafts: [Draft] = []
        for (name, sequence) in dropped.sorted(by: { $0.key < $1.key }) {
            drafts.append(Self.schedule(name, Self.noSchedule, after: sequence))
        }
        for (name, sync) in syncs.sorted(by: { $0.key < $1.key }) where !sync.isRecorded {
            let notation = sync.schedule.notation
            drafts.append(Self.schedule(name, notation, after: sync.recorded?.sequence))
        }
        for name in syncs.keys.sorted() { drafts += syncs[name]?.drafts(at: now) ?? [] }
        return drafts
    }

    /// The next moment after `now` at which something may be late.
    package func nextMoment(after now: Timestamp) -> Timestamp? {
        syncs.values.compactMap { $0.nextMoment(after: now) }.min()
    }

    /// Says that a schedule holds from now on; `sequence` is the event that it replaces.
    private static func schedule(
        _ name: String,
        _ notation: String,
        after sequence: UInt64?
    ) -> Draft {
        // Two who watch at once and see the same change make the same event of it.
        let place = sequence.map { ":\($0)" } ?? ""
        var draft = Draft(
            source: AdminEvent.source,
            id: "sync-schedule:\(name)\(place)",
            type: scheduleType,
            kind: .admin
        )
        draft[.subject] = subjectPrefix + name
        draft[.reason] = notation
        return draft
    }
}
