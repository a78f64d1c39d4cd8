extension Currency {
    /// An amount written as JSON writes numbers (RFC 8259 section 6), in minor units: 12.5 EUR is
    /// 1250.
    ///
    /// Exact: `nil` for what is no number, has more digits than the currency or does not fit.
    package func minorUnits(_ text: Span<UInt8>) -> Int64? {
        ExactDecimal.scaled(text, exponent: exponent)
    }

    /// An amount that is written in minor units already; `nil` for what is no whole number.
    package static func wholeMinorUnits(_ text: Span<UInt8>) -> Int64? {
        ExactDecimal.scaled(text, exponent: 0)
    }
}
