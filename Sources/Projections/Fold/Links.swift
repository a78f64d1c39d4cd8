internal import Bytes

/// Which names are one row's, from what events say of names that belong together.
///
/// A name that a `link:` template could make (`pi:…`) is an alias, any other a key. A group of
/// linked names with one key is that key's row; one without a key waits. Where links would join
/// two keys, they are followed in the order of their stamps, and one that would join the second
/// key is a conflict: it is not followed. So the order of arrival does not matter.
struct Links {
    struct Link {
        let from: Int
        let to: Int
        let stamp: Stamp
    }

    /// For each name the least number among those of its row.
    private(set) var group: [Int]
    /// Links that are not followed.
    private(set) var conflicts: [Link] = []

    /// `ranks` has each name's place in the order of their bytes, which decides between links that
    /// one event makes by one rule.
    init<IDs: EventIDs & ~Copyable>(
        ranks: [Int],
        links: [Link],
        isAlias: (Int) -> Bool,
        _ ids: borrowing IDs
    ) throws {
        group = Array(ranks.indices)
        for link in links { join(link.from, link.to) }
        let crowded = crowdedGroups(isAlias)
        for number in group.indices { _ = root(number) }
        guard !crowded.isEmpty else { return }
        let disputed = links.filter { crowded.contains(group[$0.from]) }
        // Each of them begins alone again.
        for number in group.indices where crowded.contains(group[number]) {
            group[number] = ~number
        }
        for number in group.indices where group[number] < 0 { group[number] = ~group[number] }
        try follow(disputed, ranks, isAlias, ids)
        for number in group.indices { _ = root(number) }
    }

    /// The groups that have more than one key.
    private mutating func crowdedGroups(_ isAlias: (Int) -> Bool) -> Set<Int> {
        var keyed: Set<Int> = []
        var crowded: Set<Int> = []
        for number in group.indices where !isAlias(number) {
            let root = root(number)
            // A key that nothing links is the rule, and costs nothing.
            if root == number, group[number] == number, !keyed.contains(root) {
                keyed.insert(root)
            } else if !keyed.insert(root).inserted {
                crowded.insert(root)
            }
        }
        return crowded
    }

    private mutating func follow<IDs: EventIDs & ~Copyable>(
        _ disputed: [Link],
        _ ranks: [Int],
        _ isAlias: (Int) -> Bool,
        _ ids: borrowing IDs
    ) throws {
        let ordered = try disputed.sorted { a, b in
            if let isAfter = try b.stamp.isAfter(a.stamp, ids) { return isAfter }
            let (x, y) = (Self.pair(a, ranks), Self.pair(b, ranks))
            return x < y
        }
        var hasKey: [Int: Bool] = [:]
        for link in ordered {
            let (a, b) = (root(link.from), root(link.to))
            guard a != b else { continue }
            let keyA = hasKey[a] ?? !isAlias(a)
            let keyB = hasKey[b] ?? !isAlias(b)
            if keyA && keyB {
                conflicts.append(link)
            } else {
                join(a, b)
                hasKey[root(a)] = keyA || keyB
            }
        }
    }

    private static func pair(_ link: Link, _ ranks: [Int]) -> (Int, Int) {
        let (from, to) = (ranks[link.from], ranks[link.to])
        return (min(from, to), max(from, to))
    }

    private mutating func root(_ number: Int) -> Int {
        var root = number
        while group[root] != root { root = group[root] }
        var walk = number
        while group[walk] != root {
            let next = group[walk]
            group[walk] = root
            walk = next
        }
        return root
    }

    private mutating func join(_ a: Int, _ b: Int) {
        let (a, b) = (root(a), root(b))
        if a < b { group[b] = a } else { group[a] = b }
    }
}

/// What names of a definition's rows are aliases.
struct Aliases: Sendable {
    /// What the definition's `link:` templates begin with.
    let prefixes: [[UInt8]]

    init(_ definition: Definition) {
        var prefixes: [[UInt8]] = []
        for link in definition.rules.flatMap(\.links) {
            if case .literal(let text)? = link.parts.first {
                let prefix = Array(text.utf8)
                if !prefixes.contains(prefix) { prefixes.append(prefix) }
            }
        }
        self.prefixes = prefixes
    }

    func contains(_ name: Span<UInt8>) -> Bool {
        for prefix in prefixes where name.hasPrefix(prefix.span) { return true }
        return false
    }
}
