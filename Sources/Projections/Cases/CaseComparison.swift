/// Compares what a case's events have made with what the case expects.
struct CaseComparison {
    private let order: [String]
    private let tally: Tally
    private let parts: Int
    /// Whether a rule may have taken rejected events.
    private let takesRejected: Bool
    private(set) var failures: [CaseFailure] = []

    init(_ arrivals: CaseArrivals, parts: Int, takesRejected: Bool) {
        order = arrivals.names
        tally = arrivals.tally
        self.parts = parts
        self.takesRejected = takesRejected
    }

    // MARK: - With the case

    mutating func compare(_ state: CaseState, with expected: ProjectionCase.Expectation) {
        compare(state.rows, with: expected)
        if let waiting = expected.waiting {
            part("waiting", Self.list(state.waiting.map(\.key)), Self.list(waiting))
        }
        if state.quarantined.map(\.id) != expected.quarantined {
            let found = state.quarantined.map { "\($0.id) (\($0.reason))" }
            part("quarantined", Self.list(found), Self.list(expected.quarantined))
        }
        for count in CaseCount.allCases {
            guard let wanted = expected.counts[count] else { continue }
            part(count.rawValue, "\(state.counts[count] ?? 0)", "\(wanted)")
        }
        let counted = [state.tally.events, state.tally.duplicate, state.tally.rejected]
        let rejected =
            takesRejected ? min(tally.rejected, state.tally.rejected) : tally.rejected
        let wanted = [UInt64(order.count), tally.duplicate, rejected]
        if counted != wanted {
            note(.equation, Self.equation(counted), Self.equation(wanted), false)
        }
    }

    private static func equation(_ counts: [UInt64]) -> String {
        "\(counts[0]) events, \(counts[1]) of them duplicate and \(counts[2]) rejected"
    }

    private mutating func compare(_ rows: [Row], with expected: ProjectionCase.Expectation) {
        if expected.rows?.isEmpty == true {
            part("then", Self.list(rows.map(\.key)), Self.list([]))
        }
        for wanted in expected.rows ?? [] {
            guard let row = rows.first(where: { $0.key == wanted.key }) else {
                note(.row(wanted.key), "no such row", "it", false)
                continue
            }
            for cell in wanted.cells where row[cell.column] != cell.value {
                self.cell(row, cell.column, cell.value, false)
            }
        }
        for key in expected.absent where rows.contains(where: { $0.key == key }) {
            note(.row(key), "it", "no such row", false)
        }
    }

    // MARK: - With another order

    /// Compares every row and column with what the file's order made.
    mutating func compare(_ state: CaseState, with first: CaseState) {
        compare(state.rows, with: first.rows, "then")
        compare(state.waiting, with: first.waiting, "waiting")
        let (found, wanted) = (state.quarantined.map(\.id), first.quarantined.map(\.id))
        if found != wanted {
            note(.part("quarantined"), Self.list(found), Self.list(wanted), true)
        }
        for count in CaseCount.allCases where state.counts[count] != first.counts[count] {
            let (found, wanted) = (state.counts[count] ?? 0, first.counts[count] ?? 0)
            note(.part(count.rawValue), "\(found)", "\(wanted)", true)
        }
    }

    private mutating func compare(_ rows: [Row], with others: [Row], _ part: String) {
        guard rows.map(\.key) == others.map(\.key) else {
            let (found, wanted) = (rows.map(\.key), others.map(\.key))
            note(.part(part), Self.list(found), Self.list(wanted), true)
            return
        }
        for (row, other) in zip(rows, others) {
            for (cell, wanted) in zip(row.cells, other.cells) where cell.value != wanted.value {
                self.cell(row, cell.name, wanted.value, true)
            }
        }
    }

    // MARK: - Failures

    private mutating func cell(
        _ row: Row,
        _ column: String,
        _ wanted: ColumnValue?,
        _ comparesOrders: Bool
    ) {
        let found = row[column]?.json ?? "nothing"
        note(
            .cell(row: row.key, column: column),
            found,
            wanted?.json ?? "nothing",
            comparesOrders
        )
    }

    private mutating func part(_ name: String, _ found: String, _ expected: String) {
        if found != expected { note(.part(name), found, expected, false) }
    }

    private mutating func note(
        _ subject: CaseFailure.Subject,
        _ found: String,
        _ expected: String,
        _ comparesOrders: Bool
    ) {
        failures.append(
            CaseFailure(
                subject: subject,
                expected: expected,
                found: found,
                comparesOrders: comparesOrders,
                order: order,
                parts: parts
            )
        )
    }

    private static func list(_ names: [String]) -> String {
        names.isEmpty ? "none" : names.joined(separator: ", ")
    }
}
