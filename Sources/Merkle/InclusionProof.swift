package import Bytes

/// Proof that a leaf is in a tree: the hashes beside the way from the leaf to the root.
package struct InclusionProof: Hashable, Sendable {
    /// The most hashes a path can have: the height of a tree of 2^64 - 1 leaves.
    package static let longestPath = 64

    /// The leaf's position, from 0.
    package var index: UInt64
    /// The number of leaves of the tree.
    package var size: UInt64
    /// The hashes, the leaf's sibling first.
    package var path: [Hash256]

    /// Takes a proof as it came; whether it holds is for `verify` to say.
    package init(index: UInt64, size: UInt64, path: [Hash256]) {
        self.index = index
        self.size = size
        self.path = path
    }

    /// Checks that the proof leads from `leaf` to `root` (RFC 9162 section 2.1.3.2).
    package func verify<Hasher: TreeHasher>(
        leaf: Hash256,
        root: Hash256,
        using hasher: Hasher.Type
    ) throws(ProofError) {
        guard try self.root(leaf: leaf, using: hasher) == root else { throw .rootDiffers }
    }

    /// The root of the tree in which `leaf` would have this proof.
    package func root<Hasher: TreeHasher>(
        leaf: Hash256,
        using hasher: Hasher.Type
    ) throws(ProofError) -> Hash256 {
        guard index < size else { throw .indexBeyondSize(index: index, size: size) }
        guard path.count <= Self.longestPath else { throw .pathTooLong(count: path.count) }
        var way = Way(from: index, last: size - 1)
        var hash = leaf
        for sibling in path {
            guard !way.isAtRoot else { throw .pathTooLong(count: path.count) }
            hash = way.siblingIsLeft ? Hasher.node(sibling, hash) : Hasher.node(hash, sibling)
            way.climb()
        }
        guard way.isAtRoot else { throw .pathTooShort(count: path.count) }
        return hash
    }
}

/// The way up from a node to the root, as RFC 9162 walks it with `fn` and `sn`.
struct Way {
    private var node: UInt64
    private var last: UInt64

    /// Starts at node `node` of a level whose last node is `last`.
    init(from node: UInt64, last: UInt64) {
        self.node = node
        self.last = last
    }

    var isAtRoot: Bool { last == 0 }

    /// Whether the next hash of the path belongs to the left: also at the ragged right edge, where
    /// a node without a sibling rises until it is a right child.
    var siblingIsLeft: Bool { node & 1 == 1 || node == last }

    /// Goes on to the parent, from the right edge to the first parent of two.
    mutating func climb() {
        if siblingIsLeft {
            while node & 1 == 0, node != 0 { rise() }
        }
        rise()
    }

    /// Rises while this is a right child.
    mutating func climbLeftEdge() {
        while node & 1 == 1 { rise() }
    }

    private mutating func rise() {
        node >>= 1
        last >>= 1
    }
}
