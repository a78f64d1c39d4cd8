import Bytes
import Merkle
import Testing

@Suite("Proofs")
struct ProofTests {
    static let tree = StoredTree<SHA256>.records(3_000)
    static let sizes: [Int] = {
        var chance = SeededGenerator(seed: 1)
        return (0..<12).map { _ in Int.random(in: 2...3_000, using: &chance) } + [
            1, 2, 3, 255, 256, 257, 2_048, 3_000,
        ]
    }()

    @Test("frontier, stored nodes and the RFC's definition give one root", arguments: sizes)
    func roots(size: Int) {
        let defined = Self.tree.definedRoot(0..<size)
        #expect(Self.tree.root(size) == defined)
        let resumed = Frontier<SHA256>(size: UInt64(size), node: Self.tree.node)
        #expect(resumed.root == defined)
        #expect(Frontier<SHA256>(size: resumed.size, peaks: resumed.peaks)?.root == defined)
        #expect(Frontier<SHA256>(size: resumed.size, peaks: resumed.peaks + [.zero]) == nil)
    }

    @Test("a frontier resumed in the middle ends as one that saw every leaf")
    func resumedFrontier() {
        var resumed = Frontier<SHA256>(size: 2_047, node: Self.tree.node)
        for leaf in Self.tree.levels[0][2_047...] { resumed.append(leaf) }
        #expect(resumed.size == 3_000)
        #expect(resumed.root == Self.tree.root(3_000))
    }

    @Test("every inclusion proof holds, and no changed one does", arguments: sizes)
    func inclusion(size: Int) throws {
        var chance = SeededGenerator(seed: UInt64(size))
        let root = Self.tree.root(size)
        for index in Set([0, size - 1, Int.random(in: 0..<size, using: &chance)]) {
            let leaf = Self.tree.levels[0][index]
            let proof = try Self.tree.inclusionProof(index, size)
            try proof.verify(leaf: leaf, root: root, using: SHA256.self)
            #expect(try proof.root(leaf: leaf, using: SHA256.self) == root)
            for path in mutations(of: proof.path, &chance) {
                let changed = InclusionProof(index: proof.index, size: proof.size, path: path)
                #expect(throws: ProofError.self) {
                    try changed.verify(leaf: leaf, root: root, using: SHA256.self)
                }
            }
            for other in [index - 1, index + 1, index ^ 2] where other >= 0 {
                let moved = InclusionProof(index: UInt64(other), size: proof.size, path: proof.path)
                #expect(throws: ProofError.self) {
                    try moved.verify(leaf: leaf, root: root, using: SHA256.self)
                }
            }
            #expect(throws: ProofError.rootDiffers) {
                try proof.verify(leaf: flipped(leaf, &chance), root: root, using: SHA256.self)
            }
            #expect(throws: ProofError.rootDiffers) {
                try proof.verify(leaf: leaf, root: flipped(root, &chance), using: SHA256.self)
            }
        }
    }

    @Test("every consistency proof holds, and no changed one does", arguments: sizes)
    func consistency(size: Int) throws {
        var chance = SeededGenerator(seed: UInt64(size))
        let root = Self.tree.root(size)
        for old in Set([1, max(1, size - 1), Int.random(in: 1...size, using: &chance)])
        where old < size {
            let oldRoot = Self.tree.root(old)
            let proof = try Self.tree.consistencyProof(old, size)
            try proof.verify(oldRoot: oldRoot, newRoot: root, using: SHA256.self)
            for path in mutations(of: proof.path, &chance) {
                let changed = ConsistencyProof(
                    oldSize: proof.oldSize,
                    newSize: proof.newSize,
                    path: path
                )
                #expect(throws: ProofError.self) {
                    try changed.verify(oldRoot: oldRoot, newRoot: root, using: SHA256.self)
                }
            }
            #expect(throws: ProofError.self) {
                try proof.verify(
                    oldRoot: flipped(oldRoot, &chance),
                    newRoot: root,
                    using: SHA256.self
                )
            }
            #expect(throws: ProofError.rootDiffers) {
                try proof.verify(
                    oldRoot: oldRoot,
                    newRoot: flipped(root, &chance),
                    using: SHA256.self
                )
            }
            #expect(throws: ProofError.self) {
                try proof.verify(oldRoot: root, newRoot: oldRoot, using: SHA256.self)
            }
        }
    }

    /// One flipped bit in each hash, one hash less or more at each place, neighbours exchanged.
    private func mutations(of path: [Hash256], _ chance: inout SeededGenerator) -> [[Hash256]] {
        var all: [[Hash256]] = []
        for i in path.indices {
            var changed = path
            changed[i] = flipped(path[i], &chance)
            all.append(changed)
            changed = path
            changed.remove(at: i)
            all.append(changed)
            guard i > 0, path[i] != path[i - 1] else { continue }
            changed = path
            changed.swapAt(i, i - 1)
            all.append(changed)
        }
        for i in 0...path.count {
            var changed = path
            changed.insert(flipped(.zero, &chance), at: i)
            all.append(changed)
        }
        return all
    }

    private func flipped(_ hash: Hash256, _ chance: inout SeededGenerator) -> Hash256 {
        var flipped = hash
        flipped.bytes[Int.random(in: 0..<32, using: &chance)] ^=
            1 << UInt8.random(in: 0..<8, using: &chance)
        return flipped
    }
}
