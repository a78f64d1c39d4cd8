/// Fixed-width integers, lowest byte first.
package enum LittleEndian {
    /// The two bytes at `offset`; `nil` if they do not lie within `bytes`.
    package static func uint16(_ bytes: Span<UInt8>, at offset: Int) -> UInt16? {
        load(bytes, offset, UInt16.self)?.littleEndian
    }

    /// The four bytes at `offset`; `nil` if they do not lie within `bytes`.
    package static func uint32(_ bytes: Span<UInt8>, at offset: Int) -> UInt32? {
        load(bytes, offset, UInt32.self)?.littleEndian
    }

    /// The eight bytes at `offset`; `nil` if they do not lie within `bytes`.
    package static func uint64(_ bytes: Span<UInt8>, at offset: Int) -> UInt64? {
        load(bytes, offset, UInt64.self)?.littleEndian
    }

    /// Appends two bytes.
    package static func append(_ value: UInt16, to output: inout [UInt8]) {
        store(value.littleEndian, &output)
    }

    /// Appends four bytes.
    package static func append(_ value: UInt32, to output: inout [UInt8]) {
        store(value.littleEndian, &output)
    }

    /// Appends eight bytes.
    package static func append(_ value: UInt64, to output: inout [UInt8]) {
        store(value.littleEndian, &output)
    }
}

/// Fixed-width integers, highest byte first.
package enum BigEndian {
    /// The two bytes at `offset`; `nil` if they do not lie within `bytes`.
    package static func uint16(_ bytes: Span<UInt8>, at offset: Int) -> UInt16? {
        load(bytes, offset, UInt16.self)?.bigEndian
    }

    /// The four bytes at `offset`; `nil` if they do not lie within `bytes`.
    package static func uint32(_ bytes: Span<UInt8>, at offset: Int) -> UInt32? {
        load(bytes, offset, UInt32.self)?.bigEndian
    }

    /// The eight bytes at `offset`; `nil` if they do not lie within `bytes`.
    package static func uint64(_ bytes: Span<UInt8>, at offset: Int) -> UInt64? {
        load(bytes, offset, UInt64.self)?.bigEndian
    }

    /// Appends two bytes.
    package static func append(_ value: UInt16, to output: inout [UInt8]) {
        store(value.bigEndian, &output)
    }

    /// Appends four bytes.
    package static func append(_ value: UInt32, to output: inout [UInt8]) {
        store(value.bigEndian, &output)
    }

    /// Appends eight bytes.
    package static func append(_ value: UInt64, to output: inout [UInt8]) {
        store(value.bigEndian, &output)
    }
}

@inline(__always)
private func load<T: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: Span<UInt8>,
    _ offset: Int,
    _ type: T.Type
) -> T? {
    guard offset >= 0, offset <= bytes.count - MemoryLayout<T>.size else { return nil }
    return bytes.unaligned(offset, as: type)
}

/// Appends the bytes of `value` as they lie in memory on a little-endian machine.
@inline(__always)
private func store<T: FixedWidthInteger>(_ value: T, _ output: inout [UInt8]) {
    output.append(addingCapacity: MemoryLayout<T>.size) { span in
        var rest = T(littleEndian: value)
        for _ in 0..<MemoryLayout<T>.size {
            span.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }
}
