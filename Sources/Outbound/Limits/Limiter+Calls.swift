package import Bytes

/// What becomes of calls that were permitted. What is told of a ticket that is not permitted, or
/// told again, changes nothing.
extension Limiter {
    /// A call that was permitted will not be sent after all, or surely never left: nothing is used.
    package mutating func unused(_ ticket: Ticket, at now: Timestamp) {
        pass(to: now)
        guard let phase = permitted.removeValue(forKey: ticket), phase == .underWay else { return }
        underWay -= 1
        for index in learned.indices { learned[index].left += 1 }
    }

    /// A call is handed to what sends it; within the time for a connection it leaves, or never.
    package mutating func sent(_ ticket: Ticket, at now: Timestamp) {
        pass(to: now)
        guard permitted[ticket] == .underWay else { return }
        arriving.append((due: clock + lateness, ticket: ticket))
    }

    /// The answer's head is here, so the call surely arrived before.
    package mutating func arrived(_ ticket: Ticket, at now: Timestamp) {
        pass(to: now)
        guard permitted[ticket] == .underWay else { return }
        permitted[ticket] = .settled
        underWay -= 1
        settle(at: clock)
    }

    /// The answer is whole, or there will be none; it is no longer one of those at once.
    package mutating func finished(_ ticket: Ticket, at now: Timestamp) {
        pass(to: now)
        guard permitted.removeValue(forKey: ticket) == .underWay else { return }
        underWay -= 1
        // It may have ended because we gave it up while it was on its way.
        leaving.append(clock + Self.arrivalGrace.wholeMicroseconds)
    }

    /// Counts calls of earlier processes, from the log, in any order.
    ///
    /// A call's moment is its end; one whose end is not known may arrive still, so its moment is
    /// the present. Each counts from `arrivalGrace` later, for one that had no answer.
    package mutating func restore(_ calls: [Timestamp], at now: Timestamp) {
        pass(to: now)
        let grace = Self.arrivalGrace.wholeMicroseconds
        for call in calls.map(\.microseconds).sorted() {
            let arrival = min(call, clock) + grace
            if arrival <= clock {
                settle(at: arrival)
            } else {
                leaving.append(arrival)
            }
        }
        pass(to: now)
    }
}
