package import Bytes
internal import Digest
internal import LMDB
package import Merkle

extension Snapshot {
    /// RFC 6962 root of the first `size` events, from the stored tiles.
    package func root(size: UInt64) throws -> Hash256 {
        try MerkleTree<SHA256>.root(size: size, node: { try node($0, $1) })
    }

    /// Proves that an event is among the first `size`; `nil` unless `sequence < size`.
    package func inclusionProof(of sequence: UInt64, size: UInt64) throws -> InclusionProof? {
        try MerkleTree<SHA256>.inclusionProof(
            index: sequence,
            size: size,
            node: { try node($0, $1) }
        )
    }

    /// Proves that the first `size` events begin with the first `old`; `nil` if `old > size`.
    package func consistencyProof(from old: UInt64, to size: UInt64) throws -> ConsistencyProof? {
        try MerkleTree<SHA256>.consistencyProof(
            oldSize: old,
            newSize: size,
            node: { try node($0, $1) }
        )
    }

    /// The hash over `count` events from `start`, which is a multiple of a power of two >= `count`.
    package func root(from start: UInt64, count: UInt64) throws -> Hash256 {
        try MerkleTree<SHA256>.root(from: start, count: count, { try node($0, $1) })
    }

    /// The right edge of the tree of the full blocks of 256 events before the one of `sequence`:
    /// its leaves are the blocks' roots.
    func blockFrontier(before sequence: UInt64) throws -> Frontier<SHA256> {
        try Frontier(size: sequence >> UInt64(Tile.height)) { level, index throws(any Error) in
            try node(level + Tile.height, index)
        }
    }

    private func node(_ level: Int, _ index: UInt64) throws -> Hash256 {
        try store.node(level: level, index: index, in: transaction)
    }
}
