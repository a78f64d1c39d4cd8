import Bytes
import DaybookTesting
import Foundation
import JSON
import Testing

@Suite("Forms as JSON text")
struct FormFieldsTests {
    private func json(_ form: String) throws -> String {
        let fields = try FormFields(form.utf8Span.span)
        return String(decoding: fields.jsonText(), as: UTF8.self)
    }

    @Test(
        "fields become members, each name once",
        arguments: [
            ("", "{}"),
            ("a=1", #"{"a":"1"}"#),
            ("b=1&a=", #"{"b":"1","a":""}"#),
            ("a=1&b=2&a=3&a", #"{"a":["1","3",""],"b":"2"}"#),
            ("data[id]=1&data[a][]=2", #"{"data[id]":"1","data[a][]":"2"}"#),
            ("=1&=2", #"{"":["1","2"]}"#),
            ("%22%5C%0A%01=%22", #"{"\"\\\n\u0001":"\""}"#),
            (
                "a=%FF%C3&b=%ED%A0%80",
                "{\"a\":\"\u{FFFD}\u{FFFD}\",\"b\":\"\u{FFFD}\u{FFFD}\u{FFFD}\"}"
            ),
            // Different names that become one by repairing, and two that look alike but are not.
            ("a%FF=1&a%FE=2", "{\"a\u{FFFD}\":[\"1\",\"2\"]}"),
            ("%C3%A9=1&e%CC%81=2", "{\"\u{E9}\":\"1\",\"e\u{301}\":\"2\"}"),
        ]
    )
    func members(form: String, expected: String) throws {
        #expect(try json(form) == expected)
    }

    @Test(
        "objects and arrays of JSON are embedded, and nothing else",
        arguments: [
            (#"{"id":1.50,"a":[]}"#, #"{"id":1.50,"a":[]}"#),
            ("[1, 2]\n", "[1, 2]\n"),
            ("[]", "[]"),
            ("1", #""1""#),
            ("true", #""true""#),
            ("\"text\"", #""\"text\"""#),
            (" {}", #"" {}""#),
            ("{", #""{""#),
            ("{}}", #""{}}""#),
            ("[1,]", #""[1,]""#),
            ("{a:1}", #""{a:1}""#),
            ("[1e999]", #""[1e999]""#),
            ("[link](https://example.com)", #""[link](https://example.com)""#),
        ]
    )
    func embedding(value: String, expected: String) throws {
        #expect(try json("p=\(value)") == "{\"p\":\(expected)}")
        #expect(try json("p=\(value)&q=&p=x") == "{\"p\":[\(expected),\"x\"],\"q\":\"\"}")
    }

    @Test("what is embedded nests no deeper than a document may with the form around it")
    func depth() throws {
        var parser = JSONParser()
        for (depth, isEmbedded) in [(JSONLimits.depth - 2, true), (JSONLimits.depth - 1, false)] {
            let value = String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
            let text = try json("p=\(value)&p=\(value)")
            #expect(text.hasPrefix("{\"p\":[[[") == isEmbedded)
            let kind = try parser.parse(text.utf8Span.span).kind
            #expect(kind == .object)
        }
    }

    @Test("random forms become what Python makes of them, with distinct keys")
    func oracle() throws {
        let file = try JSONSerialization.jsonObject(with: Data(fixture("form_json.json")))
        let cases = try #require((file as? [String: Any])?["cases"] as? [[String: Any]])
        #expect(cases.count == 150)
        var parser = JSONParser()
        for entry in cases {
            let form = try #require(entry["form"] as? String)
            let expected = try #require(entry["json"])
            let fields = try FormFields(form.utf8Span.span)
            let text = fields.jsonText()
            let found = try Tree(parser.parse(text.span))
            #expect(found == Tree(expected), "\(form)")
            let isAmbiguous = try parser.parse(text.span).hasDuplicateKeys
            #expect(!isAmbiguous, "\(form)")
        }
    }

    @Test("random bytes become JSON with distinct keys", arguments: 0..<10)
    func random(seed: UInt64) throws {
        var generator = SeededChance(seed: seed)
        var parser = JSONParser()
        let alphabet = Array("a=&%+{}[]\",:14fF \u{FF}é\0".utf8) + [0xFF, 0x80]
        for _ in 0..<500 {
            let count = Int.random(in: 0..<60, using: &generator)
            let form = (0..<count).map { _ in alphabet.randomElement(using: &generator) ?? 0 }
            let fields = try FormFields(form.span)
            let text = fields.jsonText()
            let isAmbiguous = try parser.parse(text.span).hasDuplicateKeys
            #expect(!isAmbiguous, "\(form)")
        }
    }
}
