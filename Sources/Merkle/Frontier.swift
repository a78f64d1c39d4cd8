package import Bytes

/// What it takes to append to a tree: one hash for each perfect subtree at its right edge.
///
/// A tree of n leaves has one such subtree, a peak, for each set bit of n, the largest first.
package struct Frontier<Hasher: TreeHasher>: Sendable {
    /// The number of leaves.
    package private(set) var size: UInt64

    /// The hashes of the perfect subtrees, left to right, so largest first.
    package private(set) var peaks: [Hash256]

    /// The frontier of the empty tree.
    package init() {
        size = 0
        peaks = []
    }

    /// Continues a tree of `size` leaves; `nil` unless there is one peak for each set bit of it.
    package init?(size: UInt64, peaks: [Hash256]) {
        guard peaks.count == size.nonzeroBitCount else { return nil }
        self.size = size
        self.peaks = peaks
    }

    /// Continues a tree of `size` leaves whose nodes are stored.
    package init<E: Error>(size: UInt64, node: NodeSource<E>) throws(E) {
        self.size = size
        peaks = []
        peaks.reserveCapacity(size.nonzeroBitCount + 1)
        var start: UInt64 = 0
        for level in size.setBits.reversed() {
            peaks.append(try node(level, start >> UInt64(level)))
            start += 1 << UInt64(level)
        }
    }

    /// Appends a leaf hash.
    package mutating func append(_ leaf: Hash256) {
        append(leaf) { _, _, _ in }
    }

    /// Appends a leaf hash and shows `visit` every node that is now complete, the leaf first.
    ///
    /// `visit` gets the node's level (0 for leaves), its index on that level and its hash.
    package mutating func append<E: Error>(
        _ leaf: Hash256,
        visit: (_ level: Int, _ index: UInt64, _ hash: Hash256) throws(E) -> Void
    ) throws(E) {
        var hash = leaf
        var index = size
        var level = 0
        var remaining = peaks.count
        try visit(level, index, hash)
        // As in binary addition: each low set bit of the size is a peak that this leaf completes.
        while index & 1 == 1 {
            remaining -= 1
            hash = Hasher.node(peaks[remaining], hash)
            index >>= 1
            level += 1
            try visit(level, index, hash)
        }
        peaks.removeLast(peaks.count - remaining)
        peaks.append(hash)
        size += 1
    }

    /// The root hash of the tree (RFC 6962 section 2.1).
    package var root: Hash256 {
        guard var hash = peaks.last else { return Hasher.emptyRoot }
        for peak in peaks.dropLast().reversed() { hash = Hasher.node(peak, hash) }
        return hash
    }
}

extension UInt64 {
    /// The places of the set bits, lowest first.
    var setBits: [Int] {
        var bits: [Int] = []
        var rest = self
        while rest != 0 {
            bits.append(rest.trailingZeroBitCount)
            rest &= rest - 1
        }
        return bits
    }
}
