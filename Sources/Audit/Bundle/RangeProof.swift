package import Bytes
internal import Digest
internal import Ledger
package import Merkle

/// Proof that many lines, in ranges, are in a tree: the roots of the largest subtrees that hold
/// none of them, in the order of a walk from the root down, left before right.
///
/// `walk(lo, hi)`: where no line of `lo..<hi` is included, the next hash; where `hi - lo` is 1, the
/// line's leaf hash; else the node of both halves, split at the largest power of two below
/// `hi - lo` (RFC 6962 section 2.1).
package enum RangeProof {
    /// Makes the hashes for the lines that are included of a tree of `size` leaves.
    ///
    /// `root` gives the root of `count` leaves from `start`, a whole subtree.
    package static func hashes(
        for included: SequenceRanges,
        size: UInt64,
        root: (_ start: UInt64, _ count: UInt64) throws -> Hash256
    ) rethrows -> [Hash256] {
        var hashes: [Hash256] = []
        var open = size > 0 ? [0..<size] : []
        while let part = open.popLast() {
            switch place(of: part, in: included) {
            case .outside: hashes.append(try root(part.lowerBound, UInt64(part.count)))
            case .inside: continue
            case .across:
                let middle = split(part)
                open.append(middle..<part.upperBound)
                open.append(part.lowerBound..<middle)
            }
        }
        return hashes
    }

    /// The root of a tree of `size` leaves by the leaf hashes of the lines that are included, in
    /// their order, and the hashes of the proof.
    ///
    /// - Throws: `ProofError` if there are more or fewer of either than the walk takes.
    package static func root<Hasher: TreeHasher>(
        included: SequenceRanges,
        leaves: [Hash256],
        size: UInt64,
        hashes: [Hash256],
        using hasher: Hasher.Type
    ) throws(ProofError) -> Hash256 {
        guard size > 0 else { return Hasher.emptyRoot }
        if let last = included.ranges.last, last.upperBound > size {
            throw .indexBeyondSize(index: last.upperBound - 1, size: size)
        }
        guard UInt64(leaves.count) == included.count else {
            throw UInt64(leaves.count) < included.count
                ? .pathTooShort(count: leaves.count) : .pathTooLong(count: leaves.count)
        }
        var walk = Walk<Hasher>(included: included, leaves: leaves, hashes: hashes)
        let root = try walk.root(0..<size)
        guard walk.nextHash == hashes.count else { throw .pathTooLong(count: hashes.count) }
        return root
    }

    private struct Walk<Hasher: TreeHasher> {
        let included: SequenceRanges
        let leaves: [Hash256]
        let hashes: [Hash256]
        var nextLeaf = 0
        var nextHash = 0

        mutating func root(_ part: Range<UInt64>) throws(ProofError) -> Hash256 {
            switch RangeProof.place(of: part, in: included) {
            case .outside:
                guard nextHash < hashes.count else { throw .pathTooShort(count: hashes.count) }
                nextHash += 1
                return hashes[nextHash - 1]
            case .inside:
                var frontier = Frontier<Hasher>()
                for leaf in leaves[nextLeaf..<nextLeaf + part.count] { frontier.append(leaf) }
                nextLeaf += part.count
                return frontier.root
            case .across:
                // At most 64 levels deep: each halves the part.
                let middle = RangeProof.split(part)
                let left = try root(part.lowerBound..<middle)
                return Hasher.node(left, try root(middle..<part.upperBound))
            }
        }
    }

    private enum Place { case inside, outside, across }

    private static func place(of part: Range<UInt64>, in included: SequenceRanges) -> Place {
        let place = included.firstRange(endingAfter: part.lowerBound)
        guard place < included.ranges.count,
            included.ranges[place].lowerBound < part.upperBound
        else { return .outside }
        let range = included.ranges[place]
        let isInside =
            range.lowerBound <= part.lowerBound && range.upperBound >= part.upperBound
        return isInside ? .inside : .across
    }

    private static func split(_ part: Range<UInt64>) -> UInt64 {
        let count = part.upperBound - part.lowerBound
        return part.lowerBound + (1 << UInt64(63 - (count - 1).leadingZeroBitCount))
    }
}
