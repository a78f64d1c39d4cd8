internal import Bytes
internal import Ledger
internal import Outbound

/// How every event of some rules stands, by a reading of the log as it is.
struct DeliverySurvey {
    /// An event whose delivery has an end.
    private struct Settled {
        let state: DeliveryState
        let attempts: Int
        /// The attempt's event.
        let by: UInt64

        init(_ state: DeliveryState, _ attempts: Int, _ by: UInt64) {
            self.state = state
            self.attempts = attempts
            self.by = by
        }
    }

    private let books: DeliveryBooks
    private var settled: [String: [UInt64: Settled]] = [:]
    private let filter: DeliveryFilter

    /// Reads what the rules have to deliver, and what became of it.
    init(
        _ names: [String],
        _ filter: DeliveryFilter,
        _ snapshot: borrowing Snapshot
    ) throws {
        var books = try DeliveryBooks(names: names, nil, snapshot)
        var settled: [String: [UInt64: Settled]] = [:]
        _ = try books.follow(snapshot, chance: { 0 }) { rule, change in
            switch change {
            case .pending(let event): settled[rule]?[event] = nil
            case .failed: break
            case .done(let event, let attempts, let by):
                // There may be millions, which only some ask for.
                guard filter.states.contains(.done) else { return }
                settled[rule, default: [:]][event] = Settled(.done, attempts, by)
            case .dead(let event, let attempts, let by):
                settled[rule, default: [:]][event] = Settled(.dead, attempts, by)
            }
        }
        self.books = books
        self.settled = settled
        self.filter = filter
    }

    /// The rows that fit, in the log's order.
    func rows(at now: Timestamp, _ snapshot: borrowing Snapshot) throws -> [DeliveryRow] {
        var rows: [DeliveryRow] = []
        let range = try filter.query.range(in: snapshot)
        for book in books.books {
            for standing in book.standings where holds(standing.sequence, range) {
                let row = try row(book, standing, at: now, snapshot)
                if let row, filter.states.contains(row.state) { rows.append(row) }
            }
            for (sequence, end) in settled[book.name] ?? [:] where holds(sequence, range) {
                guard filter.states.contains(end.state) else { continue }
                if let row = try row(book, sequence, end, snapshot) { rows.append(row) }
            }
        }
        return rows.sorted { ($0.sequence, $0.rule) < ($1.sequence, $1.rule) }
    }

    /// The sequences of the settled events that fit, in the log's order.
    func settled(_ snapshot: borrowing Snapshot) throws -> [UInt64] {
        let range = try filter.query.range(in: snapshot)
        var sequences: [UInt64] = []
        for (sequence, end) in settled.values.joined() where holds(sequence, range) {
            guard filter.states.contains(end.state), let line = try snapshot.line(at: sequence),
                filter.query.matches(line)
            else { continue }
            sequences.append(sequence)
        }
        return sequences.sorted()
    }

    private func holds(_ sequence: UInt64, _ range: Range<UInt64>) -> Bool {
        range.contains(sequence) && (filter.sequence ?? sequence) == sequence
    }

    private func row(
        _ book: DeliveryBook,
        _ standing: DeliveryStanding,
        at now: Timestamp,
        _ snapshot: borrowing Snapshot
    ) throws -> DeliveryRow? {
        guard let line = try snapshot.line(at: standing.sequence), filter.query.matches(line) else {
            return nil
        }
        let isStopped = book.isPaused || book.isDisabled
        let waits = isStopped || standing.isHeldBack || standing.due > now
        let last = try standing.last.map { try attempt(at: $0, snapshot) }
        var reason = last?.reason
        if book.isPaused {
            reason = "the rule is paused"
        } else if book.isDisabled {
            reason = "the destination said that it is gone; resume the rule once it is back"
        } else if standing.isHeldBack {
            reason = "an earlier event of its subject goes first"
        }
        return DeliveryRow(
            rule: book.name,
            sequence: standing.sequence,
            type: line.text(.type),
            subject: line.text(.subject),
            state: waits ? .waiting : .pending,
            attempts: standing.attempts,
            status: last?.status,
            reason: reason,
            next: isStopped || standing.isHeldBack ? nil : standing.due
        )
    }

    private func row(
        _ book: DeliveryBook,
        _ sequence: UInt64,
        _ end: Settled,
        _ snapshot: borrowing Snapshot
    ) throws -> DeliveryRow? {
        guard let line = try snapshot.line(at: sequence), filter.query.matches(line) else {
            return nil
        }
        let last = try attempt(at: end.by, snapshot)
        return DeliveryRow(
            rule: book.name,
            sequence: sequence,
            type: line.text(.type),
            subject: line.text(.subject),
            state: end.state,
            attempts: end.attempts,
            status: last.status,
            reason: last.reason,
            next: nil
        )
    }

    /// What an attempt's event says.
    private func attempt(
        at sequence: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws -> (status: UInt64?, reason: String?) {
        let line = try snapshot.line(at: sequence)
        return (line?.integer(.status), line?.text(.reason))
    }
}
