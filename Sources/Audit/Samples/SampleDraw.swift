package import Bytes
internal import Digest

/// An event's lot in a draw: SHA-256(seed ‖ 0x00 ‖ sequence as 8 bytes, the most significant
/// first). The smallest lots win, so that whoever knows the seed can draw again:
///
///     hashlib.sha256(seed.encode() + b"\0" + sequence.to_bytes(8, "big")).hexdigest()
package struct Lot: Hashable, Comparable, Sendable {
    package let sequence: UInt64
    package let hash: Hash256
    /// The first bytes of the hash, as what most comparisons need.
    private let first: UInt64

    /// Draws an event's lot.
    package init(seed: String, sequence: UInt64) {
        var text = Array(seed.utf8)
        text.append(0)
        BigEndian.append(sequence, to: &text)
        self.sequence = sequence
        hash = SHA256.hash(text.span)
        first = hash.withSpan { BigEndian.uint64($0, at: 0) ?? 0 }
    }

    /// Orders by the hashes' bytes; equal hashes, which nobody has seen, by sequence.
    package static func < (a: Lot, b: Lot) -> Bool {
        if a.first != b.first { return a.first < b.first }
        let order = a.hash.withSpan { a in b.hash.withSpan { b in a.compare(b) } }
        return order == 0 ? a.sequence < b.sequence : order < 0
    }
}

/// The smallest so many of the lots that it is given, in memory for twice as many.
package struct SmallestLots: Sendable {
    private let limit: Int
    private var lots: [Lot] = []
    /// The greatest lot that may still win, once there are enough.
    private var bar: Lot?

    /// Keeps `limit` lots.
    package init(_ limit: Int) {
        self.limit = limit
    }

    /// Takes a lot that may be among the smallest.
    package mutating func add(_ lot: Lot) {
        guard limit > 0 else { return }
        if let bar, bar < lot { return }
        lots.append(lot)
        if lots.count >= 2 * limit { settle() }
    }

    private mutating func settle() {
        lots.sort()
        if lots.count > limit { lots.removeLast(lots.count - limit) }
        if lots.count == limit { bar = lots.last }
    }

    /// The winners, the smallest first.
    package consuming func winners() -> [Lot] {
        settle()
        return lots
    }
}
