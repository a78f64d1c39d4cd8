package import Bytes
internal import CHashLanes

/// SHA-256 of many messages side by side: on one core several times as fast as one after the other
/// where the processor has AVX-512 or AVX2, and as fast where it has not.
package enum Lanes {
    /// How many messages this processor hashes at once: 16, 8 or 1.
    package static let width = Int(CHashLanes_width())

    /// Replaces `hashes` by the leaf hash of each of `ranges` of `bytes`, in order (RFC 6962,
    /// section 2.1).
    package static func leaves(
        of bytes: Span<UInt8>,
        ranges: [Range<Int>],
        into hashes: inout [Hash256]
    ) {
        var batch = LaneBatch(capacity: ranges.count)
        for range in ranges { batch.append(bytes.extracting(range)) }
        batch.leaves(into: &hashes)
    }

    /// The SHA-256 of each message, in order.
    ///
    /// The messages are copied into one buffer first: a span of an array within an array does not
    /// live long enough, and the copy costs a twentieth of the hash.
    package static func hashes(of messages: [[UInt8]]) -> [Hash256] {
        guard messages.count > 1 else { return messages.map { SHA256.hash($0.span) } }
        var joined: [UInt8] = []
        joined.reserveCapacity(messages.reduce(0) { $0 + $1.count })
        var ends: [Int] = []
        for message in messages {
            joined.append(contentsOf: message)
            ends.append(joined.count)
        }
        let bytes = joined.span
        var hashes: [Hash256] = []
        var batch = LaneBatch(capacity: messages.count)
        var start = 0
        for end in ends {
            batch.append(bytes.extracting(start..<end))
            start = end
        }
        batch.hashes(into: &hashes)
        return hashes
    }

    /// Hashes each two neighbours to their parent (RFC 6962, section 2.1): half as many nodes.
    ///
    /// - Precondition: The number of `children` is even.
    package static func nodes(_ children: [Hash256]) -> [Hash256] {
        precondition(children.count.isMultiple(of: 2), "a node has two children")
        var parents: [Hash256] = []
        unsafe children.withUnsafeBytes { bytes in
            let pairs = unsafe Span<UInt8>(_unsafeBytes: bytes)
            var batch = LaneBatch(capacity: children.count / 2)
            for start in stride(from: 0, to: pairs.count, by: 64) {
                batch.append(pairs.extracting(start..<start + 64))
            }
            batch.nodes(into: &parents)
        }
        return parents
    }
}
