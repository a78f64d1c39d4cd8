import DaybookTesting

@testable import Projections

/// What one random event says to one row.
struct RegisterFact {
    let id: String
    let at: Int64
    let rule: Int
    let number: Int64
    let isCount: Bool
    let word: Int
    let text: String
    let subkey: String
    let isYen: Bool
    let width: Int64

    var money: ColumnValue { .money(Int128(number), isYen ? Self.yen : Self.euro) }

    static let yen = Currency(code: 0x4A_50_59)
    static let euro = Currency(code: 0x45_55_52)

    /// Facts that agree in much, so that ties are the rule.
    static func some(_ count: Int, _ chance: inout SeededChance) -> [RegisterFact] {
        let ids = (0..<count * 2).map { "\($0)" }.shuffled(using: &chance).prefix(count)
        let edges: [Int64] = [1, 59_999_999, 60_000_000, 60_000_001, 119_999_999, 120_000_000]
        return ids.map { id in
            RegisterFact(
                id: id,
                at: edges.randomElement(using: &chance) ?? 1,
                rule: Int.random(in: 0...2, using: &chance),
                number: Int64.random(in: -3...3, using: &chance),
                isCount: Int.random(in: 0...3, using: &chance) == 0,
                word: Int.random(in: 0...2, using: &chance),
                text: ["a", "b", "ab", "ä", ""].randomElement(using: &chance) ?? "",
                subkey: ["x", "y", "xy"].randomElement(using: &chance) ?? "",
                isYen: Bool.random(using: &chance),
                width: Bool.random(using: &chance) ? 60_000_000 : 1_000_000
            )
        }
    }

    /// The order of stamps: by time, rule, then id.
    static func precedes(_ a: RegisterFact, _ b: RegisterFact) -> Bool {
        if a.at != b.at { return a.at < b.at }
        if a.rule != b.rule { return a.rule < b.rule }
        return a.id.utf8.lexicographicallyPrecedes(b.id.utf8)
    }
}

/// A column of each register, and how facts reach it.
enum RegisterColumns {
    private static let words = ColumnType.enumeration(["low", "mid", "high"])

    static let all: [ColumnDefinition] = [
        .init(name: "latest", type: .text, keep: .latest, by: nil),
        .init(name: "first", type: .money, keep: .first, by: nil),
        .init(name: "max", type: .integer, keep: .max, by: nil),
        .init(name: "min", type: .integer, keep: .min, by: nil),
        .init(name: "furthest", type: words, keep: .furthest, by: nil),
        .init(name: "sum", type: .money, keep: .sum, by: nil),
        .init(name: "count", type: .integer, keep: .count, by: nil),
        .init(name: "all", type: .text, keep: .all, by: nil),
        .init(name: "balance", type: .integer, keep: .balance, by: nil),
        .init(name: "window", type: .integer, keep: .window, by: nil),
        .init(name: "quantiles", type: .integer, keep: .quantiles, by: nil),
        .init(name: "last count", type: .integer, keep: .count, by: nil, last: last),
        .init(name: "last quantiles", type: .integer, keep: .quantiles, by: nil, last: last),
        .init(name: "latest by", type: .text, keep: .latest, by: "k"),
        .init(name: "first by", type: .integer, keep: .first, by: "k"),
        .init(name: "max by", type: .integer, keep: .max, by: "k"),
        .init(name: "min by", type: .integer, keep: .min, by: "k"),
        .init(name: "furthest by", type: words, keep: .furthest, by: "k"),
        .init(name: "sum by", type: .money, keep: .sum, by: "k"),
        .init(name: "count by", type: .integer, keep: .count, by: "k"),
    ]

    /// Twelve slices of three seconds, so that some of the facts are too old.
    static let last: Int64 = 36_000_000

    static let shape = Shape(all)

    /// What a fact tells all columns of the row `r`.
    static func event(_ fact: RegisterFact) -> EventFacts {
        var event = EventFacts()
        func keep(_ text: String) -> Range<Int> {
            let start = event.bytes.count
            event.bytes += text.utf8
            return start..<event.bytes.count
        }
        let name = keep("r")
        let text = keep(fact.text)
        let subkey = keep(fact.subkey)
        for (place, column) in all.enumerated() {
            var kind = EventFacts.Fact.Kind.value
            var value: Value
            switch (column.type, column.keep) {
            case (.text, _):
                value = Value(first: Int64(text.lowerBound), second: UInt64(text.count))
            case (.money, _):
                let code = fact.isYen ? RegisterFact.yen.code : RegisterFact.euro.code
                value = Value(first: fact.number, second: code)
            case (.enumeration, _): value = Value(first: Int64(fact.word))
            case (_, .window):
                kind = .count
                value = Value(first: fact.width)
            case (_, .count):
                kind = .count
                value = Value(first: 0)
            default:
                value = Value(first: fact.number)
                if column.keep == .balance { kind = fact.isCount ? .value : .delta }
            }
            event.facts.append(.init(column: place, kind: kind, value: value, by: subkey))
        }
        event.rows.append(
            .init(name: name, at: fact.at, facts: 0..<event.facts.count, links: 0..<0)
        )
        return event
    }
}

