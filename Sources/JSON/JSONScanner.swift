/// A second reader of RFC 8259, slow and exact, that tells where and why a document is refused.
///
/// simdjson says neither; this runs only after it has refused.
struct JSONScanner: ~Escapable {
    private let bytes: Span<UInt8>
    private var position = 0
    private let maximumDepth: Int
    private let integersMayBeWide: Bool
    /// The closing bytes of the containers around the position, outermost first.
    private var open: [UInt8] = []

    /// Prepares to read; wide integers are such as a double can hold but 64 bits cannot.
    @_lifetime(copy bytes)
    init(_ bytes: Span<UInt8>, maximumDepth: Int, integersMayBeWide: Bool = false) {
        self.bytes = bytes
        self.maximumDepth = maximumDepth
        self.integersMayBeWide = integersMayBeWide
    }

    /// Reads the whole document, or throws its first error.
    mutating func scanDocument() throws(JSONError) {
        do { _ = try UTF8Span(validating: bytes) } catch {
            throw .notUTF8(offset: error.byteOffsets.lowerBound)
        }
        skipWhiteSpace()
        if position == bytes.count { throw .empty }
        if current == 0xEF, position == 0 { throw wrong(.noByteOrderMark) }
        var isFirst = try scanValue()
        while let closing = open.last {
            skipWhiteSpace()
            if current == closing {
                position += 1
                open.removeLast()
                isFirst = false
                continue
            }
            if !isFirst {
                try pass(.comma, closing == .closingBrace ? .commaOrBrace : .commaOrBracket)
            }
            if closing == .closingBrace {
                try scanMemberName(isFirst ? .memberNameOrEnd : .memberName)
            }
            isFirst = try scanValue()
        }
        skipWhiteSpace()
        guard position == bytes.count else { throw wrong(.end) }
    }

    private var current: UInt8? { position < bytes.count ? bytes[position] : nil }

    private func wrong(_ expected: JSONExpectation) -> JSONError {
        .notJSON(offset: position, found: current, expected: expected)
    }

    private mutating func skipWhiteSpace() {
        while let byte = current, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 {
            position += 1
        }
    }

    private mutating func pass(
        _ byte: UInt8,
        _ expected: JSONExpectation
    ) throws(JSONError) {
        skipWhiteSpace()
        guard current == byte else { throw wrong(expected) }
        position += 1
    }

    private mutating func scanMemberName(_ expected: JSONExpectation) throws(JSONError) {
        try pass(.quote, expected)
        try scanRestOfString()
        try pass(.colon, .colon)
    }

    /// Reads a scalar, or opens a container and returns true.
    private mutating func scanValue() throws(JSONError) -> Bool {
        skipWhiteSpace()
        switch current {
        case .openingBrace:
            try openContainer(.closingBrace)
            return true
        case .openingBracket:
            try openContainer(.closingBracket)
            return true
        case .quote:
            position += 1
            try scanRestOfString()
        case UInt8(ascii: "t"): try scanLiteral("true")
        case UInt8(ascii: "f"): try scanLiteral("false")
        case UInt8(ascii: "n"): try scanLiteral("null")
        default: try scanNumber()
        }
        return false
    }

    private mutating func openContainer(_ closing: UInt8) throws(JSONError) {
        guard open.count < maximumDepth else {
            throw .tooDeep(offset: position, limit: maximumDepth)
        }
        open.append(closing)
        position += 1
    }

    private mutating func scanLiteral(_ literal: StaticString) throws(JSONError) {
        let start = position
        for byte in "\(literal)".utf8 {
            guard current == byte else {
                position = start
                throw wrong(.value)
            }
            position += 1
        }
    }
}

extension JSONScanner {
    private mutating func scanRestOfString() throws(JSONError) {
        while true {
            switch current {
            case .none: throw wrong(.quote)
            case .quote:
                position += 1
                return
            case .some(0..<0x20): throw wrong(.escapedControl)
            case .backslash: try scanEscape()
            default: position += 1
            }
        }
    }

    private mutating func scanEscape() throws(JSONError) {
        position += 1
        switch current {
        case UInt8(ascii: "u"):
            let start = position - 1
            let unit = try scanHexUnit()
            guard (0xD800..<0xE000).contains(unit) else { return }
            // A high surrogate needs a low one right behind it; a low one never comes first.
            if unit < 0xDC00, current == .backslash {
                position += 1
                if current == UInt8(ascii: "u"), (0xDC00..<0xE000).contains(try scanHexUnit()) {
                    return
                }
            }
            position = start
            throw wrong(.surrogatePair)
        case .some(let byte) where "\"\\/bfnrt".utf8.contains(byte): position += 1
        default: throw wrong(.escape)
        }
    }

    /// Reads `uXXXX`.
    private mutating func scanHexUnit() throws(JSONError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            position += 1
            guard let byte = current, let digit = Character(Unicode.Scalar(byte)).hexDigitValue
            else { throw wrong(.hexDigit) }
            unit = unit << 4 | UInt32(digit)
        }
        position += 1
        return unit
    }

    private mutating func scanNumber() throws(JSONError) {
        let start = position
        if current == UInt8(ascii: "-") { position += 1 }
        guard isAtDigit else { throw wrong(position == start ? .value : .digit) }
        // A leading zero stands alone; a digit behind it is then not what may follow a value.
        if current == UInt8(ascii: "0") { position += 1 } else { skipDigits() }
        var isInteger = true
        if current == UInt8(ascii: ".") {
            isInteger = false
            try scanDigits()
        }
        if current == UInt8(ascii: "e") || current == UInt8(ascii: "E") {
            isInteger = false
            let sign = position + 1 < bytes.count ? bytes[position + 1] : 0
            if sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { position += 1 }
            try scanDigits()
        }
        guard fits(bytes.extracting(start..<position), isInteger: isInteger) else {
            throw .numberOutOfRange(offset: start)
        }
    }

    /// Whether a number can be held: in 64 bits, or as a double that is no infinity.
    private func fits(_ number: Span<UInt8>, isInteger: Bool) -> Bool {
        let hasToBeExact = isInteger && !integersMayBeWide
        // No text of millions of digits is made only to find that it is too long.
        if hasToBeExact, number.count > 20 { return false }
        guard let utf8 = try? UTF8Span(validating: number) else { return false }
        let text = String(copying: utf8)
        if hasToBeExact { return Int64(text) != nil || UInt64(text) != nil }
        return Double(text)?.isFinite == true
    }

    private var isAtDigit: Bool {
        guard let current else { return false }
        return (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(current)
    }

    private mutating func skipDigits() {
        while isAtDigit { position += 1 }
    }

    /// Passes one byte, then at least one digit.
    private mutating func scanDigits() throws(JSONError) {
        position += 1
        guard isAtDigit else { throw wrong(.digit) }
        skipDigits()
    }
}
