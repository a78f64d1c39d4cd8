package import Projections

/// Money in a currency's minor unit, as text and back, without binary fractions.
package enum MinorUnits {
    /// The amount as a decimal: `-0.05` for -5 cents, `100` for 100 yen.
    package static func text(_ amount: Int128, _ currency: Currency) -> String {
        let digits = String(amount.magnitude)
        let places = currency.exponent
        let sign = amount < 0 ? "-" : ""
        guard places > 0 else { return sign + digits }
        let padded = String(repeating: "0", count: max(0, places + 1 - digits.count)) + digits
        return sign + padded.dropLast(places) + "." + padded.suffix(places)
    }
}