/// The ids of facts in the order of their arrival.
struct ArrivalIDs: EventIDs {
    let ids: [[UInt8]]

    init(_ facts: [RegisterFact]) { ids = facts.map { Array($0.id.utf8) } }

    func id(of sequence: UInt64) -> [UInt8] { ids[Int(sequence)] }
}

/// What every register must hold, worked out the plain way.
enum RegisterModel {
    static func value(_ column: ColumnDefinition, _ facts: [RegisterFact]) -> ColumnValue? {
        let sorted = facts.sorted(by: RegisterFact.precedes)
        guard column.by != nil else { return value(column.keep, column.type, sorted) }
        let keys = Set(sorted.map(\.subkey)).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        if column.keep == .count { return .integer(Int128(keys.count)) }
        let members = keys.compactMap { key -> ColumnValue.KeyedValue? in
            let mine = sorted.filter { $0.subkey == key }
            let keep = column.keep == .sum ? Keep.latest : column.keep
            return value(keep, column.type, mine).map { .init(key: key, value: $0) }
        }
        return column.keep == .sum ? sum(members.map(\.value)) : .keyed(members)
    }

    private static func value(
        _ keep: Keep,
        _ type: ColumnType,
        _ sorted: [RegisterFact]
    ) -> ColumnValue? {
        switch keep {
        case .latest: sorted.last.map { value($0, type) }
        case .first: sorted.first.map { value($0, type) }
        case .max, .furthest: sorted.map { value($0, type) }.max()
        case .min: sorted.map { value($0, type) }.min()
        case .sum: sum(sorted.map { value($0, type) })
        case .count: .integer(Int128(sorted.count))
        case .all:
            .list(Set(sorted.map { value($0, type) }).sorted())
        case .balance:
            .integer(balance(sorted))
        case .window, .quantiles: nil
        }
    }

    private static func value(_ fact: RegisterFact, _ type: ColumnType) -> ColumnValue {
        switch type {
        case .text: .text(fact.text)
        case .money: fact.money
        case .enumeration: .word(fact.word)
        default: .integer(Int128(fact.number))
        }
    }

    private static func balance(_ sorted: [RegisterFact]) -> Int128 {
        let base = sorted.last(where: \.isCount)
        let changes = sorted.filter { !$0.isCount && $0.at > base?.at ?? .min }
        return changes.reduce(Int128(base?.number ?? 0)) { $0 + Int128($1.number) }
    }

    private static func sum(_ values: [ColumnValue]) -> ColumnValue {
        var totals: [Currency: Int128] = [:]
        for case .money(let amount, let currency) in values {
            totals[currency, default: 0] += amount
        }
        let shown = totals.sorted { $0.key.code < $1.key.code }.map {
            ColumnValue.money($0.value, $0.key)
        }
        return shown.count == 1 ? shown[0] : .list(shown)
    }

    /// The counts of buckets, each with its place before it; `nil` for registers without any.
    static func buckets(_ column: ColumnDefinition, _ facts: [RegisterFact]) -> [String]? {
        if column.keep == .window { return buckets(facts) }
        guard column.keep == .quantiles || column.last != nil else { return nil }
        let slice = (column.last ?? 0) / Histogram.slices
        let newest = facts.map { slice == 0 ? 0 : $0.at / slice }.max() ?? 0
        var counts: [[Int64]: Int] = [:]
        for fact in facts {
            let place = slice == 0 ? 0 : fact.at / slice
            guard place > newest - Histogram.slices else { continue }
            // All numbers of facts have a bucket of their own.
            counts[[place, column.keep == .count ? 0 : fact.number], default: 0] += 1
        }
        return counts.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }
            .map { "\($0.key[0]) \($0.key[1]) \($0.value)" }
    }

    private static func buckets(_ facts: [RegisterFact]) -> [String] {
        var counts: [[Int64]: Int] = [:]
        for fact in facts { counts[[fact.width, fact.at / fact.width], default: 0] += 1 }
        return counts.sorted { ($0.key[0], $0.key[1]) < ($1.key[0], $1.key[1]) }
            .map { "\($0.key[0]) \($0.key[0] * $0.key[1]) \($0.value)" }
    }
}
