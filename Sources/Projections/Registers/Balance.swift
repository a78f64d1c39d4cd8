/// The newest absolute count plus the changes after it.
///
/// A change at the very moment of the count belongs to the count. Counts of one moment are told
/// apart as all stamps are: by rule, then by id.
struct Balance: Equatable {
    /// One event's change.
    struct Change: Equatable {
        let stamp: Stamp
        var delta: Int128
    }

    /// The newest count.
    private(set) var base: (count: Int64, stamp: Stamp)?
    /// The changes after it, or all of them while nothing was counted; by time, then sequence.
    private(set) var changes: [Change] = []

    /// The balance; it may exceed what one event can say.
    var total: Int128 {
        changes.reduce(Int128(base?.count ?? 0)) { $0 + $1.delta }
    }

    /// The event that was the last to move it.
    var last: Stamp {
        var last = base?.stamp ?? Held.none.stamp
        for change in changes { last.raise(to: change.stamp) }
        return last
    }

    mutating func count<IDs: EventIDs & ~Copyable>(
        _ count: Int64,
        _ stamp: Stamp,
        _ ids: borrowing IDs
    ) throws {
        if let base {
            // Of two counts in one event the later in it counts.
            guard try stamp.isAfter(base.stamp, ids) ?? true else { return }
        }
        base = (count, stamp)
        let kept = changes.firstIndex { $0.stamp.at > stamp.at } ?? changes.count
        changes.removeFirst(kept)
    }

    /// Takes a change; several of one event at one moment add up.
    mutating func change(by delta: Int64, _ stamp: Stamp) {
        if let base, stamp.at <= base.stamp.at { return }
        let place = place(of: stamp)
        if place < changes.count, changes[place].stamp == stamp {
            changes[place].delta += Int128(delta)
        } else {
            changes.insert(Change(stamp: stamp, delta: Int128(delta)), at: place)
        }
    }

    mutating func merge<IDs: EventIDs & ~Copyable>(_ other: Balance, _ ids: borrowing IDs) throws {
        if let base = other.base { try count(base.count, base.stamp, ids) }
        if changes.isEmpty {
            let after = base?.stamp.at
            changes = other.changes.filter { change in after.map { change.stamp.at > $0 } ?? true }
            return
        }
        for change in other.changes {
            if let base, change.stamp.at <= base.stamp.at { continue }
            let place = place(of: change.stamp)
            // What one event says to two names of a row adds up; nothing is merged twice.
            if place < changes.count, changes[place].stamp == change.stamp {
                changes[place].delta += change.delta
            } else {
                changes.insert(change, at: place)
            }
        }
    }

    private func place(of stamp: Stamp) -> Int {
        var (low, high) = (0, changes.count)
        // Most changes are the newest so far.
        if let last = changes.last, Self.precedes(last.stamp, stamp) { return high }
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(changes[middle].stamp, stamp) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }

    private static func precedes(_ a: Stamp, _ b: Stamp) -> Bool {
        (a.at, a.origin) < (b.at, b.origin)
    }

    static func == (a: Balance, b: Balance) -> Bool {
        a.base?.count == b.base?.count && a.base?.stamp == b.base?.stamp && a.changes == b.changes
    }

    init() {}

    init(base: (count: Int64, stamp: Stamp)?, changes: [Change]) {
        self.base = base
        self.changes = changes
    }
}
