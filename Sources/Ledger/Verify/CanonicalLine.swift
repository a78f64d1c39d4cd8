internal import Bytes

/// Why a line is not one that the writer could have written.
struct LineFault: Error, Equatable {
    /// The byte at which it shows.
    let offset: Int
    let expected: String
    let found: String
}

/// Checks that a line is canonical JSON (RFC 8785) with the attributes of a line, in order.
///
/// Only then does the line have one form, so that its hash stands for what it says.
struct CanonicalLine: ~Escapable {
    private let line: Line
    private let bytes: Span<UInt8>

    @_lifetime(copy line)
    init(_ line: Line) {
        self.line = line
        bytes = line.bytes
    }

    func check() throws(LineFault) {
        if let fault = line.fault { throw fault }
        guard UTF8Check.isValid(bytes) else {
            throw LineFault(offset: 0, expected: "UTF-8", found: "bytes that are not")
        }
        guard bytes[0] == UInt8(ascii: "{") else {
            throw LineFault(offset: 0, expected: "a JSON object", found: "something else")
        }
        for attribute in Attribute.allCases {
            guard let range = line.range(attribute) else {
                guard !attribute.isRequired else {
                    throw LineFault(
                        offset: bytes.count - 1,
                        expected: "the attribute \(attribute.name)",
                        found: "none"
                    )
                }
                continue
            }
            let isNumber = bytes[range.lowerBound - 1] != UInt8(ascii: "\"")
            guard attribute.isInteger == isNumber else {
                throw LineFault(
                    offset: range.lowerBound,
                    expected: attribute.isInteger ? "a number" : "a string",
                    found: attribute.isInteger ? "a string" : "a number"
                )
            }
            if isNumber { try checkNumber(range) } else { try checkString(range) }
            try checkValue(attribute, range)
        }
    }

    /// Whether a value has the one form in which the writer gives it.
    private func checkValue(_ attribute: Attribute, _ range: Range<Int>) throws(LineFault) {
        let value = bytes.extracting(range)
        let expected: String? =
            switch attribute {
            case .sequence, .causationid:
                Decimal.parsePadded(value, digits: Decimal.sequenceDigits) == nil
                    ? "20 digits" : nil
            case .prevhash, .bodyhash: Hash256(hex: value) == nil ? "64 hex digits" : nil
            case .recordedtime: isRecordedTime(value) ? nil : "a time in UTC with microseconds"
            case .specversion: value.equals(ascii: "1.0") ? nil : "1.0"
            case .kind: line.text(.kind).flatMap { Kind(rawValue: $0) } == nil ? "a kind" : nil
            case .outcome: line.outcome == nil ? "an outcome" : nil
            case .source, .id, .type: value.count == 0 ? "a text" : nil
            default: nil
            }
        if let expected {
            throw LineFault(
                offset: range.lowerBound,
                expected: expected,
                found: "another \(attribute.name)"
            )
        }
    }

    private func isRecordedTime(_ value: Span<UInt8>) -> Bool {
        guard let time = Timestamp(rfc3339: value) else { return false }
        var text: [UInt8] = []
        time.append(to: &text)
        return value.equals(text.span)
    }

    private func checkNumber(_ range: Range<Int>) throws(LineFault) {
        guard let value = Decimal.parse(bytes.extracting(range)),
            value <= UInt64(CanonicalJSON.largestExactInteger)
        else {
            throw LineFault(
                offset: range.lowerBound,
                expected: "a whole number without leading zeros",
                found: "another form"
            )
        }
    }

    /// Only what must be escaped is escaped, and in the one way RFC 8785 allows.
    private func checkString(_ range: Range<Int>) throws(LineFault) {
        var i = range.lowerBound
        while i < range.upperBound {
            let byte = bytes[i]
            if byte < 0x20 {
                throw LineFault(
                    offset: i,
                    expected: "an escape",
                    found: "a raw control character"
                )
            }
            if byte == UInt8(ascii: "\\") {
                i += try escapeLength(at: i, end: range.upperBound)
            } else {
                i += 1
            }
        }
    }

    private func escapeLength(at i: Int, end: Int) throws(LineFault) -> Int {
        let fault = LineFault(offset: i, expected: "a canonical escape", found: "another escape")
        guard i + 1 < end else { throw fault }
        switch bytes[i + 1] {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "b"), UInt8(ascii: "t"),
            UInt8(ascii: "n"), UInt8(ascii: "f"), UInt8(ascii: "r"):
            return 2
        case UInt8(ascii: "u"):
            guard i + 6 <= end, bytes[i + 2] == UInt8(ascii: "0"),
                bytes[i + 3] == UInt8(ascii: "0"),
                let code = Hex.decode(bytes.extracting(i + 4..<i + 6))?.first,
                code < 0x20, ![8, 9, 10, 12, 13].contains(code)
            else { throw fault }
            return 6
        default: throw fault
        }
    }
}
