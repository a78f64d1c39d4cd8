package import Bytes
package import Ledger

/// An event of the past with what it did.
package struct ReplayedEvent: Sendable {
    package let sequence: UInt64
    package let recorded: Timestamp?
    package let source: String
    package let type: String
    package let id: String
    package let subject: String?
    package let outcome: String
    package let effects: [ProjectionEffect]
}

extension Views {
    /// Calls `body` with the events that fit, in the log's order, and the changes of rows that each
    /// caused when it came, until it says `false`; by default in all projections.
    package func replay(
        _ query: LogQuery,
        projections: [String] = [],
        _ body: (ReplayedEvent) throws -> Bool
    ) throws {
        var finder = try EffectFinder(self, projections: projections)
        try ledger.read { snapshot in
            let sequences = try matching(query, snapshot)
            for sequence in sequences {
                let effects = try finder.effects(of: sequence, snapshot)
                guard let line = try snapshot.line(at: sequence) else { continue }
                let event = ReplayedEvent(
                    sequence: sequence,
                    recorded: line.recordedTime,
                    source: line.text(.source) ?? "",
                    type: line.text(.type) ?? "",
                    id: line.text(.id) ?? "",
                    subject: line.text(.subject),
                    outcome: line.text(.outcome) ?? "",
                    effects: effects
                )
                if try !body(event) { return }
            }
        }
    }

    private func matching(
        _ query: LogQuery,
        _ snapshot: borrowing Snapshot
    ) throws -> [UInt64] {
        if let limit = query.limit { return try query.newest(limit, in: snapshot) }
        let range = try query.range(in: snapshot)
        var sequences: [UInt64] = []
        try snapshot.forEachLine(from: range.lowerBound) { sequence, line in
            guard sequence < range.upperBound else { return false }
            if query.matches(line) { sequences.append(sequence) }
            return true
        }
        return sequences
    }
}
