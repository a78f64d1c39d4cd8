extension Span where Element == UInt8 {
    /// Whether both hold the same bytes; not in constant time.
    package func equals(_ other: Span<UInt8>) -> Bool {
        count == other.count && firstDifference(from: other) == count
    }

    /// Whether these are the bytes of a literal.
    package func equals(ascii text: StaticString) -> Bool {
        text.withSpan { equals($0) }
    }

    /// Whether this comes before `other` by unsigned bytes, a prefix before what it begins.
    package func precedes(_ other: Span<UInt8>) -> Bool {
        compare(other) < 0
    }

    /// Compares by unsigned bytes, a prefix first: negative, zero or positive as this is less,
    /// equal or greater.
    package func compare(_ other: Span<UInt8>) -> Int {
        let i = firstDifference(from: other)
        guard i < count, i < other.count else { return count - other.count }
        return Int(self[i]) - Int(other[i])
    }

    /// Whether this begins with the bytes of `prefix`.
    package func hasPrefix(_ prefix: Span<UInt8>) -> Bool {
        count >= prefix.count && firstDifference(from: prefix) == prefix.count
    }

    /// Whether this begins with the bytes of a literal.
    package func hasPrefix(ascii text: StaticString) -> Bool {
        text.withSpan { hasPrefix($0) }
    }

    /// Whether this ends with the bytes of `suffix`.
    package func hasSuffix(_ suffix: Span<UInt8>) -> Bool {
        extracting(last: suffix.count).equals(suffix)
    }

    /// The offset of the first `byte` at or after `start`.
    package func firstIndex(of byte: UInt8, from start: Int = 0) -> Int? {
        precondition(start >= 0, "an offset is not negative")
        var i = start
        let pattern = UInt64(byte) &* Lanes.low
        while i <= count &- 8 {
            let found = Lanes.zeros(UInt64(littleEndian: unaligned(i, as: UInt64.self)) ^ pattern)
            if found != 0 { return i &+ found.trailingZeroBitCount >> 3 }
            i &+= 8
        }
        while i < count {
            if self[i] == byte { return i }
            i &+= 1
        }
        return nil
    }

    /// The first offset where the two differ, or the shorter one's count.
    func firstDifference(from other: Span<UInt8>) -> Int {
        let shorter = Swift.min(count, other.count)
        var i = 0
        while i <= shorter &- 8 {
            let difference = unaligned(i, as: UInt64.self) ^ other.unaligned(i, as: UInt64.self)
            if difference != 0 {
                return i &+ UInt64(littleEndian: difference).trailingZeroBitCount >> 3
            }
            i &+= 8
        }
        while i < shorter, self[i] == other[i] { i &+= 1 }
        return i
    }
}

/// Eight bytes looked at in one word.
enum Lanes {
    /// 1 in every byte.
    static let low: UInt64 = 0x0101_0101_0101_0101
    /// The top bit of every byte.
    static let high: UInt64 = 0x8080_8080_8080_8080

    /// Marks zero bytes by their top bit; exact for the lowest one only, since borrows go upward.
    @inline(__always)
    static func zeros(_ word: UInt64) -> UInt64 {
        (word &- low) & ~word & high
    }
}
