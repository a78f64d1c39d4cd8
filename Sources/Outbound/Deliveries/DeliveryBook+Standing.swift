package import Bytes

/// How an event stands that is neither delivered nor given up.
package struct DeliveryStanding: Hashable, Sendable {
    /// The event's sequence.
    package let sequence: UInt64
    /// Attempts recorded so far, since it was last ordered to be sent again.
    package let attempts: Int
    /// The sequence of the newest of them.
    package let last: UInt64?
    /// When it may be sent.
    package let due: Timestamp
    /// Whether an earlier event of its subject has to go first.
    package let isHeldBack: Bool
    /// Whether it is on its way.
    package let isFlying: Bool
}

extension DeliveryBook {
    /// How many events are neither delivered nor given up.
    package var pendingCount: Int { entries.count }

    /// All of them, in the log's order.
    package var standings: [DeliveryStanding] {
        entries.keys.sorted().compactMap { standing(of: $0) }
    }

    /// How an event stands; `nil` if it is settled, or not this rule's.
    package func standing(of sequence: UInt64) -> DeliveryStanding? {
        guard let entry = entries[sequence] else { return nil }
        let first = entry.lane.flatMap { lanes[$0]?.pending.first } ?? sequence
        return DeliveryStanding(
            sequence: sequence,
            attempts: entry.attempts,
            last: entry.last,
            due: entry.due,
            isHeldBack: first != sequence,
            isFlying: entry.isFlying
        )
    }

    /// The least sequence from which a fold knows all that is pending; `nil` if nothing is.
    package var lowWater: UInt64? { entries.values.lazy.map(\.since).min() }

    /// The sequence of the terms in force at a sequence; `nil` if there were none.
    package func termsInForce(at sequence: UInt64) -> UInt64? {
        terms.last { $0.sequence < sequence }?.sequence
    }
}
