import Bytes
import Merkle
import Testing

@Suite("Limits of proofs")
struct ProofLimitTests {
    /// A node source for trees too large to store: the node's place is its hash.
    private func place(_ level: Int, _ index: UInt64) -> Hash256 {
        var bytes = [UInt8](repeating: UInt8(level), count: 24)
        BigEndian.append(index, to: &bytes)
        return Hash256(bytes.span) ?? .zero
    }

    @Test("from size 0 there is nothing to prove, and the verifier says so")
    func oldSizeZero() {
        let proof = MerkleTree<SHA256>.consistencyProof(oldSize: 0, newSize: 9, node: place)
        #expect(proof == ConsistencyProof(oldSize: 0, newSize: 9, path: []))
        #expect(throws: ProofError.oldSizeZero) {
            try proof?.verify(oldRoot: SHA256.emptyRoot, newRoot: .zero, using: SHA256.self)
        }
        let empty = ConsistencyProof(oldSize: 0, newSize: 0, path: [])
        #expect(throws: ProofError.oldSizeZero) {
            try empty.verify(
                oldRoot: SHA256.emptyRoot,
                newRoot: SHA256.emptyRoot,
                using: SHA256.self
            )
        }
    }

    @Test("from a size to itself the path is empty and the roots must be equal")
    func sameSize() throws {
        let proof = ConsistencyProof(oldSize: 5, newSize: 5, path: [])
        #expect(MerkleTree<SHA256>.consistencyProof(oldSize: 5, newSize: 5, node: place) == proof)
        try proof.verify(oldRoot: .zero, newRoot: .zero, using: SHA256.self)
        #expect(throws: ProofError.rootDiffers) {
            try proof.verify(oldRoot: .zero, newRoot: SHA256.emptyRoot, using: SHA256.self)
        }
        let long = ConsistencyProof(oldSize: 5, newSize: 5, path: [.zero])
        #expect(throws: ProofError.pathTooLong(count: 1)) {
            try long.verify(oldRoot: .zero, newRoot: .zero, using: SHA256.self)
        }
    }

    @Test("what is not in the tree cannot be proved")
    func beyondTheTree() {
        #expect(MerkleTree<SHA256>.inclusionProof(index: 9, size: 9, node: place) == nil)
        #expect(MerkleTree<SHA256>.inclusionProof(index: 0, size: 0, node: place) == nil)
        #expect(MerkleTree<SHA256>.consistencyProof(oldSize: 10, newSize: 9, node: place) == nil)
        #expect(throws: ProofError.indexBeyondSize(index: 1, size: 1)) {
            try InclusionProof(index: 1, size: 1, path: [])
                .verify(leaf: .zero, root: .zero, using: SHA256.self)
        }
        #expect(throws: ProofError.oldSizeAboveNew(oldSize: 2, newSize: 1)) {
            try ConsistencyProof(oldSize: 2, newSize: 1, path: [])
                .verify(oldRoot: .zero, newRoot: .zero, using: SHA256.self)
        }
    }

    @Test("a path too long for any tree is refused before it is hashed")
    func longPaths() {
        let path = [Hash256](repeating: .zero, count: 65)
        #expect(throws: ProofError.pathTooLong(count: 65)) {
            try InclusionProof(index: 0, size: .max, path: path)
                .verify(leaf: .zero, root: .zero, using: SHA256.self)
        }
        #expect(throws: ProofError.pathTooLong(count: 64)) {
            try ConsistencyProof(oldSize: 1, newSize: .max, path: Array(path.dropLast()))
                .verify(oldRoot: .zero, newRoot: .zero, using: SHA256.self)
        }
    }

    @Test(
        "the largest trees have proofs within the limits",
        arguments: [1 << 62, (1 << 62) - 1, (1 << 61) + 1] as [UInt64]
    )
    func largestTrees(size: UInt64) throws {
        var frontier = Frontier<SHA256>(size: size - 1, node: place)
        frontier.append(place(0, size - 1))
        // A tree whose nodes are not hashes of each other still has paths of the right shape.
        for index in [0, 1, size / 2, size - 2, size - 1] {
            let made = MerkleTree<SHA256>.inclusionProof(index: index, size: size, node: place)
            let proof = try #require(made)
            #expect(proof.path.count <= InclusionProof.longestPath)
            _ = try proof.root(leaf: place(0, index), using: SHA256.self)
        }
        for old in [1, 3, size / 2 + 1, size - 2, size - 1] {
            let made = MerkleTree<SHA256>.consistencyProof(oldSize: old, newSize: size, node: place)
            let proof = try #require(made)
            #expect(proof.path.count <= ConsistencyProof.longestPath)
            // A tree of a power of two is on the way to the new root, so it is that which differs.
            let isPower = old & (old - 1) == 0
            #expect(throws: isPower ? ProofError.rootDiffers : .oldRootDiffers) {
                try proof.verify(oldRoot: .zero, newRoot: .zero, using: SHA256.self)
            }
        }
        #expect(frontier.size == size)
        #expect(frontier.peaks.count == size.nonzeroBitCount)
    }

    @Test("an error of the node source reaches the caller as it is")
    func sourceErrors() {
        struct Missing: Error, Equatable { var index: UInt64 }
        #expect(throws: Missing(index: 1)) {
            try MerkleTree<SHA256>.inclusionProof(index: 0, size: 2) { (_, index) throws(Missing) in
                throw Missing(index: index)
            }
        }
    }
}
