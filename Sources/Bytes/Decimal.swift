/// Unsigned integers as decimal text, with exactly one text for one value.
package enum Decimal {
    /// The digits of a `sequence` attribute, enough for any `UInt64`.
    package static let sequenceDigits = 20

    /// Appends `value` without leading zeros.
    package static func append(_ value: UInt64, to output: inout [UInt8]) {
        var digits = InlineArray<20, UInt8>(repeating: 48)
        let start = write(value, to: &digits)
        output.append(span: digits.span.extracting(start..<20))
    }

    /// Appends `value` with leading zeros up to `digits` digits; a longer value is kept whole.
    ///
    /// `digits` is 0 to 20; a `sequence` has 20.
    package static func appendPadded(_ value: UInt64, digits: Int, to output: inout [UInt8]) {
        precondition((0...20).contains(digits), "a padded number has 0 to 20 digits")
        var text = InlineArray<20, UInt8>(repeating: 48)
        let start = write(value, to: &text)
        output.append(span: text.span.extracting(min(start, 20 - digits)..<20))
    }

    /// Makes the text of `value` with leading zeros up to `digits` digits.
    package static func padded(_ value: UInt64, digits: Int) -> String {
        var output: [UInt8] = []
        appendPadded(value, digits: digits, to: &output)
        return String(repairing: output.span)
    }

    /// Reads digits; `nil` for none, a sign, a leading zero, another character or beyond 64 bits.
    package static func parse(_ text: Span<UInt8>) -> UInt64? {
        guard text.count > 0, text.count == 1 || text[0] != 48 else { return nil }
        return value(of: text)
    }

    /// Reads exactly `digits` digits, leading zeros included; `nil` for anything else.
    package static func parsePadded(_ text: Span<UInt8>, digits: Int) -> UInt64? {
        guard text.count == digits, digits > 0 else { return nil }
        return value(of: text)
    }

    private static func value(of text: Span<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for i in text.indices {
            let digit = text[i] &- 48
            guard digit < 10 else { return nil }
            let (product, tooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = product.addingReportingOverflow(UInt64(digit))
            guard !tooLarge, !carried else { return nil }
            value = sum
        }
        return value
    }

    /// Writes the digits at the end of `digits` and returns the index of the first.
    private static func write(_ value: UInt64, to digits: inout InlineArray<20, UInt8>) -> Int {
        var rest = value
        var start = 20
        repeat {
            start &-= 1
            let (quotient, digit) = rest.quotientAndRemainder(dividingBy: 10)
            digits[start] = 48 &+ UInt8(truncatingIfNeeded: digit)
            rest = quotient
        } while rest > 0
        return start
    }
}
