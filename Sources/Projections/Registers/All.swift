/// A set of values, each with who said it first.
struct All: Equatable {
    /// In the order of values; each once.
    private(set) var members: [(value: ColumnValue, stamp: Stamp)] = []
    /// Whether there were more than it keeps: the least ones by their order.
    private(set) var isCut = false

    /// How many a row keeps, so that a hostile sender cannot grow one without end.
    static let limit = 1000

    mutating func add<IDs: EventIDs & ~Copyable>(
        _ value: ColumnValue,
        _ stamp: Stamp,
        _ ids: borrowing IDs
    ) throws {
        var (low, high) = (0, members.count)
        while low < high {
            let middle = (low + high) / 2
            if members[middle].value < value { low = middle + 1 } else { high = middle }
        }
        if low < members.count, members[low].value == value {
            if try members[low].stamp.isAfter(stamp, ids) ?? false { members[low].stamp = stamp }
            return
        }
        members.insert((value, stamp), at: low)
        if members.count > Self.limit {
            members.removeLast()
            isCut = true
        }
    }

    mutating func merge<IDs: EventIDs & ~Copyable>(_ other: All, _ ids: borrowing IDs) throws {
        for member in other.members { try add(member.value, member.stamp, ids) }
        isCut = isCut || other.isCut
    }

    static func == (a: All, b: All) -> Bool {
        a.isCut == b.isCut && a.members.map(\.value) == b.members.map(\.value)
    }

    init() {}

    init(members: [(value: ColumnValue, stamp: Stamp)], isCut: Bool) {
        self.members = members
        self.isCut = isCut
    }
}
