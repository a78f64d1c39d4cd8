package import Bytes
package import Ledger
package import Projections

/// An event that belongs to a period by when it occurred, but came after its figures.
package struct LateEvent: Sendable {
    package let sequence: UInt64
    package let recorded: Timestamp
    /// By the sender's word; when it was recorded if there is none.
    package let occurred: Timestamp
    package let source: String
    package let type: String
    package let subject: String?
    package let id: String
    package let outcome: String
    /// Whether it came after the closing, and not merely after the period.
    package let isAfterClosing: Bool
}

/// What came too late for a closed period: it never changes the figures as closed.
///
/// Late is what occurred in the period and was recorded after the stretch that the figures are of.
/// What the log says of itself (kind `admin`) is never late.
package struct LateEvents: Sendable {
    /// The closing that they are late for.
    package let closing: ClosedPeriod
    /// How many came between the period's end and the closing.
    package let beforeClosing: UInt64
    /// How many came after the closing.
    package let afterClosing: UInt64
    /// Their counts and sums.
    package let totals: ControlTotals
    private let sequences: SequenceRanges

    /// Looks for what is late for a closed period among the first `size` events, or all.
    ///
    /// - Throws: `AuditProblem.refused` where the period is open.
    package init(_ period: Period, views: Views, size: UInt64? = nil) throws {
        let (act, end) = try views.ledger.read { snapshot in
            let end = try min(size ?? .max, snapshot.size)
            return (try PeriodHistory(in: snapshot, size: end).closing(of: period), end)
        }
        let closing = try ClosedPeriod(act, in: views.ledger)
        var totals = ControlTotals()
        var found = SequenceRanges()
        var before: UInt64 = 0
        try views.ledger.read { snapshot in
            try snapshot.forEachLine(from: closing.range.upperBound) { sequence, line in
                guard sequence < end else { return false }
                guard Self.belongs(line, to: period) else { return true }
                found.append(sequence)
                totals.add(sequence, line)
                if sequence < act.sequence { before += 1 }
                return true
            }
        }
        try views.forEachAmount(of: found) { totals.add($0) }
        self.closing = closing
        beforeClosing = before
        afterClosing = totals.events - before
        self.totals = totals
        sequences = found
    }

    private static func belongs(_ line: borrowing Line, to period: Period) -> Bool {
        guard line.raw(.kind)?.equals(ascii: "admin") != true, let occurred = line.occurred else {
            return false
        }
        return period.contains(occurred)
    }

    /// Calls `body` with each, in the log's order, until it says `false`.
    package func forEach(
        in snapshot: borrowing Snapshot,
        _ body: (LateEvent) throws -> Bool
    ) throws {
        var isEnded = false
        try sequences.forEach { sequence in
            guard !isEnded, let line = try snapshot.line(at: sequence),
                let recorded = line.recordedTime, let occurred = line.occurred
            else { return }
            isEnded = try !body(
                LateEvent(
                    sequence: sequence,
                    recorded: recorded,
                    occurred: occurred,
                    source: line.text(.source) ?? "",
                    type: line.text(.type) ?? "",
                    subject: line.text(.subject),
                    id: line.text(.id) ?? "",
                    outcome: line.text(.outcome) ?? "",
                    isAfterClosing: sequence > closing.act.sequence
                )
            )
        }
    }
}
