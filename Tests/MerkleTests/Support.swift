import Bytes
import Foundation
import Merkle
import Testing

/// SplitMix64: the same numbers on every run of a test.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9e37_79b9_7f4a_7c15
        var z = state
        z = (z ^ z >> 30) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ z >> 27) &* 0x94d0_49bb_1331_11eb
        return z ^ z >> 31
    }
}

/// Reads a fixture with keys in snake case, or stops the run.
func fixture<T: Decodable>(_ name: String, as type: T.Type = T.self) -> T {
    let file = URL(filePath: #filePath).deletingLastPathComponent()
        .appending(path: "Fixtures/\(name).json")
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    do {
        return try decoder.decode(type, from: Data(contentsOf: file))
    } catch {
        fatalError("fixture \(name): \(error)")
    }
}

/// The UTF-8 of a string, as an array that can lend a span.
func utf8(_ text: String) -> [UInt8] { Array(text.utf8) }

func string(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

func bytes(hex: String) -> [UInt8] { Hex.decode(hex.utf8Span.span) ?? [] }

func hash(hex: String) throws -> Hash256 {
    let hash = Hash256(hex: hex.utf8Span.span)
    return try #require(hash)
}

func hash(base64: String) -> Hash256? { Hash256(base64: base64.utf8Span.span) }

func leafHash(_ entry: [UInt8]) -> Hash256 { SHA256.leaf(entry.span) }

func leafHash(_ entry: String) -> Hash256 { SHA256.leaf(entry.utf8Span.span) }

/// All complete nodes over some leaf hashes, level by level.
struct StoredTree<Hasher: TreeHasher>: Sendable {
    var levels: [[Hash256]]

    init(_ leaves: [Hash256]) {
        levels = [leaves]
        while let below = levels.last, below.count > 1 {
            let pairs = 0..<(below.count / 2)
            levels.append(pairs.map { Hasher.node(below[2 * $0], below[2 * $0 + 1]) })
        }
    }

    func node(_ level: Int, _ index: UInt64) -> Hash256 { levels[level][Int(index)] }

    func root(_ size: Int) -> Hash256 { MerkleTree<Hasher>.root(size: UInt64(size), node: node) }

    /// The root as RFC 6962 section 2.1 defines it.
    func definedRoot(_ range: Range<Int>) -> Hash256 {
        guard range.count > 1 else {
            return range.isEmpty ? Hasher.emptyRoot : levels[0][range.lowerBound]
        }
        var left = 1
        while left * 2 < range.count { left *= 2 }
        let middle = range.lowerBound + left
        return Hasher.node(
            definedRoot(range.lowerBound..<middle),
            definedRoot(middle..<range.upperBound)
        )
    }

    func inclusionProof(_ index: Int, _ size: Int) throws -> InclusionProof {
        let proof = MerkleTree<Hasher>.inclusionProof(
            index: UInt64(index),
            size: UInt64(size),
            node: node
        )
        return try #require(proof)
    }

    func consistencyProof(_ old: Int, _ new: Int) throws -> ConsistencyProof {
        let proof = MerkleTree<Hasher>.consistencyProof(
            oldSize: UInt64(old),
            newSize: UInt64(new),
            node: node
        )
        return try #require(proof)
    }

    /// The content of a tile, as a log would serve it.
    func tile(_ tile: Tile) -> [UInt8] {
        var bytes: [UInt8] = []
        let first = Int(tile.index) * Tile.fullWidth
        for hash in levels[tile.level * Tile.height][first..<(first + tile.width)] {
            hash.append(to: &bytes)
        }
        return bytes
    }
}

extension StoredTree<SHA256> {
    /// Entries "record 0", "record 1" and so on.
    static func records(_ count: Int) -> StoredTree {
        StoredTree((0..<count).map { leafHash("record \($0)") })
    }
}
