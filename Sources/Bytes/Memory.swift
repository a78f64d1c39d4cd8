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
