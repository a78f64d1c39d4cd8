package import Bytes

/// Which events to list: every condition that is given must hold.
package struct LogQuery: Sendable {
    /// Equal to the attribute; for `type` and `subject` a `*` stands for any text.
    package var conditions: [(attribute: Attribute, pattern: String)] = []
    /// Recorded at or after.
    package var since: Timestamp?
    /// Recorded before.
    package var until: Timestamp?
    /// What who asks may see at all, whatever the conditions say; `nil` for everything.
    package var scope: EventScope?
    /// The newest so many of those that fit; `nil` for all.
    package var limit: Int?

    package init() {}

    /// Whether a line fits, leaving aside when it was recorded.
    package func matches(_ line: borrowing Line) -> Bool {
        for (attribute, pattern) in conditions {
            guard let text = line.text(attribute), globMatches(pattern, text) else { return false }
        }
        return scope?.permits(line) ?? true
    }

    /// The sequences to look at, by the times alone: recorded times never go back, so both ends
    /// are found by bisection.
    package func range(in snapshot: borrowing Snapshot) throws -> Range<UInt64> {
        let size = try snapshot.size
        let start = try since.map { try snapshot.firstSequence(recordedAtOrAfter: $0) } ?? 0
        let end = try until.map { try snapshot.firstSequence(recordedAtOrAfter: $0) } ?? size
        return start..<max(start, end)
    }

    /// The sequences of the events that fit, in the log's order.
    ///
    /// Without a limit use `Snapshot.forEachLine` and `matches`, which hold nothing in memory.
    package func newest(_ limit: Int, in snapshot: borrowing Snapshot) throws -> [UInt64] {
        let range = try range(in: snapshot)
        var found: [UInt64] = []
        var sequence = range.upperBound
        while sequence > range.lowerBound, found.count < limit {
            sequence -= 1
            if let line = try snapshot.line(at: sequence), matches(line) { found.append(sequence) }
        }
        return found.reversed()
    }
}

extension Snapshot {
    /// The first event that was recorded at `time` or later; the log's size if there is none.
    package func firstSequence(recordedAtOrAfter time: Timestamp) throws -> UInt64 {
        var low: UInt64 = 0
        var high = try size
        while low < high {
            let middle = (low + high) / 2
            if let recorded = try line(at: middle)?.recordedTime, recorded < time {
                low = middle + 1
            } else {
                high = middle
            }
        }
        return low
    }
}

/// Whether `text` fits `pattern`, in which each `*` stands for any text, also none.
package func globMatches(_ pattern: String, _ text: String) -> Bool {
    let pattern = Array(pattern.utf8)
    let text = Array(text.utf8)
    var p = 0
    var t = 0
    var star: (pattern: Int, text: Int)?
    while t < text.count {
        if p < pattern.count, pattern[p] == UInt8(ascii: "*") {
            star = (p, t)
            p += 1
        } else if p < pattern.count, pattern[p] == text[t] {
            p += 1
            t += 1
        } else if let back = star {
            // The last star takes one byte more.
            p = back.pattern + 1
            t = back.text + 1
            star = (back.pattern, t)
        } else {
            return false
        }
    }
    return pattern[p...].allSatisfy { $0 == UInt8(ascii: "*") }
}
