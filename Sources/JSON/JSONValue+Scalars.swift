extension JSONValue {
    /// Whether the value is `null`.
    package var isNull: Bool { kind == .null }

    /// The value of `true` or `false`, nil for anything else.
    package var bool: Bool? {
        switch letter {
        case .true: true
        case .false: false
        default: nil
        }
    }

    /// An integer written without fraction and exponent that fits, nil for anything else.
    package var int64: Int64? {
        guard letter == .integer else { return nil }
        return Int64(bitPattern: tape[index + 1])
    }

    /// An integer written without fraction and exponent that fits, nil for anything else.
    package var uint64: UInt64? {
        switch letter {
        case .unsigned: tape[index + 1]
        case .integer: UInt64(exactly: Int64(bitPattern: tape[index + 1]))
        default: nil
        }
    }

    /// Any number as the nearest double, nil for anything else.
    package var double: Double? {
        switch letter {
        case .double: Double(bitPattern: tape[index + 1])
        case .integer: Double(Int64(bitPattern: tape[index + 1]))
        case .unsigned: Double(tape[index + 1])
        default: nil
        }
    }

    /// A string's text with its escapes resolved, nil for anything else.
    package var string: String? {
        guard let utf8 else { return nil }
        // The parser has validated all of the input, and pairs surrogates.
        return unsafe String(copying: UTF8Span(unchecked: utf8))
    }

    /// A string's UTF-8 bytes with its escapes resolved, nil for anything else.
    package var utf8: Span<UInt8>? {
        @_lifetime(copy self)
        get {
            guard letter == .string else { return nil }
            return text(at: index)
        }
    }

    /// A string as it is or an integer in decimal, for building names such as `order:1001`.
    ///
    /// Nil for anything else: a number with a fraction or an exponent names nothing reliably.
    package var scalarText: String? {
        switch letter {
        case .string: string
        case .integer: String(Int64(bitPattern: tape[index + 1]))
        case .unsigned: String(tape[index + 1])
        default: nil
        }
    }

    /// The bytes of the string, or member name, at a place of the tape.
    @_lifetime(copy self)
    func text(at index: Int) -> Span<UInt8> {
        let start = Int(truncatingIfNeeded: tape[index] & 0x00FF_FFFF_FFFF_FFFF)
        // A checked load: it traps if the four bytes do not lie within the span.
        let count = unsafe strings.bytes.unsafeLoadUnaligned(
            fromByteOffset: start,
            as: UInt32.self
        )
        return strings.extracting(start + 4..<start + 4 + Int(count))
    }
}
