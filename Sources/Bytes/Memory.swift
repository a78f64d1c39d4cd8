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
    mutating func scan(_ bytes: Span<UInt8>, _ names: FlatNames) {
        unsafe bytes.withUnsafeBytes { buffer in
            guard let base = buffer.baseAddress, buffer.count <= Int(UInt16.max) else { return }
            var reader = unsafe FlatReader(base: base, count: buffer.count)
            var last = -1
            while true {
                if last >= 0, !reader.skip(44) { break }
                isBroken = true
                let nameStart = reader.position + 1
                guard reader.skip(34), let nameEnd = reader.quote(), reader.skip(58) else { break }
                let index = names.index(
                    reader.word(nameStart, nameEnd),
                    reader.word(nameStart + 8, nameEnd),
                    nameEnd - nameStart
                )
                guard index > last else {
                    unexpected = nameStart
                    break
                }
                var start = reader.position
                var end = start
                if reader.skip(34) {
                    guard let quote = reader.quote() else { break }
                    start += 1
                    end = quote
                } else {
                    reader.skipDigits()
                    end = reader.position
                    guard end > start else { break }
                }
                last = index
                starts[index] = UInt16(truncatingIfNeeded: start)
                ends[index] = UInt16(truncatingIfNeeded: end)
                isBroken = false
            }
            end = reader.position
        }
    }
}

/// Reads the text of a flat object without looking at a byte twice.
@safe private struct FlatReader {
    let base: UnsafeRawPointer
    let count: Int
    var position = 1

    init(base: UnsafeRawPointer, count: Int) {
        unsafe self.base = unsafe base
        self.count = count
    }

    @inline(__always)
    func byte(_ offset: Int) -> UInt8 { unsafe base.load(fromByteOffset: offset, as: UInt8.self) }

    @inline(__always)
    mutating func skip(_ byte: UInt8) -> Bool {
        guard position < count, self.byte(position) == byte else { return false }
        position += 1
        return true
    }

    @inline(__always)
    mutating func skipDigits() {
        while position < count, byte(position) &- 48 < 10 { position += 1 }
    }

    /// Up to eight bytes from `start` on, those at `end` and beyond as zeros, the first the lowest.
    @inline(__always)
    func word(_ start: Int, _ end: Int) -> UInt64 {
        guard start < end else { return 0 }
        if start + 8 <= count {
            let word = unsafe base.loadUnaligned(fromByteOffset: start, as: UInt64.self)
            return end - start >= 8 ? word : word & ((1 << UInt64(8 * (end - start))) &- 1)
        }
        var word: UInt64 = 0
        for offset in start..<end {
            word |= UInt64(byte(offset)) << UInt64(8 * (offset - start))
        }
        return word
    }

    /// Goes behind the next quote that no backslash escapes; where it is.
    @inline(__always)
    mutating func quote() -> Int? {
        let start = position
        while true {
            position = plainQuote(position)
            guard position < count else { return nil }
            var first = position
            while first > start, byte(first - 1) == 92 { first -= 1 }
            position += 1
            // An odd number of backslashes escapes it.
            if (position - 1 - first) & 1 == 0 { return position - 1 }
        }
    }

    @inline(__always)
    private func plainQuote(_ start: Int) -> Int {
        var position = start
        while position + 8 <= count {
            let word = unsafe base.loadUnaligned(fromByteOffset: position, as: UInt64.self)
            let other = word ^ 0x2222_2222_2222_2222
            let found = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
            // The lowest byte that is marked is a quote, whatever is marked above it.
            if found != 0 { return position + found.trailingZeroBitCount >> 3 }
            position += 8
        }
        while position < count, byte(position) != 34 { position += 1 }
        return position
    }
}
