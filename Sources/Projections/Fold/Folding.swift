internal import Bytes
internal import Ledger

/// Folds events, and counts what becomes of each.
struct Folding: ~Copyable {
    let plan: Plan
    var fold: Fold
    private(set) var tally = Tally()
    /// Events that could not be folded, in the order in which they came.
    private(set) var misfits: [(sequence: UInt64, misfit: Misfit)] = []
    /// Takes only what speaks for this moment or an earlier one, in microseconds since 1970; links
    /// are taken all the same, as what belongs together does so at all times.
    var asOf: Int64?
    /// Takes only what is said of these names.
    var only: NameTable?

    /// The moment that the last event that told something speaks for, and its rule.
    private(set) var lastApplied: (at: Int64, rule: Int)?

    private var evaluator: Evaluator
    private var selection: Selection
    private var facts = EventFacts()

    /// Folds of the same log that take turns can share what they read of events' parts.
    init(_ plan: Plan, capacity: Int = 64, _ batch: Batch = Batch()) {
        self.plan = plan
        fold = Fold(plan.shape, capacity: capacity)
        evaluator = Evaluator(plan, batch)
        selection = Selection(plan)
    }

    /// Folds the events of a range of the log; `progress` is told now and then how many.
    mutating func fold(
        _ snapshot: borrowing Snapshot,
        _ range: Range<UInt64>,
        progress: (UInt64) throws -> Void = { _ in }
    ) throws {
        var events = try snapshot.events(in: range)
        while try events.next() {
            let sequence = events.sequence
            if (sequence - range.lowerBound) & 0xFFF == 0xFFF {
                try progress(sequence - range.lowerBound)
            }
            try take(sequence, events.line, events.body, snapshot)
        }
    }

    /// Folds single events of the log, by their sequences in ascending order.
    mutating func fold(_ snapshot: borrowing Snapshot, _ sequences: [UInt64]) throws {
        for sequence in sequences {
            guard let line = try snapshot.line(at: sequence) else { continue }
            try take(sequence, line, try snapshot.body(at: sequence), snapshot)
        }
    }

    /// Folds one event, whole or not at all; of `events`, those before it have to be there.
    ///
    /// - Returns: whether it told a row something.
    @discardableResult
    mutating func take<Events: LoggedEvents & ~Copyable>(
        _ sequence: UInt64,
        _ line: borrowing Line,
        _ record: Span<UInt8>?,
        _ events: borrowing Events
    ) throws -> Bool {
        let disposition = Disposition(line)
        switch disposition {
        case .takesEffect: break
        case .duplicate:
            tally.duplicate += 1
            return false
        case .rejected:
            if plan.takesRejected { break }
            tally.rejected += 1
            return false
        }
        let candidates = selection.rules(for: line)
        guard !candidates.isEmpty else {
            if disposition == .rejected { tally.rejected += 1 } else { tally.unknown += 1 }
            return false
        }
        for place in candidates {
            let number = selection.rules[place]
            let fits: Bool
            do {
                fits = try evaluator.evaluate(
                    plan.rules[number],
                    line,
                    record,
                    events,
                    &facts
                )
            } catch let misfit as Misfit {
                tally.quarantined += 1
                misfits.append((sequence, misfit))
                return false
            }
            guard fits else { continue }
            tally.applied += 1
            tally.unmapped += facts.unmapped
            lastApplied = facts.rows.first.map { ($0.at, number) }
            try fold.apply(facts, sequence: sequence, rule: number, asOf: asOf, only: only, events)
            return true
        }
        if disposition == .rejected { tally.rejected += 1 } else { tally.ignored += 1 }
        return false
    }
}

/// What a line says of itself before anything else is looked at.
private enum Disposition {
    case takesEffect, duplicate, rejected

    init(_ line: borrowing Line) {
        guard let outcome = line.raw(.outcome), outcome.count > 3 else {
            self = .rejected
            return
        }
        // accepted, succeeded, failed; duplicate, conflict; rejected.
        switch outcome[0] {
        case UInt8(ascii: "a"), UInt8(ascii: "s"), UInt8(ascii: "f"): self = .takesEffect
        case UInt8(ascii: "d"), UInt8(ascii: "c"): self = .duplicate
        default: self = .rejected
        }
    }
}

extension Snapshot: EventIDs {
    /// The id of the event at a sequence; empty if there is none.
    package func id(of sequence: UInt64) throws -> [UInt8] {
        try line(at: sequence)?.identity ?? []
    }
}

extension Line {
    /// The event's id, then its source: only both together are an event's own.
    var identity: [UInt8] {
        guard let id = text(.id), let source = text(.source) else { return [] }
        return Array(id.utf8) + [0] + Array(source.utf8)
    }
}
