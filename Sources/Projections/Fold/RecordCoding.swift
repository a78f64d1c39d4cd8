internal import Bytes

/// Writes the parts of rows' records: LEB128 varints, signed ones in zigzag order.
enum RecordWriter {
    static func varint(_ value: UInt64, _ output: inout [UInt8]) {
        var rest = value
        while rest >= 0x80 {
            output.append(UInt8(truncatingIfNeeded: rest) | 0x80)
            rest >>= 7
        }
        output.append(UInt8(truncatingIfNeeded: rest))
    }

    static func signed(_ value: Int64, _ output: inout [UInt8]) {
        varint(UInt64(bitPattern: value << 1 ^ value >> 63), &output)
    }

    /// Sixteen bytes, lowest first.
    static func wide(_ value: Int128, _ output: inout [UInt8]) {
        if let small = Int64(exactly: value), small != .min {
            signed(small, &output)
        } else {
            // The one number that stands for "sixteen bytes follow".
            signed(.min, &output)
            LittleEndian.append(UInt64(truncatingIfNeeded: value), to: &output)
            LittleEndian.append(UInt64(truncatingIfNeeded: value >> 64), to: &output)
        }
    }

    static func stamp(_ stamp: Stamp, _ output: inout [UInt8]) {
        signed(stamp.at, &output)
        varint(stamp.origin, &output)
    }

    static func text(_ text: Span<UInt8>, _ output: inout [UInt8]) {
        varint(UInt64(text.count), &output)
        output.append(span: text)
    }

    /// A value of any type but text.
    static func value(_ value: Value, _ kind: ValueKind, _ output: inout [UInt8]) {
        signed(value.first, &output)
        if kind == .money { varint(value.second, &output) }
    }

    static func value(_ value: ColumnValue, _ output: inout [UInt8]) {
        switch value {
        case .text(let text): self.text(text.utf8Span.span, &output)
        case .word(let place): signed(Int64(place), &output)
        case .boolean(let isTrue): signed(isTrue ? 1 : 0, &output)
        case .time(let time): signed(time, &output)
        case .integer(let integer): wide(integer, &output)
        case .money(let amount, let currency):
            wide(amount, &output)
            varint(currency.code, &output)
        // Registers hold none of these.
        case .list, .keyed: break
        }
    }
}

/// Reads the parts of rows' records; `nil` where there is none.
struct RecordReader: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0

    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>) { self.bytes = bytes }

    var isAtEnd: Bool { position == bytes.count }

    @_lifetime(self: copy self)
    mutating func varint() -> UInt64? {
        var value: UInt64 = 0
        var shift: UInt64 = 0
        while position < bytes.count, shift < 64 {
            let byte = bytes[position]
            position += 1
            value |= UInt64(byte & 0x7F) << shift
            if byte < 0x80 { return value }
            shift += 7
        }
        return nil
    }

    @_lifetime(self: copy self)
    mutating func signed() -> Int64? {
        guard let raw = varint() else { return nil }
        return Int64(bitPattern: raw >> 1) ^ -Int64(raw & 1)
    }

    @_lifetime(self: copy self)
    mutating func wide() -> Int128? {
        guard let small = signed() else { return nil }
        guard small == .min else { return Int128(small) }
        guard let low = LittleEndian.uint64(bytes, at: position),
            let high = LittleEndian.uint64(bytes, at: position + 8)
        else { return nil }
        position += 16
        return Int128(Int64(bitPattern: high)) << 64 | Int128(low)
    }

    @_lifetime(self: copy self)
    mutating func stamp() -> Stamp? {
        guard let at = signed(), let origin = varint() else { return nil }
        return Stamp(at: at, origin: origin)
    }

    /// A count of things that take at least a byte each.
    @_lifetime(self: copy self)
    mutating func count() -> Int? {
        guard let count = varint(), count <= UInt64(bytes.count - position) else { return nil }
        return Int(count)
    }

    /// Where a text lies.
    @_lifetime(self: copy self)
    mutating func text() -> Range<Int>? {
        guard let count = count() else { return nil }
        position += count
        return position - count..<position
    }

    @_lifetime(self: copy self)
    mutating func hash() -> Hash256? {
        guard let hash = Hash256(bytes, at: position) else { return nil }
        position += 32
        return hash
    }

    @_lifetime(self: copy self)
    mutating func string() -> String? {
        guard let range = text() else { return nil }
        return String(repairing: bytes.extracting(range))
    }

    /// A value of any type but text.
    @_lifetime(self: copy self)
    mutating func value(_ kind: ValueKind) -> Value? {
        guard let first = signed() else { return nil }
        guard kind == .money else { return Value(first: first) }
        guard let code = varint() else { return nil }
        return Value(first: first, second: code)
    }

    @_lifetime(self: copy self)
    mutating func columnValue(_ kind: ValueKind) -> ColumnValue? {
        switch kind {
        case .text: return string().map { .text($0) }
        case .integer: return wide().map { .integer($0) }
        case .money:
            guard let amount = wide(), let code = varint() else { return nil }
            return .money(amount, Currency(code: code))
        case .enumeration, .boolean, .time: return value(kind).map { ColumnValue($0, kind) }
        }
    }
}
