internal import Bytes

/// Those who wait: callers take turns, and each caller's own go in their order.
///
/// Who leaves before his turn stays in the queues until half of a queue are such; then it is
/// cleaned, so memory is bounded by those who wait and each step costs a logarithm over many.
struct WaitingLine: Sendable {
    typealias Ticket = Limiter.Ticket

    private struct Waiter {
        let caller: String
        let patience: Int64
    }

    /// The tickets of one caller.
    private struct Own {
        var tickets = Fifo<Ticket>()
        var count = 0
        /// Which entry among the turns is this caller's.
        let turn: UInt64
    }

    private struct Turn {
        let caller: String
        let number: UInt64
    }

    private struct End: Comparable {
        let patience: Int64
        let ticket: Ticket

        static func < (a: End, b: End) -> Bool {
            (a.patience, a.ticket.number) < (b.patience, b.ticket.number)
        }
    }

    private var waiters: [Ticket: Waiter] = [:]
    private var callers: [String: Own] = [:]
    private var turns = Fifo<Turn>()
    private var ends = MinHeap<End>()
    private var turnsGiven: UInt64 = 0

    /// So many left-overs are no reason to clean a queue.
    private static let fewLeftOvers = 32

    var count: Int { waiters.count }
    var isEmpty: Bool { waiters.isEmpty }

    func contains(_ ticket: Ticket) -> Bool { waiters[ticket] != nil }

    mutating func append(_ ticket: Ticket, of caller: String, patience: Int64) {
        waiters[ticket] = Waiter(caller: caller, patience: patience)
        ends.insert(End(patience: patience, ticket: ticket))
        if callers[caller] == nil {
            turnsGiven += 1
            callers[caller] = Own(turn: turnsGiven)
            turns.append(Turn(caller: caller, number: turnsGiven))
        }
        callers[caller]?.tickets.append(ticket)
        callers[caller]?.count += 1
    }

    /// Takes out the one whose turn it is.
    mutating func next() -> Ticket? {
        while let turn = turns.popFirst() {
            guard callers[turn.caller]?.turn == turn.number else { continue }
            while let ticket = callers[turn.caller]?.tickets.popFirst() {
                guard waiters[ticket]?.caller == turn.caller else { continue }
                remove(ticket)
                if callers[turn.caller] != nil { turns.append(turn) }
                return ticket
            }
        }
        return nil
    }

    /// The first moment at which someone's patience is over.
    var firstEnd: Int64? { ends.first?.patience }

    /// Takes out one whose patience ends before a moment.
    mutating func next(endingBefore moment: Int64) -> Ticket? {
        guard let end = ends.first, end.patience < moment else { return nil }
        remove(end.ticket)
        return end.ticket
    }

    /// Takes out one that goes away.
    mutating func remove(_ ticket: Ticket) {
        guard let waiter = waiters.removeValue(forKey: ticket) else { return }
        if let own = callers[waiter.caller], own.count > 1 {
            callers[waiter.caller]?.count -= 1
            if own.tickets.count > 2 * own.count + Self.fewLeftOvers {
                callers[waiter.caller]?.tickets.filter { waiters[$0] != nil }
            }
        } else {
            callers[waiter.caller] = nil
        }
        if turns.count > 2 * callers.count + Self.fewLeftOvers {
            turns.filter { callers[$0.caller]?.turn == $0.number }
        }
        if ends.count > 2 * waiters.count + Self.fewLeftOvers {
            ends.filter { waiters[$0.ticket]?.patience == $0.patience }
        }
        while let end = ends.first, waiters[end.ticket]?.patience != end.patience {
            _ = ends.popFirst()
        }
    }
}
