package import Bytes

/// Decides which call to a service goes when, so that none of its limits is ever exceeded.
///
/// The provider counts a call when it arrives there, which is some time between its being sent and
/// the head of its answer. So a call takes its place in all windows when it is permitted, and a
/// place is free again a window's length after the moment at which the call had certainly arrived:
/// the answer's head; without one, `arrivalGrace` after its end; at the latest `arrivalGrace` after
/// the time that a connection may take. Whatever the true moments are, no window that slides, and
/// so none that is aligned, sees more than its count.
///
/// Time comes in and never goes back: an earlier moment counts as the last one seen.
package struct Limiter: Sendable {
    /// What it does when there is no room.
    package enum Mode: Sendable {
        /// Lets the call wait.
        case hold
        /// Lets it go, and says how long it would have waited.
        case report
    }

    /// A call that is to be made; each has a number of its own that is never used again.
    package struct Ticket: Hashable, Sendable {
        /// What tells it from all others.
        package let number: UInt64

        /// Takes a number.
        package init(number: UInt64) {
            self.number = number
        }
    }

    /// What becomes of a call that asks.
    package enum Decision: Sendable {
        /// It may go; in report mode, how long it would have waited at least, if at all.
        case go(wouldWait: Duration?)
        /// It waits until `advance` says what becomes of it.
        case wait
        /// It cannot go while its caller is patient.
        case refused(Refusal)
    }

    /// Why a call cannot go, and when another could.
    package struct Refusal: Sendable {
        /// How long it takes at least until there is room.
        package let retryAfter: Duration
        /// Which limit it is, for people.
        package let why: String
    }

    /// What became of a call that waited.
    package enum Grant: Sendable {
        /// It may go.
        case go(Ticket)
        /// It cannot go while its caller is patient.
        case refused(Ticket, Refusal)
    }

    /// How long a request may be on its way after its connection is made, or after we gave it up.
    ///
    /// A packet that is lost is sent again after 200 ms, or after 1 s when a connection begins
    /// (RFC 6298 section 2); what is later than that, almost always never arrives.
    package static let arrivalGrace = Duration.seconds(1)
    /// How long a connection may take unless the limiter is told: `TransferRules.connectSeconds`.
    package static let usualConnect = Duration.seconds(5)
    /// The most that `remaining` and `resets` can stop a service by themselves, each time that it
    /// is said: a mistake in a header, such as a reset in a year, must not end all calls.
    package static let longestLowering = Duration.seconds(3600)
    /// The most that a limit which is used up, but which we cannot count, blocks a service.
    package static let longestBlock = Duration.seconds(900)

    /// What is limited.
    package let limits: ServiceLimits
    /// What it does when there is no room.
    package let mode: Mode
    /// How many may wait: each costs some 200 bytes here, and a connection where it came from.
    package let mostWaiting: Int

    /// A call that is permitted and not finished.
    enum Phase: Sendable {
        /// It may arrive at any time.
        case underWay
        /// It counts in the windows.
        case settled
    }

    /// The last moment seen, in microseconds as all moments inside.
    var clock = Timestamp.min.microseconds
    var windows: [SlidingWindow]
    var bucket: LeakyBucket?
    var learned: [LearnedWindow] = []
    var blockedUntil = Timestamp.min.microseconds
    var line = WaitingLine()
    var permitted: [Ticket: Phase] = [:]
    /// How many of `permitted` are under way.
    var underWay = 0
    /// When calls that were sent have certainly arrived; some have since had an answer.
    var arriving = Fifo<(due: Int64, ticket: Ticket)>()
    /// When calls that ended without an answer have certainly arrived.
    var leaving = Fifo<Int64>()
    /// How long after `sent` a call has certainly arrived, or never will.
    let lateness: Int64

    /// Begins with nothing used; `restore` tells of earlier calls.
    ///
    /// `connecting` is how long it may take from `sent` until the request leaves.
    package init(
        _ limits: ServiceLimits,
        mode: Mode,
        mostWaiting: Int = 10_000,
        connecting: Duration = Limiter.usualConnect
    ) {
        self.limits = limits
        self.mode = mode
        self.mostWaiting = mostWaiting
        windows = limits.windows.map { SlidingWindow($0.rate) }
        bucket = limits.bucket.map { LeakyBucket(size: $0.size, restore: $0.restore) }
        let connecting = min(max(connecting, .zero), Self.longestLowering)
        lateness = connecting.wholeMicroseconds + Self.arrivalGrace.wholeMicroseconds
    }

    /// Asks for one call of `caller`, who waits until `patience` at most.
    ///
    /// By what is known now a call may be sure to have no room before that: it is refused at once.
    /// Any other waits until then, unless a block by the provider makes it sure later.
    package mutating func ask(
        _ ticket: Ticket,
        caller: String,
        at now: Timestamp,
        patience: Timestamp
    ) -> Decision {
        pass(to: now)
        if permitted[ticket] != nil { return .go(wouldWait: nil) }
        if line.contains(ticket) { return .wait }
        let room = room
        if mode == .report {
            let opening = room > 0 ? nil : opening
            permit(ticket)
            return .go(wouldWait: opening.map { .microseconds($0.earliest - clock) })
        }
        // Those who wait are let through by `advance`; what they leave may go at once.
        if room > line.count {
            permit(ticket)
            return .go(wouldWait: nil)
        }
        let opening = opening
        if patience.microseconds <= clock || patience.microseconds < opening.earliest {
            return .refused(refusal(opening))
        }
        guard line.count < mostWaiting else {
            return .refused(
                refusal(Opening(earliest: opening.earliest, needsEvent: true, cause: .crowd))
            )
        }
        line.append(ticket, of: caller, patience: patience.microseconds)
        return .wait
    }

    /// Who may go now, and whose patience is over; callers take turns, each one's own are in order.
    package mutating func advance(at now: Timestamp) -> [Grant] {
        pass(to: now)
        var grants: [Grant] = []
        refuse(endingBefore: clock, into: &grants)
        var room = line.isEmpty ? 0 : room
        while room > 0, let ticket = line.next() {
            permit(ticket)
            grants.append(.go(ticket))
            room -= 1
        }
        refuse(endingBefore: max(clock + 1, opening.earliest), into: &grants)
        return grants
    }

    private mutating func refuse(endingBefore moment: Int64, into grants: inout [Grant]) {
        guard let end = line.firstEnd, end < moment else { return }
        let refusal = refusal(opening)
        while let ticket = line.next(endingBefore: moment) {
            grants.append(.refused(ticket, refusal))
        }
    }

    /// When `advance` is to be called next, if nothing else happens; `nil` if nobody waits.
    ///
    /// It may be a moment at which it then turns out that nobody can go.
    package var nextMoment: Timestamp? {
        guard let end = line.firstEnd else { return nil }
        guard room <= 0 else { return Timestamp(microseconds: clock) }
        let opening = opening
        return Timestamp(microseconds: opening.needsEvent ? end : min(end, opening.earliest))
    }

    /// Forgets a caller who has gone away while waiting.
    package mutating func withdraw(_ ticket: Ticket) {
        line.remove(ticket)
    }

    private mutating func permit(_ ticket: Ticket) {
        permitted[ticket] = .underWay
        underWay += 1
        for index in learned.indices { learned[index].left -= 1 }
    }

    /// Brings everything to a moment.
    mutating func pass(to now: Timestamp) {
        let now = max(clock, now.microseconds)
        while true {
            // What counts later must not be counted first: moments in a window are in order.
            let arrival = arriving.first.map(\.due) ?? .max
            let departure = leaving.first ?? .max
            guard min(arrival, departure) <= now else { break }
            if arrival <= departure {
                if let ticket = arriving.popFirst()?.ticket, permitted[ticket] == .underWay {
                    permitted[ticket] = .settled
                    underWay -= 1
                    settle(at: arrival)
                }
            } else {
                _ = leaving.popFirst()
                settle(at: departure)
            }
        }
        clock = now
        for index in windows.indices { windows[index].pass(to: now) }
        learned.removeAll { $0.until <= now }
    }

    /// Counts a call that had certainly arrived by a moment.
    mutating func settle(at moment: Int64) {
        for index in windows.indices {
            windows[index].pass(to: moment)
            windows[index].count(at: moment)
        }
        bucket?.count(at: moment)
    }
}

extension Duration {
    /// Microseconds, without what is left of one; for durations of up to 290,000 years.
    var wholeMicroseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1_000_000 + attoseconds / 1_000_000_000_000
    }
}
