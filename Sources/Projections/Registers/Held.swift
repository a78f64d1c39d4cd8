/// When, by which rule and in which event something was said.
package struct Stamp: Hashable, Sendable, BitwiseCopyable {
    /// The moment that the event speaks for, in microseconds since 1970.
    package let at: Int64
    /// The event's sequence in the upper 48 bits, the rule's place in the lower 16.
    let origin: UInt64

    package init(at: Int64, rule: Int, sequence: UInt64) {
        self.at = at
        origin = sequence << 16 | UInt64(rule)
    }

    init(at: Int64, origin: UInt64) {
        self.at = at
        self.origin = origin
    }

    /// The event.
    package var sequence: UInt64 { origin >> 16 }
    /// The rule's place in the definition.
    package var rule: Int { Int(origin & 0xFFFF) }
}

/// A value as a fold keeps it: two words whose meaning the column's type tells.
///
/// An enum's place, an integer, a time or a boolean is in `first`; money has its minor units there
/// and its currency in `second`; a text has its place in the fold's texts in `first`, its length in
/// `second`.
struct Value: Hashable, Sendable, BitwiseCopyable {
    var first: Int64
    var second: UInt64 = 0
}

/// A value with its stamp: what the registers of one value hold.
struct Held: Sendable, BitwiseCopyable {
    var stamp: Stamp
    var value: Value

    /// No value yet.
    static let none = Held(stamp: Stamp(at: 0, origin: .max), value: Value(first: 0))

    var isNone: Bool { stamp.origin == .max }
}

/// Where the ids of events are found when stamps are equal in all else.
package protocol EventIDs: ~Copyable {
    /// The id of the event at a sequence.
    func id(of sequence: UInt64) throws -> [UInt8]
}

extension Stamp {
    /// Whether this stamp comes after another: by its time, then its rule's place in the file,
    /// then its event's id in byte order; never by arrival.
    ///
    /// `nil` if both are of one event and one rule.
    func isAfter<IDs: EventIDs & ~Copyable>(
        _ other: Stamp,
        _ ids: borrowing IDs
    ) throws -> Bool? {
        if at != other.at { return at > other.at }
        if rule != other.rule { return rule > other.rule }
        if sequence == other.sequence { return nil }
        let (mine, others) = (try ids.id(of: sequence), try ids.id(of: other.sequence))
        if mine == others { return sequence > other.sequence }
        return others.lexicographicallyPrecedes(mine)
    }
}
