// The one file of this module that may say `unsafe`. Every load and store here is bounds-checked,
// and no pointer outlives the closure that lends it, so callers stay in safe Swift.

extension Array where Element == UInt8 {
    /// Copies the bytes of `span` into a new array.
    package init(copying span: Span<UInt8>) {
        self = unsafe span.withUnsafeBufferPointer { unsafe Array($0) }
    }

    /// Appends the bytes of `span` in one copy.
    package mutating func append(span: Span<UInt8>) {
        unsafe span.withUnsafeBufferPointer { unsafe append(contentsOf: $0) }
    }

    /// Appends the bytes of a literal in one copy.
    package mutating func append(ascii text: StaticString) {
        text.withUTF8Buffer { unsafe append(contentsOf: $0) }
    }
}

extension Span where Element == UInt8 {
    /// Reads an integer in the machine's byte order; traps if it does not lie within the span.
    @inline(__always)
    func unaligned<T: FixedWidthInteger & BitwiseCopyable>(_ offset: Int, as type: T.Type) -> T {
        unsafe bytes.unsafeLoadUnaligned(fromByteOffset: offset, as: type)
    }
}

extension OutputSpan where Element == UInt8 {
    /// Appends eight bytes, lowest first; traps if they do not fit.
    @inline(__always)
    @_lifetime(self: copy self)
    mutating func append(littleEndian word: UInt64) {
        unsafe withUnsafeMutableBufferPointer { buffer, count in
            precondition(buffer.count - count >= 8, "no room for eight bytes")
            unsafe UnsafeMutableRawBufferPointer(buffer)
                .storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
            count += 8
        }
    }
}

extension StaticString {
    /// Lends the literal's bytes out as a span for the duration of `body`.
    package func withSpan<R>(_ body: (Span<UInt8>) -> R) -> R {
        withUTF8Buffer { body(unsafe Span(_unsafeElements: $0)) }
    }
}

extension String {
    /// Makes a string of ASCII that `fill` writes; `capacity` is the most it may write.
    init(asciiCapacity capacity: Int, _ fill: (inout OutputSpan<UInt8>) -> Void) {
        self = unsafe String(unsafeUninitializedCapacity: capacity) { buffer in
            var output = unsafe OutputSpan(buffer: buffer, initializedCount: 0)
            fill(&output)
            return unsafe output.finalize(for: buffer)
        }
    }

    /// Makes a string, putting U+FFFD where the bytes are not UTF-8.
    package init(repairing utf8: Span<UInt8>) {
        self = unsafe utf8.withUnsafeBufferPointer { unsafe String(decoding: $0, as: UTF8.self) }
    }
}

extension Hash256 {
    /// The same 32 bytes as an array held in place.
    @inline(__always)
    var array: InlineArray<32, UInt8> { unsafe unsafeBitCast(bytes, to: InlineArray.self) }

    /// The same 32 bytes as four words in the machine's byte order.
    @inline(__always)
    var words: SIMD4<UInt64> { unsafe unsafeBitCast(bytes, to: SIMD4<UInt64>.self) }

    /// Takes 32 bytes at `offset`; traps if they do not lie within the span.
    @inline(__always)
    init(_ span: Span<UInt8>, uncheckedAt offset: Int) {
        let loaded = unsafe span.bytes.unsafeLoadUnaligned(
            fromByteOffset: offset,
            as: InlineArray<32, UInt8>.self
        )
        self.init(bytes: unsafe unsafeBitCast(loaded, to: SIMD32<UInt8>.self))
    }
}

extension FlatObject {
    /// Walks over the members; see there.
    mutating func scan(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress else { return }
            let count = buffer.count
            var position = 1
            while self.count < 32 {
                if self.count > 0 {
                    guard position < count,
                        unsafe base.load(fromByteOffset: position, as: UInt8.self) == 44
                    else { break }
                    position += 1
                }
                isBroken = true
                guard position < count,
                    unsafe base.load(fromByteOffset: position, as: UInt8.self) == 34
                else { break }
                let name = position + 1
                let nameEnd = unsafe Self.quote(base, count, name)
                guard nameEnd + 1 < count,
                    unsafe base.load(fromByteOffset: nameEnd + 1, as: UInt8.self) == 58
                else { break }
                var value = nameEnd + 2
                var valueEnd = value
                if value < count, unsafe base.load(fromByteOffset: value, as: UInt8.self) == 34 {
                    value += 1
                    valueEnd = unsafe Self.quote(base, count, value)
                    guard valueEnd < count else { break }
                    position = valueEnd + 1
                } else {
                    while valueEnd < count,
                        unsafe base.load(fromByteOffset: valueEnd, as: UInt8.self) &- 48 < 10
                    { valueEnd += 1 }
                    guard valueEnd > value else { break }
                    position = valueEnd
                }
                var word: UInt64 = 0
                if name + 8 <= count {
                    word = unsafe UInt64(
                        littleEndian: base.loadUnaligned(fromByteOffset: name, as: UInt64.self)
                    )
                    if nameEnd - name < 8 { word &= (1 << UInt64(8 * (nameEnd - name))) - 1 }
                }
                members[self.count] = Member(
                    nameWord: word,
                    name: UInt16(truncatingIfNeeded: name),
                    nameEnd: UInt16(truncatingIfNeeded: nameEnd),
                    value: UInt16(truncatingIfNeeded: value),
                    valueEnd: UInt16(truncatingIfNeeded: valueEnd)
                )
                self.count += 1
                isBroken = false
            }
            end = position
        }
    }

    /// The first quote from `start` on that no backslash escapes; `count` if there is none.
    @inline(__always)
    private static func quote(_ base: UnsafeRawPointer, _ count: Int, _ start: Int) -> Int {
        var position = start
        while true {
            position = unsafe plainQuote(base, count, position)
            guard position < count else { return count }
            var first = position
            while first > start, unsafe base.load(fromByteOffset: first - 1, as: UInt8.self) == 92 {
                first -= 1
            }
            // An odd number of backslashes escapes it.
            if (position - first) & 1 == 0 { return position }
            position += 1
        }
    }

    @inline(__always)
    private static func plainQuote(
        _ base: UnsafeRawPointer,
        _ count: Int,
        _ start: Int
    ) -> Int {
        var position = start
        while position + 8 <= count {
            let word = unsafe UInt64(
                littleEndian: base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            )
            let other = word ^ 0x2222_2222_2222_2222
            let found = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
            // The lowest byte that is marked is a quote, whatever is marked above it.
            if found != 0 { return position + found.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position < count, unsafe base.load(fromByteOffset: position, as: UInt8.self) != 34 {
            position += 1
        }
        return position
    }
}
