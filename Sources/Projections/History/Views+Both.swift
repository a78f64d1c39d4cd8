package import Bytes

/// A row at one moment in both ways: as it was known then, and as it was by all we know now.
package struct RowPair: Sendable {
    /// As the log had it; `nil` if there was no such row.
    package let known: Row?
    /// As things stood; `nil` if there was no such row.
    package let actual: Row?

    /// The key.
    package var key: String { (known ?? actual)?.key ?? "" }

    /// The columns that say different things.
    package var differing: [String] { Change.between(known, actual).map(\.column) }

    /// Whether anything differs, the row's being there included.
    package var differs: Bool { (known == nil) != (actual == nil) || !differing.isEmpty }
}

/// A moment that is asked about in both ways.
package struct BothPasts: Sendable, Hashable {
    /// What the log held.
    package let known: Past
    /// What had occurred.
    package let actual: Past

    /// What the log held at a time, and what had occurred by then.
    package init(at time: Timestamp) {
        known = .asAtTime(time)
        actual = .asOf(time)
    }

    /// What the log held up to and with an event, and what had occurred when that was recorded.
    package init(at sequence: UInt64, recorded: Timestamp) {
        known = .asAt(sequence: sequence)
        actual = .asOf(recorded)
    }
}

extension Views {
    /// A row at a moment in both ways, by its key or another of its names.
    ///
    /// - Throws: `ViewError.noRow` if there was none either way.
    package func pair(_ request: ViewRequest, key: String, at moment: BothPasts) throws -> RowPair {
        let pair = RowPair(
            known: try existing { try row(request, key: key, at: moment.known) },
            actual: try existing { try row(request, key: key, at: moment.actual) }
        )
        guard pair.known != nil || pair.actual != nil else {
            throw ViewError.noRow(projection: request.name, key: key)
        }
        return pair
    }

    /// Calls `body` with each row of a moment in both ways, in the order of keys, until it says
    /// `false`.
    ///
    /// The log is folded twice, in memory; rows pair by their keys.
    package func forEachPair(
        _ request: ViewRequest,
        at moment: BothPasts,
        progress: (UInt64, UInt64) -> Void = { _, _ in },
        _ body: (RowPair) throws -> Bool
    ) throws {
        var known: [Row] = []
        try forEachRow(request, at: moment.known, progress: progress) { row in
            known.append(row)
            return true
        }
        var next = 0
        var isEnded = false
        try forEachRow(request, at: moment.actual, progress: progress) { row in
            while next < known.count,
                known[next].key.utf8.lexicographicallyPrecedes(row.key.utf8)
            {
                isEnded = try !body(RowPair(known: known[next], actual: nil))
                next += 1
                if isEnded { return false }
            }
            let isSame = next < known.count && known[next].key == row.key
            isEnded = try !body(RowPair(known: isSame ? known[next] : nil, actual: row))
            if isSame { next += 1 }
            return !isEnded
        }
        while !isEnded, next < known.count {
            isEnded = try !body(RowPair(known: known[next], actual: nil))
            next += 1
        }
    }
}
