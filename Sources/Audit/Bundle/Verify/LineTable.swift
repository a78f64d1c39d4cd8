internal import Bytes
internal import Digest
internal import Ledger

/// The lines of a bundle, placed by `proof.json`: leaf hashes of all, bytes of a few.
struct LineTable {
    /// The sequences of the lines that are there.
    private(set) var present = SequenceRanges()
    /// Leaf hashes in the lines' order.
    private(set) var leaves: [Hash256] = []
    /// Lines by sequence that checks look at again.
    var kept: [UInt64: [UInt8]] = [:]
    /// How many lines the file has, and whether its last one is ended.
    var count = 0
    var isEnded = true
    /// How many lines come before each range of `present`.
    private var ranks: [Int] = []

    mutating func append(_ sequence: UInt64, _ leaf: Hash256) {
        let before = present.ranges.count
        present.append(sequence)
        if present.ranges.count > before { ranks.append(leaves.count) }
        leaves.append(leaf)
    }

    /// The leaf hash of an event's line; `nil` if it is not there.
    func leaf(of sequence: UInt64) -> Hash256? {
        let place = present.firstRange(endingAfter: sequence)
        guard place < present.ranges.count, present.ranges[place].lowerBound <= sequence else {
            return nil
        }
        return leaves[ranks[place] + Int(sequence - present.ranges[place].lowerBound)]
    }

    /// When an event was recorded, by a line that was kept.
    func recorded(_ sequence: UInt64) -> Timestamp? {
        guard let bytes = kept[sequence] else { return nil }
        return Line(bytes.span).recordedTime
    }
}
