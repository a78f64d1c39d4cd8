package import Bytes
package import Ledger
package import Projections

/// Counts and sums over events, by which two lists of the same events are compared.
package struct ControlTotals: Hashable, Sendable {
    /// How many events there are.
    package private(set) var events: UInt64 = 0
    /// Bytes of content that their lines state (`bodysize`), erased ones included.
    package private(set) var bytes: UInt64 = 0
    /// The first and the last sequence; `nil` without events.
    package private(set) var first: UInt64?
    package private(set) var last: UInt64?
    /// Events by source, type and outcome.
    package private(set) var types: [TypeKey: UInt64] = [:]
    /// Events by kind.
    package private(set) var kinds: [String: UInt64] = [:]
    /// What the events say of money.
    package private(set) var amounts: [AmountKey: Amount] = [:]

    /// What events are counted by.
    package struct TypeKey: Hashable, Comparable, Sendable {
        package let source: String
        package let type: String
        package let outcome: String

        package init(source: String, type: String, outcome: String) {
            self.source = source
            self.type = type
            self.outcome = outcome
        }

        package static func < (a: TypeKey, b: TypeKey) -> Bool {
            (a.source, a.type, a.outcome) < (b.source, b.type, b.outcome)
        }
    }

    /// What amounts are summed by.
    package struct AmountKey: Hashable, Comparable, Sendable {
        package let projection: String
        package let column: String
        package let currency: String

        package init(projection: String, column: String, currency: String) {
            self.projection = projection
            self.column = column
            self.currency = currency
        }

        package static func < (a: AmountKey, b: AmountKey) -> Bool {
            (a.projection, a.column, a.currency) < (b.projection, b.column, b.currency)
        }
    }

    /// How often an amount was said, and the sum.
    package struct Amount: Hashable, Sendable {
        package var count: UInt64 = 0
        /// In the currency's minor unit; no log is long enough to overflow it.
        package var sum: Int128 = 0
    }

    /// Of no events.
    package init() {}

    /// Of the events that are selected among the first `size`, with the money that they say by the
    /// definitions that answer.
    package init(_ selection: EventSelection, size: UInt64, views: Views) throws {
        var selected = SequenceRanges()
        try views.ledger.read { snapshot in
            try selection.forEach(in: snapshot, size: size) { sequence, line in
                selected.append(sequence)
                add(sequence, line)
                return true
            }
        }
        try views.forEachAmount(of: selected) { add($0) }
    }

    /// Counts an event; events come in the log's order.
    package mutating func add(_ sequence: UInt64, _ line: borrowing Line) {
        events += 1
        bytes += line.integer(.bodysize) ?? 0
        if first == nil { first = sequence }
        last = sequence
        kinds[line.text(.kind) ?? "", default: 0] += 1
        let key = TypeKey(
            source: line.text(.source) ?? "",
            type: line.text(.type) ?? "",
            outcome: line.text(.outcome) ?? ""
        )
        types[key, default: 0] += 1
    }

    /// Adds an amount that one of the events says.
    package mutating func add(_ amount: EventAmount) {
        let key = AmountKey(
            projection: amount.projection,
            column: amount.column,
            currency: amount.currency.text
        )
        add(Int128(amount.amount), key)
    }

    /// Adds an amount in its currency's minor unit.
    mutating func add(_ amount: Int128, _ key: AmountKey) {
        amounts[key, default: Amount()].count += 1
        amounts[key, default: Amount()].sum += amount
    }

    /// Events by source.
    package var sources: [String: UInt64] { totals(by: \.source) }
    /// Events by outcome.
    package var outcomes: [String: UInt64] { totals(by: \.outcome) }

    private func totals(by part: (TypeKey) -> String) -> [String: UInt64] {
        types.reduce(into: [:]) { $0[part($1.key), default: 0] += $1.value }
    }
}

extension ControlTotals {
    /// As `totals.json` of an evidence bundle has it: canonical JSON, each list sorted.
    package var json: [UInt8] { object.bytes }

    /// The same, to be put into another document.
    package var object: CanonicalObject {
        var object = CanonicalObject()
        let sums = amounts.sorted { $0.key < $1.key }.map { key, amount in
            var object = CanonicalObject()
            object.add("column", key.column)
            object.add("count", amount.count)
            object.add("currency", key.currency)
            object.add("projection", key.projection)
            object.add("sum", Self.text(amount.sum, key.currency))
            return object
        }
        object.add("amounts", json: CanonicalJSON.list(sums))
        object.add("bytes", bytes)
        object.add("events", events)
        object.add("first", first)
        object.add("kinds", json: Self.counts(kinds, "kind"))
        object.add("last", last)
        object.add("outcomes", json: Self.counts(outcomes, "outcome"))
        object.add("sources", json: Self.counts(sources, "source"))
        let rows = types.sorted { $0.key < $1.key }.map { key, count in
            var object = CanonicalObject()
            object.add("count", count)
            object.add("outcome", key.outcome)
            object.add("source", key.source)
            object.add("type", key.type)
            return object
        }
        object.add("types", json: CanonicalJSON.list(rows))
        return object
    }

    private static func counts(_ counts: [String: UInt64], _ name: String) -> [UInt8] {
        CanonicalJSON.list(
            counts.sorted { $0.key < $1.key }.map { text, count in
                var object = CanonicalObject()
                object.add("count", count)
                object.add(name, text)
                return object
            }
        )
    }

    private static func text(_ sum: Int128, _ code: String) -> String {
        let code = Array(code.utf8)
        guard let currency = Currency(code.span) else { return "\(sum)" }
        return currency.decimal(sum)
    }
}

extension Views {
    /// Calls `body` with every amount of money that some events say, in the log's order.
    package func forEachAmount(
        of selected: SequenceRanges,
        _ body: (EventAmount) throws -> Void
    ) throws {
        // To read a few events in vain costs less than to begin anew.
        for range in selected.coarse(gap: 256) {
            try forEachAmount(in: range) { amount in
                if selected.contains(amount.sequence) { try body(amount) }
            }
        }
    }
}
