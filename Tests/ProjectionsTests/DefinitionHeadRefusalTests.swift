import Testing
import YAML

@testable import Projections

@Suite("Refused: the head and the whole")
struct DefinitionHeadRefusalTests {
    static let event = #"events: [{ from: { type: a }, key: "{/id}", set: { c: /x } }]"#
    static let column = "columns: { c: { type: text, keep: latest } }"
    static let name = "a name such as order-status, of a to z, 0 to 9 and -, at most 63 characters"
    static let keys = "one of projection, version, about, key, columns, derive, events"

    @Test(
        "a slip in the head is told with its place and what was expected",
        arguments: [
            ("version: 1\nkey: k", "1:1: missing key \"projection\""),
            ("projection: p\nkey: k", "1:1: missing key \"version\""),
            ("projection: p\nversion: 1", "1:1: missing key \"key\""),
            ("projection: P\nversion: 1\nkey: k", "1:13: found \"P\", expected \(name)"),
            ("projection: 1p\nversion: 1\nkey: k", "1:13: found \"1p\", expected \(name)"),
            ("projection: p_q\nversion: 1\nkey: k", "1:13: found \"p_q\", expected \(name)"),
            ("projection:\nversion: 1\nkey: k", "1:12: found nothing, expected \(name)"),
            ("projection: [p]\nversion: 1\nkey: k", "1:13: found a list, expected \(name)"),
            (
                "projection: p\nversion: 0\nkey: k",
                "2:10: found \"0\", expected an integer from 1 to 1000000"
            ),
            (
                "projection: p\nversion: 1000001\nkey: k",
                "2:10: found \"1000001\", expected an integer from 1 to 1000000"
            ),
            (
                "projection: p\nversion: \"1\"\nkey: k",
                "2:10: found \"1\", expected an integer from 1 to 1000000"
            ),
            (
                "projection: p\nversion: 1\nabout: [x]\nkey: k",
                "3:8: found a list, expected a text"
            ),
            (
                "projection: p\nversion: 1\nkey: the key",
                "3:6: found \"the key\", expected a name such as placed_at, of a to z, 0 to 9 and "
                    + "_, at most 63 characters"
            ),
            (
                "projection: p\nversoin: 1\nkey: k",
                "2:1: unknown key \"versoin\", expected \"version\""
            ),
            (
                "projection: p\nversion: 1\nkey: k\nrules: []",
                "4:1: unknown key \"rules\", expected \(keys)"
            ),
            (
                "projection: p\nversion: 1\nkey: k\nversion: 2",
                "4:1: duplicate key \"version\", first at line 2"
            ),
        ]
    )
    func head(text: String, message: String) {
        let whole = "\(text)\n\(Self.column)\n\(Self.event)\n"
        #expect(Sample.refusal(of: whole) == "p.yaml:\(message)")
    }

    @Test(
        "columns, derived columns and rules that are missing or empty are refused",
        arguments: [
            (event, "1:1: missing key \"columns\""),
            ("columns: {}\n\(event)", "4:10: found 0 columns, expected 1 to 64"),
            ("columns: [c]\n\(event)", "4:10: found a list, expected a mapping"),
            (column, "1:1: missing key \"events\""),
            ("\(column)\nevents: []", "5:9: found 0 rules, expected 1 to 256"),
            ("\(column)\nevents: {}", "5:9: found a mapping, expected a list"),
            (
                "\(column)\nderive: {}\n\(event)",
                "5:9: found 0 derived columns, expected 1 to 64"
            ),
        ]
    )
    func body(text: String, message: String) {
        let whole = "projection: p\nversion: 1\nkey: k\n\(text)\n"
        #expect(Sample.refusal(of: whole) == "p.yaml:\(message)")
    }

    @Test(
        "what is no mapping is refused",
        arguments: [
            ("", "1:1: found nothing, expected a document"),
            ("- a\n", "1:1: found a list, expected a mapping"),
            ("a: &x 1\n", "1:4: found anchor \"&x\", expected each value written out"),
            ("a: 1\n--- {}\n", "2:1: found a second document, expected one"),
        ]
    )
    func whole(text: String, message: String) throws {
        let refusal = try #require(Sample.refusal(of: text))
        #expect(refusal.hasPrefix("p.yaml:\(message)"))
    }

    @Test("an attribute's path without quotes is refused with the quotes it needs")
    func unquoted() throws {
        let refusal = try #require(Sample.refusal(of: Sample.definition(setting: "note: @type")))
        #expect(refusal.hasPrefix("p.yaml:22:18: "))
        #expect(refusal.hasSuffix("expected quotes, as in \"@type\""))
    }

    @Test("one more than the limit is refused with the limit")
    func limits() {
        let columns = (0...64).map { "  c\($0): { type: text, keep: latest }\n" }.joined()
        let many = "projection: p\nversion: 1\nkey: k\ncolumns:\n\(columns)\(Self.event)\n"
        #expect(Sample.refusal(of: many) == "p.yaml:5:3: found 65 columns, expected 1 to 64")
        let rules = (0...256).map {
            "  - { from: { type: a\($0) }, key: \"{/id}\", set: { note: /x } }\n"
        }.joined()
        #expect(
            Sample.refusal(of: "\(Sample.columns)events:\n\(rules)")
                == "p.yaml:18:3: found 257 rules, expected 1 to 256"
        )
        let words = (0...256).map { "w\($0)" }.joined(separator: ", ")
        #expect(
            Sample.refusal(of: Sample.definition(column: "a: { type: enum, of: [\(words)] }"))
                == "p.yaml:17:24: found 257 words, expected 1 to 256"
        )
        let long = String(repeating: "é", count: 513)
        #expect(
            Sample.refusal(of: Sample.definition(setting: "note: { is: \(long) }"))
                == "p.yaml:22:24: found a text of 1026 bytes, expected at most 1024"
        )
        let name = String(repeating: "a", count: 64)
        let text = Sample.definition(column: "\(name): { type: text, keep: latest }")
        #expect(Sample.refusal(of: text)?.hasPrefix("p.yaml:17:3: found \"aaaa") == true)
        let fitting = Sample.definition(column: "\(name.dropLast()): { type: text, keep: latest }")
        #expect(Sample.refusal(of: fitting) == nil)
    }
}
