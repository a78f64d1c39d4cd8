import Testing

@testable import Projections

@Suite("Exact decimals")
struct ExactDecimalTests {
    @Test(
        "become minor units by shifting the point, never by rounding",
        arguments: [
            ("12.50", 2, 1250), ("12.5", 2, 1250), ("12", 2, 1200), ("0.10", 2, 10),
            ("0", 0, 0), ("-0", 2, 0), ("-0.0", 2, 0), ("-7.5", 2, -750), ("1980", 0, 1980),
            ("1980.00", 0, 1980), ("12.345", 3, 12345), ("12.3450000", 3, 12345),
            ("1e2", 0, 100), ("1E+2", 2, 10_000), ("1.5e-1", 2, 15), ("100e-2", 0, 1),
            ("0e999", 2, 0), ("0.000", 0, 0), ("0.1e1", 0, 1),
            ("90071992547409.93", 2, 9007199254740993),
            ("92233720368547758.07", 2, .max), ("-92233720368547758.08", 2, .min),
            ("9223372036854775807", 0, .max), ("-9223372036854775808", 0, .min),
            ("0.00000000000000000000000000000000000001e38", 0, 1),
        ] as [(String, Int, Int64)]
    )
    func scaled(text: String, exponent: Int, minor: Int64) {
        #expect(ExactDecimal.scaled(text.utf8Span.span, exponent: exponent) == minor)
    }

    @Test(
        "are none if they are too fine, too large or no JSON numbers",
        arguments: [
            ("12.345", 2), ("0.5", 0), ("1e-3", 2), ("92233720368547758.08", 2),
            ("-92233720368547758.09", 2), ("9223372036854775808", 0), ("1e19", 0), ("1e400", 0),
            ("1e-400", 0), ("1e99999", 0), ("", 2), ("-", 2), (".5", 2), ("5.", 2), ("+5", 2),
            ("05", 2), ("00", 2), ("-01", 2), ("1e", 2), ("1e+", 2), ("1.e2", 2), ("1 ", 2),
            (" 1", 2), ("1,5", 2), ("1_000", 2), ("0x10", 2), ("NaN", 2), ("Infinity", 2),
            ("1.2.3", 2), ("--1", 2), ("١", 2), ("99999999999999999999999", 0),
        ]
    )
    func refused(text: String, exponent: Int) {
        #expect(ExactDecimal.scaled(text.utf8Span.span, exponent: exponent) == nil)
    }

    @Test(
        "are multiplied without loss",
        arguments: [
            ("3", -1, -3), ("1.5", 2, 3), ("0.25", 100, 25), ("-2", -1, 2), ("1e3", 1, 1000),
            ("0.000000001", 1_000_000_000, 1), ("9223372036854775807", 1, .max),
            ("-9223372036854775808", 1, .min),
        ] as [(String, Int64, Int64)]
    )
    func multiplied(text: String, scale: Int64, product: Int64) {
        #expect(ExactDecimal.multiplied(text.utf8Span.span, by: scale) == product)
    }

    @Test(
        "are not multiplied to fractions or beyond 64 bits",
        arguments: [
            ("1.5", 1), ("0.333", 10), ("9223372036854775807", 2), ("-9223372036854775808", -1),
            ("x", 1), ("", 1),
        ] as [(String, Int64)]
    )
    func unmultiplied(text: String, scale: Int64) {
        #expect(ExactDecimal.multiplied(text.utf8Span.span, by: scale) == nil)
    }

    @Test(
        "are compared with integers",
        arguments: [
            ("5", 5, 0), ("5.0", 5, 0), ("4.999999999999999999", 5, -1), ("5.01", 5, 1),
            ("-1", 0, -1), ("0.0", 0, 0), ("1e1", 9, 1), ("-0.5", 0, -1),
            ("9223372036854775807", .max, 0), ("-9223372036854775808", .max, -1),
        ] as [(String, Int64, Int)]
    )
    func compared(text: String, other: Int64, order: Int) {
        #expect(ExactDecimal.compare(text.utf8Span.span, other) == order)
    }

    @Test(
        "are told from integers",
        arguments: [
            ("12", true), ("-12", true), ("0", true), ("1.0", false), ("1e3", false), ("", false),
            ("12a", false),
        ]
    )
    func integers(text: String, isInteger: Bool) {
        #expect(ExactDecimal.isInteger(text.utf8Span.span) == isInteger)
    }

    @Test(
        "of every currency are written as they were read",
        arguments: [
            ("EUR", 2, 1250, "12.50"), ("EUR", 2, 5, "0.05"), ("EUR", 2, -5, "-0.05"),
            ("EUR", 2, 0, "0.00"), ("JPY", 0, 1980, "1980"), ("JPY", 0, 0, "0"),
            ("KWD", 3, 12345, "12.345"), ("KWD", 3, -1, "-0.001"), ("CLF", 4, 10000, "1.0000"),
            ("usd", 2, 100, "1.00"), ("XAU", 2, 100, "1.00"),
        ] as [(String, Int, Int64, String)]
    )
    func currencies(code: String, exponent: Int, minor: Int64, text: String) throws {
        let currency = try #require(Self.currency(code))
        #expect(currency.exponent == exponent)
        #expect(currency.text == code.uppercased())
        #expect(currency.decimal(Int128(minor)) == text)
        let value = ColumnValue.money(Int128(minor), currency)
        #expect(value.json == #"{"amount":"\#(text)","currency":"\#(code.uppercased())"}"#)
        #expect(value.readable == "\(text) \(code.uppercased())")
        let again = ExactDecimal.scaled(text.utf8Span.span, exponent: exponent)
        #expect(again == minor)
    }

    @Test("of sums that exceed 64 bits are written in full")
    func wide() throws {
        let currency = try #require(Self.currency("EUR"))
        #expect(currency.decimal(36_893_488_147_419_103_230) == "368934881474191032.30")
        #expect(currency.decimal(-36_893_488_147_419_103_230) == "-368934881474191032.30")
    }

    @Test("of no currency are none", arguments: ["", "EU", "EURO", "E1R", "€UR", "E R", "eu\u{0}"])
    func noCurrency(code: String) {
        #expect(Self.currency(code) == nil)
    }

    private static func currency(_ code: String) -> Currency? { Currency(code.utf8Span.span) }
}
