import Bytes
import DaybookTesting
import Projections
import Testing

@testable import Audit

@Suite struct ExactAmountTests {
    static func currency(_ code: String) throws -> Currency {
        let currency = Currency(code.utf8Span.span)
        return try #require(currency)
    }

    @Test(
        "amounts are read exactly, or not at all",
        arguments: [
            ("12.5", "EUR", Int128(1250)), ("12.50", "EUR", 1250), ("-0.01", "EUR", -1),
            ("1,234.50", "USD", 123_450), ("-1,234,567.89", "USD", -123_456_789),
            ("500", "JPY", 500), ("1.234", "KWD", 1234), ("12.500", "EUR", 1250),
            ("1e2", "EUR", 10_000), ("92233720368547758.07", "EUR", Int128(Int64.max)),
            ("12.505", "EUR", nil), ("0.5", "JPY", nil), ("1,234", "EUR", nil),
            ("12,34.50", "EUR", nil), ("1,2345.00", "EUR", nil), ("1234,567.00", "EUR", nil),
            ("", "EUR", nil), (" 1", "EUR", nil), ("+1", "EUR", nil), ("€5", "EUR", nil),
            ("NaN", "EUR", nil), ("0x10", "EUR", nil), ("1.2.3", "EUR", nil),
            ("--1,000.00", "EUR", nil), ("92233720368547758.08", "EUR", nil),
            ("1e400", "EUR", nil), ("=1+1", "EUR", nil), (",123.00", "EUR", nil),
        ]
    )
    func reads(text: String, code: String, minor: Int128?) throws {
        #expect(ExactAmount(text, try Self.currency(code))?.minor == minor)
    }

    @Test("minor units are whole numbers", arguments: [("1250", Int128(1250)), ("12.5", nil)])
    func minor(text: String, minor: Int128?) throws {
        let amount = ExactAmount(text, try Self.currency("EUR"), isMinor: true)
        #expect(amount?.minor == minor)
    }

    @Test("a tolerance is in each currency's own unit")
    func tolerance() throws {
        let tolerance = try Tolerance("0.05")
        let (eur, jpy, kwd) = (
            try Self.currency("EUR"), try Self.currency("JPY"), try Self.currency("KWD")
        )
        #expect(tolerance.minor(eur) == 5)
        #expect(tolerance.minor(jpy) == 0)
        #expect(tolerance.minor(kwd) == 50)
        #expect(try Tolerance("3").minor(jpy) == 3)
        #expect(tolerance.allows(100, 105, eur))
        #expect(!tolerance.allows(100, 106, eur))
        #expect(Tolerance.none.allows(7, 7, eur))
        #expect(!Tolerance.none.allows(Int128(Int64.min), Int128(Int64.max), eur))
    }

    @Test(
        "what is no tolerance is refused",
        arguments: ["", "-1", "0.", ".5", "1,5", "0.00001", "1e3", "9999999999999", "1.2.3", "٣"]
    )
    func refuses(text: String) {
        #expect(throws: AuditProblem.self) { try Tolerance(text) }
    }

    @Test("sums never round, overflow or mix currencies")
    func sums() throws {
        var chance = SeededChance(seed: 7)
        let codes = try ["EUR", "JPY", "KWD"].map(Self.currency)
        var expected: [Int128] = [0, 0, 0]
        var sums = MoneySums()
        for _ in 0..<2000 {
            let place = Int.random(in: 0..<3, using: &chance)
            let minor = Int128(Int64.random(in: .min ... .max, using: &chance))
            expected[place] += minor
            sums.add(ExactAmount(minor, codes[place]))
        }
        #expect(codes.map { sums[$0] } == expected)
        #expect(MoneySums().text == "–")
    }
}
