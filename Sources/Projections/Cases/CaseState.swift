internal import Ledger

/// What a case's events have made of the rows.
struct CaseState {
    var rows: [Row] = []
    var waiting: [Row] = []
    var tally = Tally()
    var counts: [CaseCount: UInt64] = [:]
    /// Events that could not be folded: their ids, each with the reason.
    var quarantined: [(id: String, reason: String)] = []

    /// Folds all events at once.
    init(_ plan: Plan, _ maker: RowMaker, _ arrivals: CaseArrivals) throws {
        var folding = Folding(plan, capacity: 1)
        try folding.take(arrivals, 0..<arrivals.arrivals.count)
        note(folding, arrivals)
        try read(folding.fold, plan, maker, arrivals)
    }

    /// Folds parts of the events apart from each other, and merges them in any order.
    init(
        _ plan: Plan,
        _ maker: RowMaker,
        _ arrivals: CaseArrivals,
        parts: [Range<Int>]
    ) throws {
        var whole = Fold(plan.shape, capacity: 1)
        for part in parts {
            var folding = Folding(plan, capacity: 1)
            try folding.take(arrivals, part)
            note(folding, arrivals)
            try whole.merge(folding.fold, arrivals)
        }
        try read(whole, plan, maker, arrivals)
    }

    private mutating func note(_ folding: borrowing Folding, _ arrivals: CaseArrivals) {
        tally += folding.tally
        for (sequence, misfit) in folding.misfits {
            let event = arrivals.arrivals[CaseArrivals.place(of: sequence)].event
            quarantined.append((arrivals.story.given[event].id, misfit.what))
        }
    }

    private mutating func read(
        _ fold: borrowing Fold,
        _ plan: Plan,
        _ maker: RowMaker,
        _ arrivals: CaseArrivals
    ) throws {
        let folded = try FoldedRows(fold, plan.aliases, arrivals)
        let moment = arrivals.story.expected.moment
        for group in folded.groups {
            guard let row = try folded.row(group, of: fold, maker, moment: moment, arrivals)
            else { continue }
            if group.isWaiting { waiting.append(row) } else { rows.append(row) }
        }
        let conflicts = Set(folded.conflicts.map { [$0.from, $0.to] })
        quarantined.sort { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        counts = [
            .ignored: tally.ignored, .unmapped: tally.unmapped, .unknown: tally.unknown,
            .conflicts: UInt64(conflicts.count),
        ]
    }
}

extension Folding {
    /// Folds some of the events that arrive.
    mutating func take(_ arrivals: CaseArrivals, _ range: Range<Int>) throws {
        for place in range {
            let arrival = arrivals.arrivals[place]
            let sequence = CaseArrivals.sequence(of: place)
            let bytes = arrival.line
            let record = arrival.hasBody ? arrivals.story.given[arrival.event].record : nil
            if let record {
                try take(sequence, Line(bytes.span), record.span, arrivals)
            } else {
                try take(sequence, Line(bytes.span), nil, arrivals)
            }
        }
    }
}
