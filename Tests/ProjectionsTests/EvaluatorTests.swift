import Testing

@testable import Projections

@Suite("What events say")
struct EvaluatorTests {
    /// Runs cases for a definition of two columns and these rules.
    private static func failures(_ rules: String, _ cases: String) throws -> [String] {
        let yaml = """
            projection: p
            version: 1
            key: id
            columns:
              word: { type: text, keep: latest }
              total: { type: integer, keep: balance }
              words: { type: text, keep: all }
            events:
            \(rules)
            """
        let definition = try Definition(yaml: yaml.utf8Span.span, file: "p.yaml")
        let reports = try checkCases(definition, [CaseFile(name: "c", bytes: Array(cases.utf8))])
        return reports.flatMap { $0.failures.map(\.description) }
    }

    @Test("is read from headers, whatever their case and whatever the content is")
    func headers() throws {
        let failures = try Self.failures(
            """
              - from: { type: a }
                key: "{header:x-shop}"
                set: { word: { from: "header:X-Topic", optional: true } }
            """,
            """
            case: x
            given:
              - { source: s, type: a, headers: { X-Shop: one, x-tOPIC: "say \\"yes\\"" },
                  raw: not JSON }
              - { source: s, type: a, headers: { X-SHOP: two, x-topic: first, X-Topic: second } }
              - { source: s, type: a, headers: { other: x }, body: {} }
              - { source: s, type: a, headers: { X-Shop: three }, body: {}, erased: true }
              - { source: s, type: a }
            then: [{ id: one, word: 'say "yes"' }, { id: two, word: first }]
            quarantined: [e3, e4, e5]
            """
        )
        #expect(failures == [])
    }

    @Test("is read from a call's request and response")
    func messages() throws {
        let failures = try Self.failures(
            """
              - from: { kind: call }
                key: "{request:/order}"
                at: "@time"
                set:
                  word: { from: "response:/status", optional: true }
            """,
            """
            case: x
            given:
              - { kind: call, service: s, time: 2026-11-21T10:00:00Z, request: { order: a },
                  response: { status: "ö\\n" } }
              - { kind: call, service: s, time: 2026-11-21T10:00:00Z, request: { order: 5 },
                  response: { status: 200 } }
              - { kind: call, service: s, time: 2026-11-21T10:00:00Z, request: { order: b } }
              - { kind: call, service: s, time: 2026-11-21T10:00:00Z, response: { order: c } }
              - { kind: call, service: s, time: 2026-11-21T10:00:00Z, request: [], response: 1 }
            then:
              - { id: a, word: "ö\\n" }
              - { id: "5", word: "200" }
            absent: [b]
            quarantined: [e4, e5]
            """
        )
        #expect(failures == [])
    }

    @Test("is read from each element of a list, then from the whole event")
    func elements() throws {
        let failures = try Self.failures(
            """
              - from: { type: a }
                when: { /kind: sale }
                each: /lines
                key: "{/sku}@{/place}"
                set: { total: { delta: /n }, word: { from: /note, optional: true } }
            """,
            """
            case: x
            given:
              - { source: s, type: a, body: { kind: sale, place: here, n: 7, note: whole,
                  lines: [{ sku: a, n: 1 }, { sku: a }, { sku: b, n: 2, place: there,
                  note: own }, { sku: c, kind: gift }] } }
              - { source: s, type: a, body: { kind: gift, n: 5 } }
              - { source: s, type: a, body: { kind: sale, n: 5 } }
              - { source: s, type: a, body: { kind: sale, n: 5, place: x, lines: [7] } }
            then:
              - { id: a@here, total: 8, word: whole }
              - { id: b@there, total: 2, word: own }
            absent: [c@here]
            ignored: 1
            quarantined: [e3, e4]
            """
        )
        #expect(failures == [])
    }

    @Test("is left out where a rule's condition does not hold, before a list is missed")
    func conditions() throws {
        let failures = try Self.failures(
            """
              - from: { kind: webhook }
                when: { /lines: present, /n: { gte: 2, lt: 5 } }
                each: /lines
                key: "{/sku}"
                set: { total: { delta: /n } }
              - from: { kind: call }
                when: { "@ratelimit": present, "@status": [429, "5*"] }
                each: "@ratelimit"
                key: "{/window}"
                at: "@time"
                set: { total: { delta: /allowed } }
            """,
            """
            case: x
            given:
              - { source: s, type: a, body: { n: 2, lines: [{ sku: a }] } }
              - { source: s, type: a, body: { n: 5, lines: [{ sku: a }] } }
              - { source: s, type: a, body: { n: 2 } }
              - { kind: call, service: s, status: 429 }
              - { kind: call, service: s, ratelimit: 5/1m, status: 503, time: 2026-11-21T10:00:00Z }
              - { kind: call, service: s, ratelimit: 5/1m, status: 200 }
            then: [{ id: a, total: 2 }, { id: 1m, total: 5 }]
            ignored: 4
            """
        )
        #expect(failures == [])
    }

