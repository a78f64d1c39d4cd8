internal import Bytes
internal import LMDB
internal import Ledger

/// An amount of money that an event says, as a rule of a projection reads it.
package struct EventAmount: Hashable, Sendable {
    /// The event.
    package let sequence: UInt64
    package let projection: String
    /// The column of type money that the rule sets.
    package let column: String
    /// In the currency's minor unit; may be negative.
    package let amount: Int64
    package let currency: Currency
}

extension Views {
    /// Calls `body` with every amount of money that the events of a range say, in the log's order,
    /// within an event in the order of projections by name and of rules.
    ///
    /// Read by the definitions that answer, `projections` or all: what an event says, not what
    /// became of a row. An event that a definition cannot read says nothing to it.
    package func forEachAmount(
        in range: Range<UInt64>,
        projections: [String] = [],
        _ body: (EventAmount) throws -> Void
    ) throws {
        var readers: [AmountReader] = []
        for name in projections.isEmpty ? try names() : projections {
            let plan = try plan(of: view(name))
            if let reader = AmountReader(name, plan) { readers.append(reader) }
        }
        guard !readers.isEmpty else { return }
        try ledger.read { snapshot in
            var events = try snapshot.events(in: range)
            while try events.next() {
                guard events.line.outcome?.takesEffect == true else { continue }
                for reader in readers {
                    try reader.read(events.sequence, events.line, events.body, snapshot, body)
                }
            }
        }
    }

    /// The hash of each definition that answers, by the projection's name: what decides the
    /// amounts, the rows and the digests that a report shows.
    package func definitionHashes() throws -> [(name: String, version: Int, hash: String)] {
        try names().map { name in
            let view = try view(name)
            return (name, view.version, "\(view.hash)")
        }
    }
}

/// Reads what one definition's rules make of events, without folding it.
private final class AmountReader {
    private let name: String
    private let plan: Plan
    private var selection: Selection
    private var evaluator: Evaluator
    private var facts = EventFacts()

    /// `nil` if no column of the definition is money.
    init?(_ name: String, _ plan: Plan) {
        guard plan.shape.columns.contains(where: { $0.kind == .money }) else { return nil }
        self.name = name
        self.plan = plan
        selection = Selection(plan)
        evaluator = Evaluator(plan, Batch())
    }

    func read(
        _ sequence: UInt64,
        _ line: borrowing Line,
        _ record: Span<UInt8>?,
        _ events: borrowing Snapshot,
        _ body: (EventAmount) throws -> Void
    ) throws {
        for place in selection.rules(for: line) {
            let rule = plan.rules[selection.rules[place]]
            do {
                guard try evaluator.evaluate(rule, line, record, events, &facts) else { continue }
            } catch is Misfit {
                return
            }
            for fact in facts.facts where plan.shape.columns[fact.column].kind == .money {
                try body(
                    EventAmount(
                        sequence: sequence,
                        projection: name,
                        column: plan.definition.columns[fact.column].name,
                        amount: fact.value.first,
                        currency: Currency(code: fact.value.second)
                    )
                )
            }
            return
        }
    }
}
