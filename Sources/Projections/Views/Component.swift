internal import Bytes
internal import LMDB

/// Names that links hold together, as stored.
struct Component {
    /// The first is the one that was asked for.
    private(set) var names: [[UInt8]]
    private(set) var links: [Links.Link] = []

    /// Follows all links from a name.
    init(
        of name: [UInt8],
        _ store: ViewStore,
        _ rows: UInt32,
        in transaction: borrowing ReadTransaction
    ) throws {
        names = [name]
        var cursor = try transaction.cursor(over: store.links, from: [])
        var numbers = [name: 0]
        var next = 0
        while next < names.count {
            let current = names[next]
            let prefix = ViewKey.parts(rows, current.span)
            var isThere = try cursor.seek(prefix.span)
            while isThere, cursor.keyBytes.hasPrefix(prefix.span) {
                let count = cursor.keyBytes.count
                let other = [UInt8](
                    copying: cursor.keyBytes.extracting(prefix.count..<count)
                )
                guard let stamp = Stamp(record: cursor.value) else { throw ViewError.damaged }
                let number = numbers[other] ?? names.count
                if number == names.count {
                    numbers[other] = number
                    names.append(other)
                }
                // Each link is stored both ways.
                if next < number { links.append(.init(from: next, to: number, stamp: stamp)) }
                isThere = try cursor.next()
            }
            next += 1
        }
    }

    /// The names that are one row with the first, and its key; `nil` if no key is known.
    func group<IDs: EventIDs & ~Copyable>(
        _ aliases: Aliases,
        _ ids: borrowing IDs
    ) throws -> (key: Int?, members: [Int], conflicts: [Links.Link]) {
        let keys = names.indices.filter { isKey($0, aliases) }
        if keys.count <= 1 { return (keys.first, Array(names.indices), []) }
        let resolved = try resolve(aliases, ids)
        let mine = resolved.group[0]
        let members = names.indices.filter { resolved.group[$0] == mine }
        return (members.first { isKey($0, aliases) }, members, resolved.conflicts)
    }

    /// All rows that the names make, each with its key; `nil` if no key is known.
    func groups<IDs: EventIDs & ~Copyable>(
        _ aliases: Aliases,
        _ ids: borrowing IDs
    ) throws -> [(key: Int?, members: [Int])] {
        let resolved = try resolve(aliases, ids)
        var members: [Int: [Int]] = [:]
        for number in names.indices { members[resolved.group[number], default: []].append(number) }
        return members.values.map { group in (group.first { isKey($0, aliases) }, group) }
    }

    private func isKey(_ number: Int, _ aliases: Aliases) -> Bool {
        let name = names[number]
        return !aliases.contains(name.span)
    }

    private func resolve<IDs: EventIDs & ~Copyable>(
        _ aliases: Aliases,
        _ ids: borrowing IDs
    ) throws -> Links {
        let order = names.indices.sorted { names[$0].lexicographicallyPrecedes(names[$1]) }
        var ranks = [Int](repeating: 0, count: names.count)
        for (rank, number) in order.enumerated() { ranks[number] = rank }
        return try Links(ranks: ranks, links: links, isAlias: { !isKey($0, aliases) }, ids)
    }
}
