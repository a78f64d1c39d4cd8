/// The events of one subject that go one after the other.
struct DeliveryLane: Sendable {
    /// Those that are pending, in the log's order.
    private(set) var pending: [UInt64] = []
    /// The one that is being sent.
    var flying: UInt64?

    /// Which may be sent: the earliest, unless one is on its way.
    var next: UInt64? { flying == nil ? pending.first : nil }

    mutating func insert(_ sequence: UInt64) {
        let place = place(of: sequence)
        if place < pending.count, pending[place] == sequence { return }
        pending.insert(sequence, at: place)
    }

    mutating func remove(_ sequence: UInt64) {
        let place = place(of: sequence)
        if place < pending.count, pending[place] == sequence { pending.remove(at: place) }
    }

    /// Where a sequence is, or belongs; nearly always at one of the ends.
    private func place(of sequence: UInt64) -> Int {
        guard let first = pending.first, let last = pending.last, sequence > first else { return 0 }
        if sequence > last { return pending.count }
        var (low, high) = (0, pending.count)
        while low < high {
            let middle = (low + high) / 2
            if pending[middle] < sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
