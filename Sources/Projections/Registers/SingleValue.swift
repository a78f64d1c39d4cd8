/// A register that holds one of the values it was told.
///
/// Each picks by a total order over values and stamps, so it is associative, commutative and
/// idempotent whatever the order of arrival.
protocol SingleValueRegister {
    /// Whether a value takes the place of the one that is held.
    ///
    /// For two values that one event gives by one rule, `new` is the later in the event.
    static func prefers<IDs: EventIDs & ~Copyable>(
        _ new: Held,
        to held: Held,
        _ ids: borrowing IDs
    ) throws -> Bool
}

/// Holds what was said last, by the events' own times.
enum Latest: SingleValueRegister {
    static func prefers<IDs: EventIDs & ~Copyable>(
        _ new: Held,
        to held: Held,
        _ ids: borrowing IDs
    ) throws -> Bool {
        try new.stamp.isAfter(held.stamp, ids) ?? true
    }
}

/// Holds what was said first, by the events' own times.
enum First: SingleValueRegister {
    static func prefers<IDs: EventIDs & ~Copyable>(
        _ new: Held,
        to held: Held,
        _ ids: borrowing IDs
    ) throws -> Bool {
        try held.stamp.isAfter(new.stamp, ids) ?? false
    }
}

/// Holds the greatest value, and who said it first.
enum Max: SingleValueRegister {
    static func prefers<IDs: EventIDs & ~Copyable>(
        _ new: Held,
        to held: Held,
        _ ids: borrowing IDs
    ) throws -> Bool {
        if new.value.first != held.value.first { return new.value.first > held.value.first }
        return try First.prefers(new, to: held, ids)
    }
}

/// Holds the least value, and who said it first.
enum Min: SingleValueRegister {
    static func prefers<IDs: EventIDs & ~Copyable>(
        _ new: Held,
        to held: Held,
        _ ids: borrowing IDs
    ) throws -> Bool {
        if new.value.first != held.value.first { return new.value.first < held.value.first }
        return try First.prefers(new, to: held, ids)
    }
}

/// Holds the word that comes last in its enum's declared order: the same as `Max` over places.
typealias Furthest = Max
