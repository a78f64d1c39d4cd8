internal import LMDB
internal import Ledger

/// Which names are one row, while rows are listed: what many orders claim, such as a parcel called
/// "N/A", is worked out once for all of them.
struct RowGroups {
    struct Group {
        /// In the order of their bytes.
        let names: [[UInt8]]
        let hasKey: Bool
    }

    /// Groups of names that are yet to come.
    private var known: [[UInt8]: Group] = [:]

    /// Below this it costs less to work a group out again than to remember it.
    private static let remembered = 16

    /// The row that a name belongs to; each name is asked for once.
    mutating func group(
        of name: [UInt8],
        _ reader: StoredRowReader,
        in transaction: borrowing ReadTransaction,
        _ ids: borrowing Snapshot
    ) throws -> Group {
        if let group = known.removeValue(forKey: name) { return group }
        let component = try Component(of: name, reader.store, reader.rows, in: transaction)
        let aliases = reader.plan.aliases
        guard component.names.count > Self.remembered else {
            let group = try component.group(aliases, ids)
            return Self.group(group.members, hasKey: group.key != nil, component)
        }
        for (key, members) in try component.groups(aliases, ids) {
            let group = Self.group(members, hasKey: key != nil, component)
            for name in group.names { known[name] = group }
        }
        return known.removeValue(forKey: name) ?? Group(names: [name], hasKey: true)
    }

    private static func group(_ members: [Int], hasKey: Bool, _ component: Component) -> Group {
        let names = members.map { component.names[$0] }
        return Group(names: names.sorted(by: StoredRowReader.precedes), hasKey: hasKey)
    }
}
