/// A currency by its ISO 4217 code.
package struct Currency: Hashable, Sendable, BitwiseCopyable {
    /// Three upper-case letters, the first in the highest of three bytes.
    let code: UInt64

    init(code: UInt64) { self.code = code }

    /// Takes three letters, of either case; `nil` for anything else.
    package init?(_ text: Span<UInt8>) {
        guard text.count == 3 else { return nil }
        var code: UInt64 = 0
        for i in text.indices {
            let letter = text[i] & 0xDF
            guard letter &- UInt8(ascii: "A") < 26 else { return nil }
            code = code << 8 | UInt64(letter)
        }
        self.code = code
    }

    /// The code: `EUR`.
    package var text: String {
        String(
            decoding: [code >> 16, code >> 8, code].map { UInt8(truncatingIfNeeded: $0) },
            as: UTF8.self
        )
    }

    /// Digits after the point (ISO 4217's minor unit): 0 for JPY, 2 for EUR, 3 for KWD.
    package var exponent: Int { Self.exponents[code] ?? 2 }

    /// Those that differ from 2 (ISO 4217, List One, as of 2024; minor units there "N.A." left out).
    private static let exponents: [UInt64: Int] = {
        var exponents: [UInt64: Int] = [:]
        let lists = [
            (0, "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"),
            (3, "BHD IQD JOD KWD LYD OMR TND"),
            (4, "CLF UYW"),
        ]
        for (exponent, codes) in lists {
            for code in codes.split(separator: " ") {
                if let currency = Currency(String(code).utf8Span.span) {
                    exponents[currency.code] = exponent
                }
            }
        }
        return exponents
    }()
}

/// Decimal numbers as JSON writes them, without ever becoming binary fractions.
enum ExactDecimal {
    /// The number times ten to the power `exponent`: `12.5` with 2 is 1250.
    ///
    /// `nil` unless the text is a JSON number (RFC 8259 section 6) whose scaled value is an integer
    /// that fits. A leading plus sign is not accepted.
    static func scaled(_ text: Span<UInt8>, exponent: Int) -> Int64? {
        var reader = Reader(text)
        let isNegative = reader.skip(UInt8(ascii: "-"))
        var digits: UInt64 = 0
        var seen = 0
        var power = exponent
        let start = reader.position
        while let digit = reader.digit() {
            guard push(digit, &digits) else { return nil }
            seen += 1
        }
        guard seen > 0, seen == 1 || text[start] != UInt8(ascii: "0") else { return nil }
        if reader.skip(UInt8(ascii: ".")) {
            var fraction = 0
            var zeros = 0
            while let digit = reader.digit() {
                fraction += 1
                // Zeros at the end say nothing, and may be many.
                if digit == 0 {
                    zeros += 1
                    continue
                }
                for _ in 0..<zeros where !push(0, &digits) { return nil }
                guard push(digit, &digits) else { return nil }
                power -= zeros + 1
                zeros = 0
            }
            guard fraction > 0 else { return nil }
        }
        if reader.skip(UInt8(ascii: "e")) || reader.skip(UInt8(ascii: "E")) {
            guard let shift = reader.shift() else { return nil }
            power += shift
        }
        guard reader.isAtEnd else { return nil }
        return apply(power, to: digits, isNegative)
    }

    /// The number times an integer, if that is an integer that fits.
    static func multiplied(_ text: Span<UInt8>, by scale: Int64) -> Int64? {
        if let integer = scaled(text, exponent: 0) {
            let (product, overflows) = integer.multipliedReportingOverflow(by: scale)
            return overflows ? nil : product
        }
        // A fraction becomes an integer only by a scale of tens; 18 digits are all that fit.
        for places in 1...18 {
            guard let integer = scaled(text, exponent: places) else { continue }
            let product = Int128(integer) * Int128(scale)
            let power = (0..<places).reduce(Int128(1)) { power, _ in power * 10 }
            return product % power == 0 ? Int64(exactly: product / power) : nil
        }
        return nil
    }

    /// Whether the text is an integer without fraction and exponent.
    static func isInteger(_ text: Span<UInt8>) -> Bool {
        for i in text.indices where text[i] &- 0x30 >= 10 && !(i == 0 && text[i] == 0x2D) {
            return false
        }
        return !text.isEmpty
    }

    /// How a number compares with an integer: negative, zero or positive; `nil` if it is none.
    static func compare(_ text: Span<UInt8>, _ other: Int64) -> Int? {
        for places in 0...18 {
            guard let scaled = scaled(text, exponent: places) else { continue }
            let power = (0..<places).reduce(Int128(1)) { power, _ in power * 10 }
            let (a, b) = (Int128(scaled), Int128(other) * power)
            return a < b ? -1 : a > b ? 1 : 0
        }
        return nil
    }

    private static func push(_ digit: UInt64, _ digits: inout UInt64) -> Bool {
        let (tens, over) = digits.multipliedReportingOverflow(by: 10)
        let (sum, carries) = tens.addingReportingOverflow(digit)
        digits = sum
        return !over && !carries
    }

    private static func apply(_ power: Int, to digits: UInt64, _ isNegative: Bool) -> Int64? {
        var digits = digits
        if digits == 0 { return 0 }
        guard abs(power) < 40 else { return nil }
        for _ in 0..<max(power, 0) where !push(0, &digits) { return nil }
        for _ in 0..<max(-power, 0) {
            guard digits % 10 == 0 else { return nil }
            digits /= 10
        }
        guard isNegative else { return Int64(exactly: digits) }
        return digits == 1 << 63 ? .min : Int64(exactly: digits).map { -$0 }
    }

    private struct Reader: ~Escapable {
        let text: Span<UInt8>
        var position = 0

        @_lifetime(copy text)
        init(_ text: Span<UInt8>) { self.text = text }

        var isAtEnd: Bool { position == text.count }

        mutating func skip(_ byte: UInt8) -> Bool {
            guard position < text.count, text[position] == byte else { return false }
            position += 1
            return true
        }

        mutating func digit() -> UInt64? {
            guard position < text.count, text[position] &- 0x30 < 10 else { return nil }
            position += 1
            return UInt64(text[position - 1] - 0x30)
        }

        /// The digits after `e`, at most four.
        mutating func shift() -> Int? {
            let isNegative = skip(UInt8(ascii: "-"))
            if !isNegative { _ = skip(UInt8(ascii: "+")) }
            var shift = 0
            var count = 0
            while let digit = digit() {
                count += 1
                guard count <= 4 else { return nil }
                shift = shift * 10 + Int(digit)
            }
            return count == 0 ? nil : isNegative ? -shift : shift
        }
    }
}
