internal import Bytes

/// A register of another kind than those of one value.
enum OtherRegister {
    case sum(Sum)
    case count(Count)
    case all(All)
    case balance(Balance)
    case window(Window)
    case histogram(Histogram)
    case keyed(Keyed, KeyedUse)

    /// What is made of the values of sub-keys.
    enum KeyedUse { case each, sum, count }

    init(_ column: Shape.Column) {
        switch (column.keep, column.hasSubkeys) {
        case (.sum, false): self = .sum(Sum())
        case (.quantiles, _): self = .histogram(Histogram(slice: column.slice))
        case (.count, false):
            self =
                column.slice > 0
                ? .histogram(Histogram(slice: column.slice)) : .count(Count())
        case (.all, _): self = .all(All())
        case (.balance, _): self = .balance(Balance())
        case (.window, _): self = .window(Window())
        case (.sum, true): self = .keyed(Keyed(), .sum)
        case (.count, true): self = .keyed(Keyed(), .count)
        default: self = .keyed(Keyed(), .each)
        }
    }

    mutating func apply<IDs: EventIDs & ~Copyable>(
        _ fact: EventFacts.Fact,
        of event: borrowing EventFacts,
        _ column: Shape.Column,
        _ stamp: Stamp,
        _ ids: borrowing IDs
    ) throws {
        switch self {
        case .sum(var register):
            register.add(fact.value, stamp)
            self = .sum(register)
        case .count(var register):
            register.add(stamp)
            self = .count(register)
        case .all(var register):
            self = .count(Count())
            try register.add(event.value(fact, column.kind), stamp, ids)
            self = .all(register)
        case .balance(var register):
            self = .count(Count())
            switch fact.kind {
            case .delta: register.change(by: fact.value.first, stamp)
            case .value, .count: try register.count(fact.value.first, stamp, ids)
            }
            self = .balance(register)
        case .window(var register):
            self = .count(Count())
            register.add(width: fact.value.first, stamp)
            self = .window(register)
        case .histogram(var register):
            self = .count(Count())
            register.add(fact.value.first, stamp)
            self = .histogram(register)
        case .keyed(var register, let use):
            self = .count(Count())
            let key = String(repairing: event.bytes.span.extracting(fact.by))
            let value = use == .count ? .boolean(true) : event.value(fact, column.kind)
            try register.put(key, value, stamp) { try column.prefers($0, to: $1, ids) }
            self = .keyed(register, use)
        }
    }

    mutating func merge<IDs: EventIDs & ~Copyable>(
        _ other: OtherRegister,
        _ column: Shape.Column,
        _ ids: borrowing IDs
    ) throws {
        switch (self, other) {
        case (.sum(var register), .sum(let other)):
            register.merge(other)
            self = .sum(register)
        case (.count(var register), .count(let other)):
            register.merge(other)
            self = .count(register)
        case (.all(var register), .all(let other)):
            try register.merge(other, ids)
            self = .all(register)
        case (.balance(var register), .balance(let other)):
            try register.merge(other, ids)
            self = .balance(register)
        case (.window(var register), .window(let other)):
            register.merge(other)
            self = .window(register)
        case (.histogram(var register), .histogram(let other)):
            register.merge(other)
            self = .histogram(register)
        case (.keyed(var register, let use), .keyed(let other, _)):
            try register.merge(other) { try column.prefers($0, to: $1, ids) }
            self = .keyed(register, use)
        // Both are of one column, so they are of one kind.
        default: break
        }
    }

    /// What is shown; `nil` where only a moment tells.
    var value: ColumnValue? {
        switch self {
        case .sum(let register): Self.shown(register)
        case .count(let register): .integer(Int128(register.count))
        case .all(let register): .list(register.members.map(\.value))
        case .balance(let register): .integer(register.total)
        case .window, .histogram: nil
        case .keyed(let register, .each):
            .keyed(register.members.map { .init(key: $0.key, value: $0.value) })
        case .keyed(let register, .count): .integer(Int128(register.members.count))
        case .keyed(let register, .sum):
            Self.shown(
                register.members.reduce(into: Sum()) { sum, member in
                    switch member.value {
                    case .integer(let integer): sum.add(integer, nil, member.stamp)
                    case .money(let amount, let currency): sum.add(amount, currency, member.stamp)
                    default: break
                    }
                }
            )
        }
    }

    private static func shown(_ sum: Sum) -> ColumnValue {
        let values = sum.totals.map { total in
            total.currency == 0
                ? ColumnValue.integer(total.amount)
                : .money(total.amount, Currency(code: total.currency))
        }
        return values.count == 1 ? values[0] : .list(values)
    }

    /// Which event was the last to change it.
    var last: Stamp {
        switch self {
        case .sum(let register): register.last
        case .count(let register): register.last
        case .all(let register): Self.newest(register.members.lazy.map(\.stamp))
        case .balance(let register): register.last
        case .window(let register): register.last
        case .histogram(let register): register.last
        case .keyed(let register, _): Self.newest(register.members.lazy.map(\.stamp))
        }
    }

    private static func newest(_ stamps: some Sequence<Stamp>) -> Stamp {
        stamps.reduce(into: Held.none.stamp) { $0.raise(to: $1) }
    }
}

extension Shape.Column {
    /// The law of a column with sub-keys.
    fileprivate func prefers<IDs: EventIDs & ~Copyable>(
        _ new: (value: ColumnValue, stamp: Stamp),
        to held: (value: ColumnValue, stamp: Stamp),
        _ ids: borrowing IDs
    ) throws -> Bool {
        switch keep {
        case .max, .furthest:
            if new.value != held.value { return held.value < new.value }
        case .min:
            if new.value != held.value { return new.value < held.value }
        case .first: break
        default: return try new.stamp.isAfter(held.stamp, ids) ?? true
        }
        return try held.stamp.isAfter(new.stamp, ids) ?? false
    }
}

extension EventFacts {
    /// A fact's value on its own.
    fileprivate func value(_ fact: Fact, _ kind: ValueKind) -> ColumnValue {
        guard kind == .text else { return ColumnValue(fact.value, kind) }
        let start = Int(fact.value.first)
        return .text(
            String(repairing: bytes.span.extracting(start..<start + Int(fact.value.second)))
        )
    }
}

extension ColumnValue {
    /// A value of any type but text.
    init(_ value: Value, _ kind: ValueKind) {
        switch kind {
        case .enumeration: self = .word(Int(value.first))
        case .integer, .text: self = .integer(Int128(value.first))
        case .boolean: self = .boolean(value.first != 0)
        case .time: self = .time(value.first)
        case .money: self = .money(Int128(value.first), Currency(code: value.second))
        }
    }
}