    @Test("is counted for limits when a call's body was erased, is no JSON or was never there")
    func limits() throws {
        let failures = try Self.failures(
            """
              - from: { kind: call }
                each: "@ratelimit"
                key: "{@service} {/window}"
                at: "@time"
                set: { total: { delta: /allowed } }
            """,
            """
            case: x
            given:
              - { kind: call, service: s, ratelimit: 5/1m, time: 2026-11-21T10:00:00Z }
              - { kind: call, service: s, ratelimit: 5/1m, time: 2026-11-21T10:00:00Z,
                  erased: true }
              - { kind: call, service: s, ratelimit: 5/1m, time: 2026-11-21T10:00:00Z, raw: <html> }
            then: [{ id: s 1m, total: 15 }]
            """
        )
        #expect(failures == [])
    }

    @Test("of one row by two of its names counts twice")
    func twoNames() throws {
        let failures = try Self.failures(
            """
              - from: { type: linked }
                key: "{/item}"
                link: "code:{/codes}"
                set: { words: /codes }
              - from: { type: sold }
                each: /lines
                key: "code:{/code}"
                set: { total: { delta: /n } }
            """,
            """
            case: x
            given:
              - { source: s, type: linked, body: { item: a, codes: [A1, A2] } }
              - { source: s, type: sold, body: { lines: [{ code: A1, n: 1 }, { code: A2, n: 1 }] } }
            then: [{ id: a, total: 2, words: [A1, A2] }]
            waiting: []
            """
        )
        #expect(failures == [])
    }

    @Test("joins names by chains of links, and a link too many to the first by time")
    func links() throws {
        let failures = try Self.failures(
            """
              - from: { type: order }
                key: "{/order}"
                at: { from: /at, as: unix }
                link: "pay:{/pay}"
                set: { word: { from: /word, optional: true } }
              - from: { type: pay }
                key: "pay:{/pay}"
                at: { from: /at, as: unix }
                link: ["fund:{/fund}", "pay:{/old}"]
                set: { words: { from: /word, optional: true } }
              - from: { type: fund }
                key: "fund:{/fund}"
                at: { from: /at, as: unix }
                set: { total: { delta: /n } }
            """,
            """
            - case: a chain
              given:
                - { source: s, type: order, body: { order: a, pay: p1, at: 50 } }
                - { source: s, type: pay, body: { pay: p2, old: p1, at: 40, word: second } }
                - { source: s, type: pay, body: { pay: p2, fund: f, at: 30, word: first } }
                - { source: s, type: fund, body: { fund: f, n: 3, at: 20 } }
              then: [{ id: a, words: [first, second], total: 3 }]
              waiting: []
              conflicts: 0
            - case: two ends
              given:
                - { source: s, type: order, body: { order: a, pay: p1, at: 50, word: a } }
                - { source: s, type: order, body: { order: b, pay: p2, at: 10, word: b } }
                - { source: s, type: pay, body: { pay: p2, old: p1, at: 40 } }
                - { source: s, type: pay, body: { pay: p1, fund: f, at: 60 } }
                - { source: s, type: fund, body: { fund: f, n: 3, at: 20 } }
              then: [{ id: a, total: ~, word: a }, { id: b, total: 3, word: b }]
              waiting: []
              conflicts: 1
            - case: a tie between two claims goes to the lesser id
              given:
                - { source: s, type: order, id: z, body: { order: a, pay: p1, at: 50 } }
                - { source: s, type: order, id: y, body: { order: b, pay: p1, at: 50 } }
                - { source: s, type: pay, body: { pay: p1, at: 60, word: w } }
              then: [{ id: b, words: [w] }]
              absent: [a]
              conflicts: 1
            """
        )
        #expect(failures == [])
    }

    @Test("has at most so many elements, and texts and names of at most so many bytes")
    func limitsOfSize() throws {
        let lines = String(repeating: "{},", count: FoldLimits.elements)
        let name = String(repeating: "n", count: 600)
        let word = String(repeating: "w", count: FoldLimits.textBytes)
        let failures = try Self.failures(
            """
              - from: { type: a }
                each: /lines
                key: "{/sku}"
                set: { total: { delta: /n } }
              - from: { type: b }
                key: "{/id}"
                set: { word: /word }
            """,
            """
            case: x
            in_order: true
            given:
              - { source: s, type: b, body: { id: a, word: \(word) } }
              - { source: s, type: b, body: { id: b, word: \(word)w } }
              - { source: s, type: b, body: { id: \(name), word: w } }
              - { source: s, type: a, raw: '{"sku":"c","n":1,"lines":[\(lines.dropLast())]}' }
              - { source: s, type: a, raw: '{"sku":"d","n":1,"lines":[\(lines){}]}' }
            then: [{ id: c, total: \(FoldLimits.elements) }]
            quarantined: [e2, e3, e5]
            absent: [b, d]
            """
        )
        #expect(failures == [])
    }
}
