/// One register of a single value for each sub-key (`by:`).
struct Keyed: Equatable {
    /// In the order of sub-keys.
    private(set) var members: [(key: String, value: ColumnValue, stamp: Stamp)] = []

    /// Whether there were more sub-keys than it keeps: the least ones by their order.
    private(set) var isCut = false

    /// How many sub-keys a row keeps, so that a hostile sender cannot grow one without end.
    static let limit = 10_000

    /// Takes a value for a sub-key; `law` says whether it takes the place of one that is there.
    mutating func put<E: Error>(
        _ key: String,
        _ value: ColumnValue,
        _ stamp: Stamp,
        _ law: (_ new: (ColumnValue, Stamp), _ held: (ColumnValue, Stamp)) throws(E) -> Bool
    ) throws(E) {
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if Self.precedes(members[middle].key, key) { low = middle + 1 } else { high = middle }
        }
        if low < members.count, members[low].key == key {
            if try law((value, stamp), (members[low].value, members[low].stamp)) {
                members[low].value = value
                members[low].stamp = stamp
            }
            return
        }
        members.insert((key, value, stamp), at: low)
        if members.count > Self.limit {
            members.removeLast()
            isCut = true
        }
    }

    mutating func merge<E: Error>(
        _ other: Keyed,
        _ law: (_ new: (ColumnValue, Stamp), _ held: (ColumnValue, Stamp)) throws(E) -> Bool
    ) throws(E) {
        for member in other.members {
            try put(member.key, member.value, member.stamp, law)
        }
        isCut = isCut || other.isCut
    }

    /// By bytes: Swift compares texts by their canonical form, which is slower and says less.
    private static func precedes(_ a: String, _ b: String) -> Bool {
        a.utf8.lexicographicallyPrecedes(b.utf8)
    }

    static func == (a: Keyed, b: Keyed) -> Bool {
        a.isCut == b.isCut
            && a.members.elementsEqual(b.members) { $0.key == $1.key && $0.value == $1.value }
    }

    init() {}

    init(members: [(key: String, value: ColumnValue, stamp: Stamp)], isCut: Bool) {
        self.members = members
        self.isCut = isCut
    }
}
