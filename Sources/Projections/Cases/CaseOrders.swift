/// The orders in which a case's events are taken.
struct CaseOrders {
    private let events: Int
    private let isInOrder: Bool

    init(events: Int, isInOrder: Bool) {
        self.events = events
        self.isInOrder = isInOrder
    }

    /// Calls `body` with every order, the file's first, until it returns `false`.
    func forEach(
        _ chance: inout CaseChance,
        _ body: ([Int], inout CaseChance) throws -> Bool
    ) rethrows {
        let inFile = Array(0..<events)
        if isInOrder {
            for _ in 0..<CaseLimits.orderedRuns where try !body(inFile, &chance) { return }
        } else if events <= CaseLimits.exhaustiveEvents {
            var order = inFile
            repeat {
                guard try body(order, &chance) else { return }
            } while Self.advance(&order)
        } else {
            guard try body(inFile, &chance), try body(inFile.reversed(), &chance) else { return }
            for _ in 2..<CaseLimits.sampledOrders {
                guard try body(inFile.shuffled(using: &chance), &chance) else { return }
            }
        }
    }

    /// Makes the order the next one by its numbers; `false` after the last.
    private static func advance(_ order: inout [Int]) -> Bool {
        var low = order.count - 2
        while low >= 0, order[low] > order[low + 1] { low -= 1 }
        guard low >= 0 else { return false }
        var high = order.count - 1
        while order[high] < order[low] { high -= 1 }
        order.swapAt(low, high)
        order[(low + 1)...].reverse()
        return true
    }
}

/// Chance that a seed makes repeatable (SplitMix64), so that a case that fails fails again.
struct CaseChance: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ word >> 30) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ word >> 27) &* 0x94D0_49BB_1331_11EB
        return word ^ word >> 31
    }
}
