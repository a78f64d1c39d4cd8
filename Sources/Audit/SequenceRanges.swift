internal import Bytes

/// A set of sequences as half-open ranges, ascending, with a gap between any two.
package struct SequenceRanges: Hashable, Sendable {
    /// The ranges; none is empty.
    package private(set) var ranges: [Range<UInt64>] = []

    /// Holds nothing.
    package init() {}

    /// Holds what the ranges hold, which may overlap and stand in any order.
    package init(_ ranges: [Range<UInt64>]) {
        for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) { append(range) }
    }

    /// Adds a sequence that is beyond all before.
    package mutating func append(_ sequence: UInt64) { append(sequence..<sequence + 1) }

    /// Adds a range that does not begin before the last one does.
    package mutating func append(_ range: Range<UInt64>) {
        guard !range.isEmpty else { return }
        if let last = ranges.last, range.lowerBound <= last.upperBound {
            let end = max(last.upperBound, range.upperBound)
            ranges[ranges.count - 1] = last.lowerBound..<end
        } else {
            ranges.append(range)
        }
    }

    /// How many sequences there are.
    package var count: UInt64 { ranges.reduce(0) { $0 + UInt64($1.count) } }

    /// Whether a sequence is among them.
    package func contains(_ sequence: UInt64) -> Bool {
        let place = firstRange(endingAfter: sequence)
        return place < ranges.count && ranges[place].lowerBound <= sequence
    }

    /// Whether all of `range` is among them.
    package func contains(_ range: Range<UInt64>) -> Bool {
        if range.isEmpty { return true }
        let place = firstRange(endingAfter: range.lowerBound)
        return place < ranges.count && ranges[place].lowerBound <= range.lowerBound
            && ranges[place].upperBound >= range.upperBound
    }

    /// The place of the first range that ends after a sequence; the number of ranges if none does.
    package func firstRange(endingAfter sequence: UInt64) -> Int {
        var (low, high) = (0, ranges.count)
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound <= sequence { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// Calls `body` with each sequence, ascending.
    package func forEach(_ body: (UInt64) throws -> Void) rethrows {
        for range in ranges {
            for sequence in range { try body(sequence) }
        }
    }

    /// Ranges of which each covers several of these whose gaps are small: what is read in one go.
    func coarse(gap: UInt64) -> [Range<UInt64>] {
        var result: [Range<UInt64>] = []
        for range in ranges {
            if let last = result.last, range.lowerBound - last.upperBound <= gap {
                result[result.count - 1] = last.lowerBound..<range.upperBound
            } else {
                result.append(range)
            }
        }
        return result
    }

    /// As canonical JSON: `[[0,3],[7,8]]`.
    package var json: [UInt8] {
        CanonicalJSON.list(ranges) { range, text in
            text.append(UInt8(ascii: "["))
            Decimal.append(range.lowerBound, to: &text)
            text.append(UInt8(ascii: ","))
            Decimal.append(range.upperBound, to: &text)
            text.append(UInt8(ascii: "]"))
        }
    }
}
