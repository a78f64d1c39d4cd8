internal import Bytes

/// A moment at which a sync was due, and what is known of its run.
struct DueTime: Sendable {
    /// When it was due.
    let due: Timestamp
    /// When it is due again.
    let next: Timestamp
    /// A run may begin so much before `due`: not half the way to the due time before it.
    let lead: Int64
    /// The last moment at which a run may begin in time.
    let deadline: Timestamp
    /// From here on a run is that of the next due time, unless it is still in time for this one.
    let end: Timestamp
    /// When it is certain that there was no run: the next one's deadline.
    let missedAt: Timestamp

    /// Whether a run began in time.
    var hasRun = false
    /// Whether one began later, before it was that of the next due time.
    var hasLateRun = false
    /// Whether the log says that it is late, or missed.
    var isLateTold = false
    var isMissedTold = false

    init(due: Timestamp, next: Timestamp, previous: Timestamp?, graceSeconds: Int) {
        self.due = due
        self.next = next
        let gap = next.microseconds - due.microseconds
        lead = Self.lead(after: previous.map { due.microseconds - $0.microseconds } ?? gap)
        deadline = due.advanced(bySeconds: graceSeconds)
        end = Timestamp(microseconds: next.microseconds - Self.lead(after: gap))
        missedAt = next.advanced(bySeconds: graceSeconds)
    }

    private static func lead(after gap: Int64) -> Int64 {
        min(SyncLimits.leadMicroseconds, gap / 2)
    }

    /// Notes that a run began at `start`.
    mutating func take(start: Timestamp) {
        guard start.microseconds >= due.microseconds - lead else { return }
        if start <= deadline { hasRun = true } else if start < end { hasLateRun = true }
    }

    /// Whether the log has to say at `now` that it is late.
    func isLate(at now: Timestamp) -> Bool { !hasRun && !isLateTold && now > deadline }

    /// Whether the log has to say at `now` that it was missed.
    func isMissed(at now: Timestamp) -> Bool {
        !hasRun && !hasLateRun && !isMissedTold && now > missedAt
    }

    /// Whether nothing more will be said of it.
    var isSettled: Bool { hasRun || isLateTold && (hasLateRun || isMissedTold) }

    /// The moments after which something is to be said of it.
    var moments: [Timestamp] {
        if hasRun { return [] }
        return (isLateTold ? [] : [deadline]) + (hasLateRun || isMissedTold ? [] : [missedAt])
    }
}
