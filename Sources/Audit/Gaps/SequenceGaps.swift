internal import Bytes
package import Ledger

/// Numbers that a sender seems to have given out, and whose events did not come.
package struct SequenceGap: Hashable, Sendable {
    package let source: String
    package let type: String
    /// The attribute that has the number: `id` or `subject`.
    package let attribute: String
    /// What stands before the number: `order:`.
    package let prefix: String
    /// The first and the last number that is missing.
    package let missing: ClosedRange<UInt64>
    /// The event of the number before the gap, and the one after it.
    package let before: UInt64
    package let after: UInt64

    /// How many numbers are missing.
    package var count: UInt64 { missing.upperBound - missing.lowerBound + 1 }
}

/// Gaps in the numbers that senders count up, where ids or subjects have such numbers.
///
/// A heuristic, as no provider promises a run: numbers of one source, type and prefix are one if
/// there are 20 or more and nine of ten of those between the first and the last came. What is
/// before the first and after the last cannot be seen. Only accepted events count.
package struct SequenceGaps: Sendable {
    /// Series that are looked at: more come of ids that are no numbers.
    package static let seriesLimit = 10_000

    /// A run of numbers.
    package struct Run: Sendable {
        package let source: String
        package let type: String
        package let attribute: String
        package let prefix: String
        package let numbers: ClosedRange<UInt64>
        /// How many of them came.
        package let count: Int
    }

    /// The runs that were found, by source, type, attribute and prefix.
    package private(set) var runs: [Run] = []
    /// Their gaps, in the same order, by number.
    package private(set) var gaps: [SequenceGap] = []
    /// Events that were looked at.
    package private(set) var events: UInt64 = 0
    /// Numbers that were not looked at, as there are too many series.
    package private(set) var notLookedAt: UInt64 = 0

    private struct Series: Hashable {
        let source: String
        let type: String
        let attribute: Attribute
        let prefix: String

        var order: (String, String, String, String) { (source, type, attribute.name, prefix) }
    }

    /// Looks at what is selected of the first `size` events.
    package init(
        _ selection: EventSelection,
        in snapshot: borrowing Snapshot,
        size: UInt64
    ) throws {
        var series: [Series: NumberRun] = [:]
        try selection.forEach(in: snapshot, size: size) { sequence, line in
            guard line.outcome?.takesEffect == true, line.raw(.kind)?.equals(ascii: "admin") != true
            else { return true }
            events += 1
            for attribute in [Attribute.id, .subject] {
                guard let id = line.text(attribute).flatMap({ NumberedID($0) }) else { continue }
                let key = Series(
                    source: line.text(.source) ?? "",
                    type: line.text(.type) ?? "",
                    attribute: attribute,
                    prefix: id.prefix
                )
                if series[key] == nil, series.count == Self.seriesLimit {
                    notLookedAt += 1
                } else {
                    series[key, default: NumberRun()].add(id.number, sequence)
                }
            }
            return true
        }
        for (key, run) in series.sorted(by: { $0.key.order < $1.key.order }) {
            if let numbers = run.settled() { add(key, numbers) }
        }
    }

    private mutating func add(
        _ series: Series,
        _ numbers: [(number: UInt64, sequence: UInt64)]
    ) {
        runs.append(
            Run(
                source: series.source,
                type: series.type,
                attribute: series.attribute.name,
                prefix: series.prefix,
                numbers: numbers[0].number...numbers[numbers.count - 1].number,
                count: numbers.count
            )
        )
        for (a, b) in zip(numbers, numbers.dropFirst()) where b.number - a.number > 1 {
            gaps.append(
                SequenceGap(
                    source: series.source,
                    type: series.type,
                    attribute: series.attribute.name,
                    prefix: series.prefix,
                    missing: a.number + 1...b.number - 1,
                    before: a.sequence,
                    after: b.sequence
                )
            )
        }
    }
}
