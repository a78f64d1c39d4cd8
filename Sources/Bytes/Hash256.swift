/// A SHA-256 digest: 32 bytes held in place, compared and hashed as one value.
package struct Hash256: Sendable {
    /// The 32 bytes, first byte in lane 0.
    package var bytes: SIMD32<UInt8>

    /// 32 zero bytes: what the first event of a log names as the hash before it.
    package static let zero = Hash256(bytes: .zero)

    /// Takes 32 bytes as they are.
    package init(bytes: SIMD32<UInt8>) {
        self.bytes = bytes
    }

    /// Copies exactly 32 bytes; `nil` if `span` has another length.
    package init?(_ span: Span<UInt8>) {
        guard span.count == 32 else { return nil }
        self.init(span, uncheckedAt: 0)
    }

    /// Copies the 32 bytes at `offset`; `nil` if they do not all lie within `span`.
    package init?(_ span: Span<UInt8>, at offset: Int) {
        guard offset >= 0, offset <= span.count - 32 else { return nil }
        self.init(span, uncheckedAt: offset)
    }

    /// Reads 64 lower-case hex digits; `nil` for anything else.
    package init?(hex: Span<UInt8>) {
        guard hex.count == 64, let bytes = Hex.decode(hex) else { return nil }
        self.init(bytes.span)
    }

    /// Reads 44 characters of padded base64; `nil` for anything else.
    package init?(base64: Span<UInt8>) {
        guard base64.count == 44, let bytes = Base64.decode(base64) else { return nil }
        self.init(bytes.span)
    }

    /// Lends the 32 bytes out as a span for the duration of `body`.
    package func withSpan<R: ~Copyable, E: Error>(
        _ body: (Span<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        let array = array
        return try body(array.span)
    }

    /// Appends the 32 bytes as they are.
    package func append(to output: inout [UInt8]) {
        withSpan { output.append(span: $0) }
    }
}

extension Hash256: Hashable {
    /// Compares all 32 bytes; not in constant time.
    package static func == (a: Hash256, b: Hash256) -> Bool {
        a.words == b.words
    }

    /// Feeds the first 16 bytes, which in a digest are as good as all of them.
    package func hash(into hasher: inout Hasher) {
        hasher.combine(words[0])
        hasher.combine(words[1])
    }
}

extension Hash256: CustomStringConvertible {
    /// The digest as 64 lower-case hex digits.
    package var description: String {
        withSpan { Hex.encode($0) }
    }
}
