import Testing

@testable import Projections

@Suite("Elements that are texts or numbers")
struct ElementPathTests {
    @Test("name rows, are told, and are asked about, beside the rest of the content")
    func elements() throws {
        let yaml = """
            projection: p
            version: 1
            key: id
            columns: { n: { type: integer, keep: count }, words: { type: text, keep: all } }
            events:
              - from: { type: a }
                each: /ids
                when: { each: { gt: 3 } }
                key: "{/shop}:{each}"
                set: { n: { count: true }, words: /word }
              - from: { type: b }
                each: /data/ids
                key: "{/shop}"
                set: { n: { when: { each: [x, y] }, count: true }, words: each }
            """
        let definition = try Definition(yaml: yaml.utf8Span.span, file: "p.yaml")
        let cases = """
            - case: a list, an empty one, and none
              given:
                - { source: s, type: a, body: { shop: s, ids: [3, 4, "5", 4], word: one } }
                - { source: s, type: a, body: { shop: s, ids: [4], word: two } }
                - { source: s, type: a, body: { shop: s, ids: [], word: three } }
                - { source: s, type: a, body: { shop: s, ids: 7, word: three } }
              then: [{ id: "s:4", n: 3, words: [one, two] }, { id: "s:5", n: 1, words: [one] }]
              absent: ["s:3", "s:7"]
              ignored: 1
              quarantined: [e4]
            - case: elements that are told and asked about
              given:
                - { source: s, type: b, body: { shop: s, data: { ids: [x, "", z, 1.50] } } }
                - { source: s, type: b, body: { shop: s, data: { ids: [y, z] } } }
              then: [{ id: s, n: 1, words: [y, z] }]
              quarantined: [e1]
            - case: elements that are no names
              given:
                - { source: s, type: a, body: { shop: s, ids: [4, 5.5], word: one } }
                - { source: s, type: b, body: { shop: s, data: { ids: [{ a: 1 }] } } }
                - { source: s, type: b, body: { shop: s, data: { ids: [[x]] } } }
              then: []
              quarantined: [e1, e2, e3]
            """
        let reports = try checkCases(definition, [CaseFile(name: "c", bytes: Array(cases.utf8))])
        #expect(reports.flatMap { $0.failures.map(\.description) } == [])
    }

    @Test(
        "are refused where there are none",
        arguments: [
            "from: { type: a }, key: \"{each}\", set: { note: /x }",
            "from: { type: a }, key: \"{/i}\", set: { note: each }",
            "from: { type: a }, key: \"{/i}\", when: { each: 1 }, set: { note: /x }",
            "from: { type: a }, key: \"{/i}\", each: \"@ratelimit\", set: { note: each }",
        ]
    )
    func refused(rule: String) {
        #expect(
            Sample.refusal(of: Sample.definition(rule: "{ \(rule) }"))
                == "p.yaml:18:5: found \"each\" as a path in a rule without elements, "
                + "expected it where \"each\" is a /POINTER to a list"
        )
    }

    @Test("cannot be lists of elements themselves")
    func nested() {
        let rule = "{ from: { type: a }, key: \"{/i}\", each: each, set: { note: /x } }"
        let refusal = Sample.refusal(of: Sample.definition(rule: rule))
        #expect(refusal?.contains("expected the path of a list") == true)
    }
}
