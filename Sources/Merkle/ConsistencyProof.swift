package import Bytes

/// Proof that an older tree is the beginning of a newer one.
package struct ConsistencyProof: Hashable, Sendable {
    /// The most hashes a path may have, as in the witness protocol (C2SP tlog-witness); enough for
    /// 2^62 leaves.
    package static let longestPath = 63

    /// The number of leaves of the older tree.
    package var oldSize: UInt64
    /// The number of leaves of the newer tree.
    package var newSize: UInt64
    /// The hashes in the order of RFC 6962 section 2.1.2.
    package var path: [Hash256]

    /// Takes a proof as it came; whether it holds is for `verify` to say.
    package init(oldSize: UInt64, newSize: UInt64, path: [Hash256]) {
        self.oldSize = oldSize
        self.newSize = newSize
        self.path = path
    }

    /// Checks that the tree of `newRoot` begins with that of `oldRoot` (RFC 9162 section 2.1.4.2).
    ///
    /// Old size 0 is always an error, `oldSizeZero`: every tree begins with the empty one, so such
    /// a proof says nothing, and the caller decides whether that is welcome (a witness that sees a
    /// log for the first time) or not.
    package func verify<Hasher: TreeHasher>(
        oldRoot: Hash256,
        newRoot: Hash256,
        using hasher: Hasher.Type
    ) throws(ProofError) {
        guard oldSize > 0 else { throw .oldSizeZero }
        guard oldSize <= newSize else {
            throw .oldSizeAboveNew(oldSize: oldSize, newSize: newSize)
        }
        guard path.count <= Self.longestPath else { throw .pathTooLong(count: path.count) }
        guard oldSize < newSize else {
            guard path.isEmpty else { throw .pathTooLong(count: path.count) }
            guard oldRoot == newRoot else { throw .rootDiffers }
            return
        }
        let roots = try roots(oldRoot, using: hasher)
        guard roots.old == oldRoot else { throw .oldRootDiffers }
        guard roots.new == newRoot else { throw .rootDiffers }
    }

    /// The two roots that the path leads to, for `0 < oldSize < newSize`.
    private func roots<Hasher: TreeHasher>(
        _ oldRoot: Hash256,
        using hasher: Hasher.Type
    ) throws(ProofError) -> (old: Hash256, new: Hash256) {
        guard let first = path.first else { throw .pathTooShort(count: 0) }
        // An old tree of a power of two is itself a node of the new one, so its hash is left out.
        let isComplete = oldSize & (oldSize - 1) == 0
        var (old, new) = isComplete ? (oldRoot, oldRoot) : (first, first)
        var way = Way(from: oldSize - 1, last: newSize - 1)
        way.climbLeftEdge()
        for hash in path.dropFirst(isComplete ? 0 : 1) {
            guard !way.isAtRoot else { throw .pathTooLong(count: path.count) }
            if way.siblingIsLeft {
                old = Hasher.node(hash, old)
                new = Hasher.node(hash, new)
            } else {
                new = Hasher.node(new, hash)
            }
            way.climb()
        }
        guard way.isAtRoot else { throw .pathTooShort(count: path.count) }
        return (old, new)
    }
}
