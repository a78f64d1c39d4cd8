/// A row as it truly is: the columns that say something, as JSON.
struct TrueRow: Hashable, CustomStringConvertible {
    let key: String
    let columns: [String: String]

    var description: String {
        let words = columns.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }
        return "\(key) " + words.joined(separator: " ")
    }
}

extension Company {
    /// What is true in the end.
    func truth(_ projection: Projection) -> [TrueRow] { rows(projection) { _ in true } }

    /// What was true at a time, by all that is known in the end.
    func truth(_ projection: Projection, asOf time: Int) -> [TrueRow] {
        rows(projection) { $0.at <= time }
    }

    /// What is known to one who has some messages only; what is said by way of another name is
    /// known when whose name that is is known too.
    func truth(_ projection: Projection, of known: Set<String>) -> [TrueRow] {
        rows(projection) { fact in
            guard known.contains(fact.said) else { return false }
            guard let through = fact.through else { return true }
            return !(links[through] ?? []).isDisjoint(with: known)
        }
    }

    /// What was known after the first messages.
    func truth(_ projection: Projection, after count: Int) -> [TrueRow] {
        truth(projection, of: Set(messages.prefix(count).map(\.identity)))
    }

    /// The rows of what holds, in the order of their keys.
    private func rows(
        _ projection: Projection,
        _ holds: (CompanyFact) -> Bool
    ) -> [TrueRow] {
        var rows: [TrueRow] = []
        for (key, all) in facts[projection] ?? [:] {
            let facts = all.filter(holds)
            guard !facts.isEmpty else { continue }
            var values: [String: CompanyFact.Value] = [:]
            var columns: [String: String] = [:]
            for (column, facts) in Dictionary(grouping: facts, by: \.column) {
                if facts[0].rule == .all {
                    let words = Set(facts.map(\.value.json)).sorted()
                    columns[column] = "[\(words.joined(separator: ","))]"
                } else {
                    values[column] = Self.value(facts)
                }
            }
            Self.derive(projection, &values)
            for (column, value) in values { columns[column] = value.json }
            rows.append(TrueRow(key: key, columns: columns))
        }
        return rows.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    private static func value(_ facts: [CompanyFact]) -> CompanyFact.Value {
        let newest = facts.max { $0.at < $1.at } ?? facts[0]
        switch facts[0].rule {
        case .latest, .all: return newest.value
        case .least: return facts.min { $0.value.number < $1.value.number }?.value ?? newest.value
        case .greatest:
            return facts.max { $0.value.number < $1.value.number }?.value ?? newest.value
        case .count: return .number(facts.count)
        case .absolute, .delta:
            let count = facts.filter { $0.rule == .absolute }.max { $0.at < $1.at }
            let deltas = facts.filter { $0.rule == .delta && $0.at > count?.at ?? .min }
            return .number(deltas.reduce(count?.value.number ?? 0) { $0 + $1.value.number })
        }
    }

    private static func derive(
        _ projection: Projection,
        _ values: inout [String: CompanyFact.Value]
    ) {
        switch projection {
        case .orders: values["status"] = .word(status(values))
        case .members: break
        case .stock:
            guard let stock = values["on_hand"]?.number else { return }
            let available = stock - (values["reserved"]?.number ?? 0)
            values["available"] = .number(available)
            let point = values["reorder_point"]?.number ?? .min
            values["level"] = .word(available <= 0 ? "out" : available <= point ? "low" : "ok")
        }
    }

    /// What an order's status is by what each party says (PROJECTIONS, order-status).
    private static func status(_ values: [String: CompanyFact.Value]) -> String {
        func word(_ column: String) -> String {
            if case .word(let word)? = values[column] { word } else { "" }
        }
        let (shop, payment, delivery) = (word("shop"), word("payment"), word("delivery"))
        if shop == "cancelled" { return shop }
        if payment == "refunded" || shop == "refunded" { return "refunded" }
        if payment == "disputed" { return payment }
        if delivery == "returned" || delivery == "delivered" { return delivery }
        if ["in_transit", "out_for_delivery", "exception"].contains(delivery) { return "shipped" }
        if word("fulfilment") == "fulfilled" { return "shipped" }
        if shop == "completed" || shop == "on_hold" { return shop }
        if payment == "failed" || shop == "failed" { return "failed" }
        if ["paid", "partially_refunded", "authorized"].contains(payment) { return "processing" }
        return shop == "paid" ? "processing" : "pending"
    }
}
