internal import Bytes
internal import Ledger

/// One sync of the configuration: its due times that are not settled yet.
struct WatchedSync: Sendable {
    let schedule: SyncSchedule
    /// What the log says last of its schedule, and where.
    private(set) var recorded: (notation: String, sequence: UInt64)?
    /// Due times of which something may have to be said, ascending.
    private var open: [DueTime] = []
    /// The due time before `upcoming`.
    private var previous: Timestamp?
    /// The first due time that is not in `open` yet; `nil` if none comes, or none is known.
    private var upcoming: Timestamp?
    /// Due times that nothing will be said of, since there were too many.
    private var leftOut: UInt64 = 0

    init(_ schedule: SyncSchedule) {
        self.schedule = schedule
    }

    /// Whether the log has the schedule as it is configured.
    var isRecorded: Bool { recorded?.notation == schedule.notation }

    /// Takes what the log says of the schedule: due times begin after that.
    mutating func take(notation: String, sequence: UInt64, at moment: Timestamp) {
        recorded = (notation, sequence)
        open = []
        leftOut = 0
        previous = nil
        upcoming = isRecorded ? schedule.next(after: moment) : nil
    }

    /// Takes a run that began at `start` and was recorded at `moment`.
    mutating func take(start: Timestamp, recorded moment: Timestamp) {
        // A clock that is a little ahead does not make a run one of the far future.
        let skew = Timestamp(microseconds: moment.microseconds + SyncLimits.leadMicroseconds)
        extend(to: max(moment, min(start, skew)))
        for index in open.indices.reversed() {
            // All earlier ones are over, too.
            if max(open[index].end, open[index].deadline) < start { break }
            open[index].take(start: start)
        }
        open.removeAll(where: \.isSettled)
    }

    /// Takes that a due time was told to be late, or missed.
    mutating func takeTold(due: Timestamp, isMissed: Bool, recorded moment: Timestamp) {
        extend(to: max(moment, due))
        for index in open.indices where open[index].due == due {
            if isMissed { open[index].isMissedTold = true } else { open[index].isLateTold = true }
        }
        // They are told in order, so what was not told before was left out.
        leftOut = 0
        open.removeAll { one in
            one.isSettled || one.due < due && !(isMissed ? one.isMissedTold : one.isLateTold)
        }
    }

    /// What the log has to say at `now`.
    mutating func drafts(at now: Timestamp) -> [Draft] {
        guard isRecorded else { return [] }
        extend(to: now)
        leaveOut(beyond: SyncLimits.judged)
        var drafts: [Draft] = []
        for one in open {
            if one.isLate(at: now) {
                let limit = one.deadline.short
                drafts.append(draft("late", one, "no run is known that began by \(limit)"))
            }
            if one.isMissed(at: now) {
                let end = max(one.end, one.deadline).short
                drafts.append(draft("missed", one, "no run is known that began before \(end)"))
            }
        }
        if leftOut > 0, let reason = drafts.first?[.reason] {
            drafts[0][.reason] = "\(reason); \(leftOut) due times before this one are not told"
        }
        return drafts
    }

    private func draft(_ word: String, _ one: DueTime, _ reason: String) -> Draft {
        let due = one.due.short
        var draft = Draft(
            source: schedule.name,
            // The id makes each of them recorded once, whoever watches.
            id: "\(word):\(schedule.name):\(due)",
            type: "sync.\(word)",
            kind: .sync,
            outcome: .failed
        )
        draft[.sync] = schedule.name
        draft[.subject] = "sync:\(schedule.name)"
        draft[.time] = due
        draft[.reason] = reason
        return draft
    }

    /// The next moment after `now` at which there may be something to say.
    func nextMoment(after now: Timestamp) -> Timestamp? {
        let upcoming = upcoming.map { $0.advanced(bySeconds: schedule.graceSeconds) }
        let moments = open.flatMap(\.moments) + [upcoming].compactMap(\.self)
        // Something is late once its deadline is over.
        return moments.filter { $0 >= now }.min().map {
            Timestamp(microseconds: $0.microseconds + 1)
        }
    }

    /// Opens the due times up to a moment, and those for which a run may begin already.
    private mutating func extend(to moment: Timestamp) {
        while let due = upcoming,
            due.microseconds <= moment.microseconds + SyncLimits.leadMicroseconds
        {
            upcoming = schedule.next(after: due)
            open.append(
                DueTime(
                    due: due,
                    next: upcoming ?? .max,
                    previous: previous,
                    graceSeconds: schedule.graceSeconds
                )
            )
            previous = due
            // Cut seldom, so that years of due times are not moved again with each one.
            if open.count >= 2 * SyncLimits.judged { leaveOut(beyond: SyncLimits.judged) }
        }
    }

    private mutating func leaveOut(beyond count: Int) {
        guard open.count > count else { return }
        leftOut += UInt64(open.count - count)
        open.removeFirst(open.count - count)
    }
}
