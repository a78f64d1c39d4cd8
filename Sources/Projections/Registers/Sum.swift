/// Adds up integers or money, each event once; currencies are kept apart.
///
/// A fold takes each event once, as its position is committed with its rows; that is what makes
/// this register, `Count` and `Window` idempotent.
struct Sum: Equatable {
    /// Totals by currency, 0 standing for integers; in the order of currencies.
    private(set) var totals: [(currency: UInt64, amount: Int128)] = []
    /// The last that was added, by time.
    private(set) var last = Held.none.stamp

    mutating func add(_ value: Value, _ stamp: Stamp) {
        add(Int128(value.first), value.second)
        note(stamp)
    }

    mutating func add(_ amount: Int128, _ currency: Currency?, _ stamp: Stamp) {
        add(amount, currency?.code ?? 0)
        note(stamp)
    }

    mutating func merge(_ other: Sum) {
        for total in other.totals { add(total.amount, total.currency) }
        note(other.last)
    }

    private mutating func add(_ amount: Int128, _ currency: UInt64) {
        let place = totals.firstIndex { $0.currency >= currency } ?? totals.count
        if place < totals.count, totals[place].currency == currency {
            // 2^64 events of the greatest amount do not reach an Int128's end.
            totals[place].amount += amount
        } else {
            totals.insert((currency, amount), at: place)
        }
    }

    private mutating func note(_ stamp: Stamp) { last.raise(to: stamp) }

    static func == (a: Sum, b: Sum) -> Bool {
        a.totals.elementsEqual(b.totals) { $0 == $1 }
    }

    init() {}

    init(totals: [(currency: UInt64, amount: Int128)], last: Stamp) {
        self.totals = totals
        self.last = last
    }
}

/// Counts events.
struct Count: Equatable {
    private(set) var count: UInt64 = 0
    private(set) var last = Held.none.stamp

    mutating func add(_ stamp: Stamp) {
        count += 1
        last.raise(to: stamp)
    }

    mutating func merge(_ other: Count) {
        count += other.count
        last.raise(to: other.last)
    }

    static func == (a: Count, b: Count) -> Bool { a.count == b.count }

    init() {}

    init(count: UInt64, last: Stamp) {
        self.count = count
        self.last = last
    }
}

extension Stamp {
    /// Takes another stamp's place if it comes later, for telling which event was the last.
    ///
    /// Among events of one moment it is the one with the greatest sequence: no value depends on it.
    mutating func raise(to other: Stamp) {
        guard other.origin != .max else { return }
        if origin == .max || (other.at, other.origin) > (at, origin) { self = other }
    }
}
