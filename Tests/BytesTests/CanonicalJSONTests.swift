import Bytes
import Foundation
import Testing

@Suite("Canonical JSON")
struct CanonicalJSONTests {
    struct NumberVectors: Decodable {
        struct Number: Decodable {
            var ieee754_hex: String
            var text: String
        }
        var numbers: [Number]
    }

    static let numbers: [(bits: UInt64, text: String)] = {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/jcs_numbers.json")
        do {
            let vectors = try JSONDecoder().decode(NumberVectors.self, from: Data(contentsOf: file))
            return vectors.numbers.map { (UInt64($0.ieee754_hex, radix: 16) ?? 0, $0.text) }
        } catch {
            Issue.record(error)
            return []
        }
    }()

    @Test("the number vectors of RFC 8785 hold", arguments: numbers)
    func numberVectors(bits: UInt64, expected: String) throws {
        let value = Double(bitPattern: bits)
        #expect(
            try text { (out) throws(CanonicalJSON.NumberError) in
                try CanonicalJSON.appendNumber(value, to: &out)
            } == expected
        )
    }

    @Test("all 24 number vectors are there")
    func numberCount() {
        #expect(Self.numbers.count == 24)
    }

    @Test(
        "each notation of ECMAScript is used in its range",
        arguments: [
            (1.5, "1.5"), (-0.1, "-0.1"), (0.00001, "0.00001"), (1e-7, "1e-7"), (1.5e-7, "1.5e-7"),
            (1e20, "100000000000000000000"), (123e18, "123000000000000000000"),
            (1.25e21, "1.25e+21"),
            (100.25, "100.25"), (1e100, "1e+100"), (10_000_000_000_000_000, "10000000000000000"),
            (-9_007_199_254_740_992, "-9007199254740992"), (4.5, "4.5"), (0.002, "0.002"),
            (1e-27, "1e-27"),
            (2.2250738585072014e-308, "2.2250738585072014e-308"),
        ]
    )
    func notation(value: Double, expected: String) throws {
        #expect(
            try text { (out) throws(CanonicalJSON.NumberError) in
                try CanonicalJSON.appendNumber(value, to: &out)
            } == expected
        )
    }

    @Test("any double reads back as itself, in as many digits as Swift finds shortest")
    func numbersRoundTrip() throws {
        var chance = SeededGenerator(seed: 11)
        for _ in 0..<20_000 {
            let value = Double(bitPattern: chance.next())
            guard value.isFinite else { continue }
            let written = try text { (out) throws(CanonicalJSON.NumberError) in
                try CanonicalJSON.appendNumber(value, to: &out)
            }
            #expect(Double(written) == value)
            #expect(digits(written) == digits(value.description))
        }
    }

    /// The significant digits of a decimal text.
    private func digits(_ text: String) -> String {
        let mantissa = text.prefix { $0 != "e" }.filter(\.isNumber)
        return mantissa.trimmingCharacters(in: ["0"])
    }

    @Test(
        "what JSON cannot say is an error",
        arguments: [Double.nan, .infinity, -.infinity, .signalingNaN]
    )
    func notFinite(value: Double) {
        var output: [UInt8] = []
        #expect(throws: CanonicalJSON.NumberError.notFinite) {
            try CanonicalJSON.appendNumber(value, to: &output)
        }
        #expect(output.isEmpty)
    }

    @Test(
        "an integer a double cannot hold travels as a string",
        arguments: [
            (0, "0"), (-1, "-1"), (9_007_199_254_740_991, "9007199254740991"),
            (-9_007_199_254_740_991, "-9007199254740991"),
            (9_007_199_254_740_992, "\"9007199254740992\""), (.min, "\"-9223372036854775808\""),
        ] as [(Int64, String)]
    )
    func integers(value: Int64, expected: String) {
        #expect(text { CanonicalJSON.appendInteger(value, to: &$0) } == expected)
    }

    @Test("each control character, quote and backslash has its one escape, nothing else has any")
    func escapes() {
        for scalar in (0...0x2ff).compactMap(Unicode.Scalar.init) {
            let expected =
                switch scalar {
                case "\u{8}": "\\b"
                case "\t": "\\t"
                case "\n": "\\n"
                case "\u{c}": "\\f"
                case "\r": "\\r"
                case "\"": "\\\""
                case "\\": "\\\\"
                case ..<" ":
                    "\\u00" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
                default: String(scalar)
                }
            // At every place of an eight-byte word.
            for pad in 0..<9 {
                let plain =
                    String(repeating: "é", count: pad / 2) + String(repeating: "x", count: pad)
                let written = text {
                    CanonicalJSON.appendString(plain + String(scalar) + plain, to: &$0)
                }
                #expect(written == "\"\(plain)\(expected)\(plain)\"")
            }
        }
    }

    @Test("random strings are read back by Foundation as they were")
    func stringsRoundTrip() throws {
        var chance = SeededGenerator(seed: 12)
        let alphabet = Array("ab\"\\\u{1}\n\u{7f}\u{80}é\u{2028}€😀/\u{fffd} ").map(String.init)
        for _ in 0..<1_000 {
            let count = Int.random(in: 0...60, using: &chance)
            let plain = (0..<count).map { _ in alphabet.randomElement(using: &chance) ?? "" }
                .joined()
            let written = text { CanonicalJSON.appendString(plain, to: &$0) }
            let read = try JSONSerialization.jsonObject(
                with: Data(written.utf8),
                options: .fragmentsAllowed
            )
            #expect(Array((read as? String ?? "?").unicodeScalars) == Array(plain.unicodeScalars))
        }
    }

    @Test("keys are ordered by UTF-16 code units")
    func keyOrder() {
        var chance = SeededGenerator(seed: 13)
        let scalars = [
            "a", "b", "\u{7f}", "\u{80}", "\u{7ff}", "\u{800}", "\u{d7ff}", "\u{e000}", "\u{fb33}",
            "\u{ffff}", "\u{10000}", "\u{1f602}", "\u{10ffff}",
        ]
        for _ in 0..<5_000 {
            let keys = (0..<2).map { _ in
                (0..<Int.random(in: 0...4, using: &chance))
                    .map { _ in scalars.randomElement(using: &chance) ?? "" }.joined()
            }
            let expected = keys[0].utf16.lexicographicallyPrecedes(keys[1].utf16)
            #expect(
                CanonicalJSON.precedes(keys[0].utf8Span.span, keys[1].utf8Span.span) == expected
            )
        }
    }
}
