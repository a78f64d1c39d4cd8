extension CanonicalJSON {
    /// Why a number has no canonical text.
    package enum NumberError: Error, Hashable {
        /// NaN or an infinity, which JSON cannot say.
        case notFinite
    }

    /// The largest integer n such that every integer from -n to n is exactly a double.
    package static let largestExactInteger: Int64 = 9_007_199_254_740_991

    /// Appends an integer: as a number, or as a string if a double would not hold it exactly.
    ///
    /// RFC 7493 section 2.2: integers beyond 2^53 - 1 travel as strings.
    package static func appendInteger(_ value: Int64, to output: inout [UInt8]) {
        let exact = value.magnitude <= largestExactInteger.magnitude
        if !exact { output.append(34) }
        if value < 0 { output.append(45) }
        Decimal.append(value.magnitude, to: &output)
        if !exact { output.append(34) }
    }

    /// Appends a double as ECMAScript's `Number::toString` does (RFC 8785 section 3.2.2.3).
    package static func appendNumber(_ value: Double, to output: inout [UInt8]) throws(NumberError)
    {
        guard value.isFinite else { throw .notFinite }
        if value.magnitude <= Double(largestExactInteger), Double(Int64(value)) == value {
            return appendInteger(Int64(value), to: &output)
        }
        if value < 0 { output.append(45) }
        let text = value.magnitude.description
        appendShortest(ShortestDigits(text.utf8Span.span), to: &output)
    }

    private static func appendShortest(_ number: ShortestDigits, to output: inout [UInt8]) {
        let digits = number.digits.span.extracting(..<number.count)
        let point = number.point
        switch point {
        case number.count...21:
            output.append(span: digits)
            output.append(contentsOf: repeatElement(48, count: point - number.count))
        case 1...21:
            output.append(span: digits.extracting(..<point))
            output.append(46)
            output.append(span: digits.extracting(point...))
        case -5...0:
            output.append(ascii: "0.")
            output.append(contentsOf: repeatElement(48, count: -point))
            output.append(span: digits)
        default:
            output.append(digits[0])
            if number.count > 1 {
                output.append(46)
                output.append(span: digits.extracting(1...))
            }
            output.append(ascii: point > 0 ? "e+" : "e-")
            Decimal.append(UInt64((point - 1).magnitude), to: &output)
        }
    }
}

/// The shortest digits that read back as the same double, and where its point is.
private struct ShortestDigits {
    /// The digits, no leading or trailing zeros; 17 at most.
    var digits = InlineArray<20, UInt8>(repeating: 0)
    var count = 0
    /// How many digits stand before the point; negative: zeros after it.
    var point = 0

    /// Takes apart what Swift prints for a positive double: `12.5`, `0.0001`, `5e-324`, `1.5e+300`.
    ///
    /// Swift prints the shortest digits that round-trip, and of those the closest to the value,
    /// which is what ECMAScript recommends and RFC 8785 requires.
    init(_ text: Span<UInt8>) {
        var exponent = 0
        var beforePoint = true
        var zeros = 0
        var i = 0
        while i < text.count {
            switch text[i] {
            case 46: beforePoint = false
            case 101:
                exponent = Self.exponent(text.extracting(droppingFirst: i + 1))
                i = text.count
            case 48 where count == 0:
                if !beforePoint { point -= 1 }
            case 48:
                zeros += 1
                if beforePoint { point += 1 }
            case let digit:
                // Zeros count only once a digit follows them.
                for _ in 0..<zeros { push(48) }
                zeros = 0
                push(digit)
                if beforePoint { point += 1 }
            }
            i += 1
        }
        point += exponent
    }

    private mutating func push(_ digit: UInt8) {
        digits[count] = digit
        count += 1
    }

    private static func exponent(_ text: Span<UInt8>) -> Int {
        // A sign, then two or three digits.
        let digits = text.extracting(droppingFirst: 1)
        let magnitude = Int(Decimal.parsePadded(digits, digits: digits.count) ?? 0)
        return text[0] == 45 ? -magnitude : magnitude
    }
}
