import Bytes
import Merkle
import Testing

@Suite("RFC 6962 reference tree of eight leaves")
struct PublishedTreeTests {
    struct Vectors: Decodable, Sendable {
        struct Inclusion: Decodable, Sendable {
            var leafIndex: Int
            var treeSize: Int
            var proofHex: [String]
        }
        struct Consistency: Decodable, Sendable {
            var size1: Int
            var size2: Int
            var proofHex: [String]
        }
        struct Single: Decodable, Sendable {
            var what: String
            var inputHex: String?
            var leftHex: String?
            var rightHex: String?
            var hex: String
        }
        var singleHashes: [Single]
        var leafInputsHex: [String]
        var leafHashesHex: [String]
        var nodeLevelsHex: [String: [String]]
        var rootsBySizeHex: [String]
        var inclusion: [Inclusion]
        var consistency: [Consistency]
    }

    static let vectors: Vectors = fixture("rfc6962")
    static let tree = StoredTree<SHA256>(vectors.leafInputsHex.map { leafHash(bytes(hex: $0)) })

    @Test("the hashes of this test target are those of the RFC")
    func singleHashes() throws {
        for single in Self.vectors.singleHashes {
            let computed: Hash256
            if let input = single.inputHex {
                computed = leafHash(bytes(hex: input))
            } else if let left = single.leftHex, let right = single.rightHex {
                // The published node is over four-byte inputs, not over hashes.
                let preimage = [1] + bytes(hex: left) + bytes(hex: right)
                computed = SHA256.hash(preimage.span)
            } else {
                computed = SHA256.emptyRoot
            }
            #expect(computed.description == single.hex, "\(single.what)")
        }
    }

    @Test("leaves, inner nodes and the roots of sizes 0 to 8 are the published ones")
    func nodesAndRoots() {
        #expect(Self.tree.levels[0].map(\.description) == Self.vectors.leafHashesHex)
        for level in 1...3 {
            let published = Self.vectors.nodeLevelsHex[String(level)]
            #expect(Self.tree.levels[level].map(\.description) == published)
        }
        #expect((0...8).map { Self.tree.root($0).description } == Self.vectors.rootsBySizeHex)
    }

    @Test("a frontier has the published root at each size and shows every node once")
    func frontier() {
        var frontier = Frontier<SHA256>()
        var seen: [[Hash256]] = [[], [], [], []]
        for (size, leaf) in Self.tree.levels[0].enumerated() {
            #expect(frontier.root.description == Self.vectors.rootsBySizeHex[size])
            frontier.append(leaf) { level, index, hash in
                #expect(Int(index) == seen[level].count)
                seen[level].append(hash)
            }
        }
        #expect(frontier.root.description == Self.vectors.rootsBySizeHex[8])
        #expect(seen == Self.tree.levels)
    }

    @Test("all 36 inclusion proofs are made as published, and hold")
    func inclusion() throws {
        #expect(Self.vectors.inclusion.count == 36)
        for vector in Self.vectors.inclusion {
            let proof = try Self.tree.inclusionProof(vector.leafIndex, vector.treeSize)
            #expect(proof.path.map(\.description) == vector.proofHex)
            let leaf = Self.tree.levels[0][vector.leafIndex]
            try proof.verify(leaf: leaf, root: Self.tree.root(vector.treeSize), using: SHA256.self)
        }
    }

    @Test("all 36 consistency proofs are made as published, and hold")
    func consistency() throws {
        #expect(Self.vectors.consistency.count == 36)
        for vector in Self.vectors.consistency {
            let proof = try Self.tree.consistencyProof(vector.size1, vector.size2)
            #expect(proof.path.map(\.description) == vector.proofHex)
            try proof.verify(
                oldRoot: Self.tree.root(vector.size1),
                newRoot: Self.tree.root(vector.size2),
                using: SHA256.self
            )
        }
    }
}
