package import Bytes

/// Yields the hash of a complete node: level 0 holds the leaves, index counts from the left.
///
/// The node covers leaves `index << level` up to, not including, `(index + 1) << level`, and is
/// only asked for if all of these exist.
package typealias NodeSource<E: Error> = (_ level: Int, _ index: UInt64) throws(E) -> Hash256

/// Roots and proofs from the stored complete nodes of a tree (RFC 6962 section 2.1).
package enum MerkleTree<Hasher: TreeHasher> {
    /// The root hash of the first `size` leaves.
    package static func root<E: Error>(size: UInt64, node: NodeSource<E>) throws(E) -> Hash256 {
        guard size > 0 else { return Hasher.emptyRoot }
        return try root(from: 0, count: size, node)
    }

    /// Proves that leaf `index` is in the tree of `size` leaves; `nil` unless `index < size`.
    package static func inclusionProof<E: Error>(
        index: UInt64,
        size: UInt64,
        node: NodeSource<E>
    ) throws(E) -> InclusionProof? {
        guard index < size else { return nil }
        var (start, count) = (0 as UInt64, size)
        var path: [Hash256] = []
        // PATH(m, D) of the RFC, from the root down, then turned round.
        while count > 1 {
            let left = split(count)
            if index - start < left {
                path.append(try root(from: start + left, count: count - left, node))
                count = left
            } else {
                path.append(try root(from: start, count: left, node))
                start += left
                count -= left
            }
        }
        path.reverse()
        return InclusionProof(index: index, size: size, path: path)
    }

    /// Proves that the tree of `oldSize` leaves begins that of `newSize`; `nil` if it is larger.
    ///
    /// From size 0, and from a size to itself, there is nothing to prove and the path is empty.
    package static func consistencyProof<E: Error>(
        oldSize: UInt64,
        newSize: UInt64,
        node: NodeSource<E>
    ) throws(E) -> ConsistencyProof? {
        guard oldSize <= newSize else { return nil }
        var path: [Hash256] = []
        if oldSize > 0 {
            // SUBPROOF(m, D, true) of the RFC, from the root down, then turned round. The flag says
            // that the verifier knows the old part's hash, since it is the whole old tree.
            var (start, count, old) = (0 as UInt64, newSize, oldSize)
            while old < count {
                let left = split(count)
                if old <= left {
                    path.append(try root(from: start + left, count: count - left, node))
                    count = left
                } else {
                    path.append(try root(from: start, count: left, node))
                    start += left
                    count -= left
                    old -= left
                }
            }
            if start > 0 { path.append(try root(from: start, count: count, node)) }
            path.reverse()
        }
        return ConsistencyProof(oldSize: oldSize, newSize: newSize, path: path)
    }

    /// The hash over `count` leaves from `start`, which is a multiple of a power of two >= `count`.
    package static func root<E: Error>(
        from start: UInt64,
        count: UInt64,
        _ node: NodeSource<E>
    ) throws(E) -> Hash256 {
        // One complete node for each set bit of the count, the smallest at the right end.
        var rest = count
        var end = start + count
        var level = rest.trailingZeroBitCount
        var hash = try node(level, (end - 1) >> UInt64(level))
        rest &= rest - 1
        end -= 1 << UInt64(level)
        while rest != 0 {
            level = rest.trailingZeroBitCount
            hash = Hasher.node(try node(level, (end - 1) >> UInt64(level)), hash)
            rest &= rest - 1
            end -= 1 << UInt64(level)
        }
        return hash
    }

    /// The largest power of two below `count`, which is at least 2.
    private static func split(_ count: UInt64) -> UInt64 {
        1 << UInt64(63 - (count - 1).leadingZeroBitCount)
    }
}
