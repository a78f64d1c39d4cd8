internal import Bytes

/// The rows of a fold: names that are linked are one row.
struct FoldedRows {
    /// A row's names, by their numbers in the fold.
    struct Group {
        /// The row's key; for a row that waits the first of its names.
        let name: Int
        let members: [Int]
        /// Whether no key is known for it.
        let isWaiting: Bool
    }

    /// In the order of their names.
    private(set) var groups: [Group] = []
    /// Links that are not followed, by the numbers of names.
    let conflicts: [Links.Link]

    init<IDs: EventIDs & ~Copyable>(
        _ fold: borrowing Fold,
        _ aliases: Aliases,
        _ ids: borrowing IDs
    ) throws {
        let isAlias = (0..<fold.count).map { aliases.contains(fold.names[$0]) }
        let order = fold.names.sorted()
        var ranks = [Int](repeating: 0, count: fold.count)
        for (rank, number) in order.enumerated() { ranks[number] = rank }
        let links = try Links(
            ranks: ranks,
            links: fold.links.map {
                Links.Link(from: Int($0.from), to: Int($0.to), stamp: $0.stamp)
            },
            isAlias: { isAlias[$0] },
            ids
        )
        conflicts = links.conflicts
        var members: [Int: [Int]] = [:]
        for number in order {
            members[links.group[number], default: []].append(number)
        }
        for (_, members) in members {
            let key = members.first { !isAlias[$0] }
            groups.append(
                Group(name: key ?? members[0], members: members, isWaiting: key == nil)
            )
        }
        groups.sort { fold.names[$0.name].precedes(fold.names[$1.name]) }
    }

    /// A group's row; `nil` if nothing was said of it.
    func row<IDs: EventIDs & ~Copyable>(
        _ group: Group,
        of fold: borrowing Fold,
        _ maker: RowMaker,
        moment: Int64,
        _ ids: borrowing IDs
    ) throws -> Row? {
        let key = fold.names.text(group.name)
        if group.members.count == 1 {
            if fold.isEmpty(group.name) { return nil }
            return maker.row(group.name, of: fold, key: key, moment: moment)
        }
        var merged = Fold(fold.shape, capacity: 1)
        let row = merged.row(named: fold.names[group.name])
        var record: [UInt8] = []
        for member in group.members {
            record.removeAll(keepingCapacity: true)
            fold.encode(member, into: &record)
            _ = try merged.absorb(record.span, into: row, ids)
        }
        if merged.isEmpty(row) { return nil }
        return maker.row(row, of: merged, key: key, moment: moment)
    }
}
