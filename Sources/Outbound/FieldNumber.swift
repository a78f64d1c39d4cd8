/// A number as answers have it: digits, perhaps with a fraction, at most 10^15.
struct FieldNumber: Equatable {
    let whole: Int
    /// The fraction in millionths, rounded up.
    let millionths: Int

    /// Reads decimal digits; no sign, no exponent, nothing around them.
    init(_ text: Substring) throws(UnreadReason) {
        let bytes = text.utf8
        if bytes.first == UInt8(ascii: "-") {
            let rest = text.dropFirst()
            guard rest.utf8.first != bytes.first else { throw .notANumber }
            _ = try FieldNumber(rest)
            throw .negative
        }
        let point = bytes.firstIndex(of: UInt8(ascii: ".")) ?? bytes.endIndex
        guard !bytes[..<point].isEmpty else { throw .notANumber }
        var whole = 0
        var isTooLarge = false
        for byte in bytes[..<point] {
            let digit = Int(byte) - 0x30
            guard (0...9).contains(digit) else { throw .notANumber }
            if !isTooLarge { whole = whole * 10 + digit }
            isTooLarge = isTooLarge || whole > OutboundLimits.count
        }
        var millionths = 0
        if point != bytes.endIndex {
            let fraction = bytes[point...].dropFirst()
            guard !fraction.isEmpty else { throw .notANumber }
            var unit = 100_000
            var hasMore = false
            for byte in fraction {
                let digit = Int(byte) - 0x30
                guard (0...9).contains(digit) else { throw .notANumber }
                millionths += digit * unit
                hasMore = hasMore || (unit == 0 && digit > 0)
                unit /= 10
            }
            if hasMore { millionths += 1 }
        }
        guard !isTooLarge, whole < OutboundLimits.count || millionths == 0 else { throw .tooLarge }
        self.whole = whole + millionths / 1_000_000
        self.millionths = millionths % 1_000_000
    }

    /// For what is allowed or left: a part of a call is none.
    var roundedDown: Int { whole }

    /// For what is used: a part of a call is one.
    var roundedUp: Int { millionths > 0 ? whole + 1 : whole }

    var value: Double { Double(whole) + Double(millionths) / 1_000_000 }

    /// As a length of time in units of so many microseconds; at most the horizon.
    func microseconds(unit: Int64) throws(UnreadReason) -> Int64 {
        let horizon = Int64(OutboundLimits.horizonSeconds) * 1_000_000
        guard Int64(whole) < horizon / unit || (Int64(whole) == horizon / unit && millionths == 0)
        else { throw .tooFar }
        return Int64(whole) * unit + (Int64(millionths) * unit + 999_999) / 1_000_000
    }
}
