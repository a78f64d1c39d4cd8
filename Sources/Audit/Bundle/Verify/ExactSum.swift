/// A sum of decimals without rounding, in units of 10^-12.
struct ExactSum: Equatable {
    var count: UInt64 = 0
    private var units: Int128 = 0
    private static let places = 12

    init() {}

    /// Reads a decimal of at most 22 digits before and 12 after the point.
    init(text: String?) throws(Wrong) {
        let bytes = Array((text ?? "").utf8)
        let isNegative = bytes.first == UInt8(ascii: "-")
        let parts = bytes.dropFirst(isNegative ? 1 : 0)
            .split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        let isNumber =
            parts.count <= 2 && parts.allSatisfy { !$0.isEmpty && $0.allSatisfy { $0 &- 48 < 10 } }
        guard isNumber, parts[0].count <= 22, parts.count < 2 || parts[1].count <= Self.places
        else {
            throw Wrong("an amount that is no number")
        }
        let fraction = parts.count == 2 ? Array(parts[1]) : []
        let digits =
            parts[0] + fraction
            + [UInt8](repeating: 48, count: Self.places - fraction.count)
        units = digits.reduce(0) { $0 * 10 + Int128($1 - 48) }
        if isNegative { units = -units }
        count = 1
    }

    func adding(_ other: ExactSum) throws(Wrong) -> ExactSum {
        var sum = self
        let (units, overflows) = units.addingReportingOverflow(other.units)
        guard !overflows else { throw Wrong("a sum that is beyond all money") }
        sum.units = units
        sum.count += 1
        return sum
    }
}
