import DaybookTesting
import Foundation
import JSON
import Testing

struct CanonicalVectors: Decodable {
    struct Document: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let input_b64: Data
        let canonical_hex: String
        var testDescription: String { name }
    }

    struct Number: Decodable, Sendable, CustomTestStringConvertible {
        let ieee754_hex: String
        let text: String
        var testDescription: String { text }
    }

    let documents: [Document]
    let numbers: [Number]

    static func load() throws -> CanonicalVectors {
        try JSONDecoder().decode(Self.self, from: Data(fixture("jcs_rfc8785.json")))
    }
}

func canonical(_ text: String) throws -> String {
    var parser = JSONParser()
    return try String(decoding: parser.canonicalized(text.utf8Span.span), as: UTF8.self)
}

@Suite("Canonical form")
struct CanonicalizationTests {
    @Test(
        "a published document has its published form",
        arguments: try CanonicalVectors.load().documents
    )
    func document(vector: CanonicalVectors.Document) throws {
        var parser = JSONParser()
        let input = Array(vector.input_b64)
        let output = try parser.canonicalized(input.span)
        let hex = output.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        #expect(hex == vector.canonical_hex)
        #expect(try parser.canonicalized(output.span) == output)
    }

    @Test(
        "a published number reads and writes back",
        arguments: try CanonicalVectors.load().numbers
    )
    func number(vector: CanonicalVectors.Number) throws {
        #expect(try canonical(vector.text) == vector.text)
        let bits = try #require(UInt64(vector.ieee754_hex, radix: 16))
        #expect(try canonical("[\(Double(bitPattern: bits))]") == "[\(vector.text)]")
    }

    @Test(
        "integers are doubles, however long",
        arguments: [
            ("9007199254740993", "9007199254740992"), ("-9007199254740993", "-9007199254740992"),
            ("18446744073709551615", "18446744073709552000"),
            ("18446744073709551616", "18446744073709552000"),
            ("-9223372036854775809", "-9223372036854776000"),
            ("295147905179352830000", "295147905179352830000"),
            (
                "[1, 100000000000000000000000 ,\"100000000000000000000000\"]",
                "[1,1e+23,\"100000000000000000000000\"]"
            ),
            ("{\"a\":33333333333333333333}", "{\"a\":33333333333333330000}"),
            ("[100000000000000000000.5e1,100000000000000000000E1]", "[1e+21,1e+21]"),
            ("-0", "0"), ("-0.0", "0"), ("1.0", "1"),
        ]
    )
    func integers(text: String, form: String) throws {
        #expect(try canonical(text) == form)
    }

    @Test("what cannot be a double either is refused with its place")
    func outOfRange() {
        #expect(throws: JSONError.numberOutOfRange(offset: 23)) {
            try canonical("[100000000000000000000,1e999]")
        }
        #expect(throws: JSONError.notJSON(offset: 0, found: 0x78, expected: .value)) {
            try canonical("x")
        }
    }

    @Test(
        "members are sorted by UTF-16 code units, at every depth",
        arguments: [
            (#"{"b":1,"a":2,"":3,"aa":4}"#, #"{"":3,"a":2,"aa":4,"b":1}"#),
            (
                "{\"\u{FB33}\":1,\"\u{1F602}\":2,\"\u{20AC}\":3}",
                "{\"\u{20AC}\":3,\"\u{1F602}\":2,\"\u{FB33}\":1}"
            ),
            (
                #"[{"b":{"d":1,"c":[{"f":1,"e":2}]},"a":2}]"#,
                #"[{"a":2,"b":{"c":[{"e":2,"f":1}],"d":1}}]"#
            ),
        ]
    )
    func sorted(text: String, form: String) throws {
        #expect(try canonical(text) == form)
    }

    @Test("the form of a random document is stable and means the same", arguments: 0..<10)
    func stable(seed: UInt64) throws {
        var writer = RandomJSON(generator: SeededChance(seed: seed &+ 2000))
        for _ in 0..<100 {
            let text = writer.document()
            let form = try canonical(text)
            #expect(try canonical(form) == form)
            var parser = JSONParser()
            let before = Tree(try parser.parse(text.utf8Span.span))
            let after = Tree(try parser.parse(form.utf8Span.span))
            #expect(before == after, "seed \(seed): \(text)")
        }
    }
}
