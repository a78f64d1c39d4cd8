internal import Bytes
package import Projections

/// An amount of money in a currency's minor unit: what is compared and added up, never rounded.
package struct ExactAmount: Hashable, Sendable {
    /// Minor units; may be negative.
    package let minor: Int128
    package let currency: Currency

    package init(_ minor: Int128, _ currency: Currency) {
        self.minor = minor
        self.currency = currency
    }

    /// The decimal with all digits of its currency: `12.50`.
    package var decimal: String { currency.decimal(minor) }
    /// The same for people: `12.50 EUR`.
    package var text: String { "\(decimal) \(currency.text)" }

    /// Reads a decimal number exactly.
    ///
    /// Besides `1234.50` it may be `1,234.50` as exports for people have it; `1,234` alone could be
    /// either and is refused, as is a number with more digits than the currency has. `nil` then.
    package init?(_ text: String, _ currency: Currency, isMinor: Bool = false) {
        let plain = text.utf8Span.span
        if isMinor {
            guard let minor = Currency.wholeMinorUnits(plain) else { return nil }
            self.init(Int128(minor), currency)
            return
        }
        if let minor = currency.minorUnits(plain) {
            self.init(Int128(minor), currency)
            return
        }
        guard let ungrouped = Self.ungrouped(text),
            let minor = currency.minorUnits(ungrouped.utf8Span.span)
        else { return nil }
        self.init(Int128(minor), currency)
    }

    /// A number without the commas between its thousands; `nil` unless it has a point as well.
    private static func ungrouped(_ text: String) -> String? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2 else { return nil }
        let groups = parts[0].split(separator: ",", omittingEmptySubsequences: false)
        guard groups.count > 1, let first = groups.first else { return nil }
        let digits = first.utf8.drop { $0 == UInt8(ascii: "-") }
        guard (1...3).contains(digits.count), first.utf8.count - digits.count <= 1,
            groups.dropFirst().allSatisfy({ $0.utf8.count == 3 })
        else { return nil }
        return groups.joined() + "." + parts[1]
    }
}

/// Sums of money by currency, which never add up across them.
package struct MoneySums: Hashable, Sendable {
    private var sums: [Currency: Int128] = [:]

    package init() {}

    /// Adds an amount; sums hold 2^63 amounts of any size that fits in 64 bits.
    package mutating func add(_ amount: ExactAmount) {
        sums[amount.currency, default: 0] += amount.minor
    }

    package subscript(currency: Currency) -> Int128 { sums[currency] ?? 0 }

    package var isEmpty: Bool { sums.isEmpty }

    /// By the currencies' codes.
    package var amounts: [ExactAmount] {
        sums.map { ExactAmount($0.value, $0.key) }
            .sorted { $0.currency.text < $1.currency.text }
    }

    /// For people: `12.50 EUR, 3 JPY`; `–` for nothing.
    package var text: String {
        isEmpty ? "–" : amounts.map(\.text).joined(separator: ", ")
    }
}

/// How far amounts may differ and still agree: a decimal in each currency's own unit.
package struct Tolerance: Hashable, Sendable {
    /// As it was given: `0.05`.
    package let text: String
    private let digits: Int64
    private let decimals: Int

    /// Amounts agree only if they are the same.
    package static let none = Tolerance(text: "0", digits: 0, decimals: 0)

    private init(text: String, digits: Int64, decimals: Int) {
        self.text = text
        self.digits = digits
        self.decimals = decimals
    }

    /// Reads a decimal of at most 12 digits before and 4 after the point.
    package init(_ text: String) throws(AuditProblem) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        let fraction = parts.count == 2 ? String(parts[1]) : ""
        let isPlain = parts.allSatisfy {
            !$0.isEmpty && $0.utf8.allSatisfy { (48...57).contains($0) }
        }
        guard isPlain, (1...2).contains(parts.count), parts[0].utf8.count <= 12,
            fraction.utf8.count <= 4, let digits = Int64(String(parts[0]) + fraction)
        else {
            throw .usage("\"\(text)\" is no tolerance, expected a decimal such as 0.05")
        }
        self.init(text: text, digits: digits, decimals: fraction.utf8.count)
    }

    /// In a currency's minor units; what is less than one of them is nothing.
    package func minor(_ currency: Currency) -> Int128 {
        var value = Int128(digits)
        for _ in decimals..<max(decimals, currency.exponent) { value *= 10 }
        for _ in currency.exponent..<max(decimals, currency.exponent) { value /= 10 }
        return value
    }

    /// Whether two amounts of one currency agree.
    package func allows(_ a: Int128, _ b: Int128, _ currency: Currency) -> Bool {
        (a - b).magnitude <= minor(currency).magnitude
    }
}
