import Testing

@testable import Projections

@Suite("Cases with parts")
struct PartCaseTests {
    private static let definition = """
        projection: p
        version: 1
        key: id
        columns:
          word: { type: text, keep: latest }
          total: { type: integer, keep: sum }
          tenant: { type: text, keep: latest }
          topic: { type: text, keep: latest }
        events:
          - from: { provider: xero, type: "INVOICE.*", kind: fact }
            key: "{/id}"
            set:
              word: { from: /word, optional: true }
              total: /n
              tenant: { from: "request:/tenant", optional: true }
              topic: { from: "header:x-topic", optional: true }
          - from: { provider: crm }
            each: /lines
            key: "{/sku}"
            set: { total: /n, word: { from: /note, optional: true } }
        """

    private static func failures(_ cases: String) throws -> [String] {
        let definition = try Definition(yaml: definition.utf8Span.span, file: "p.yaml")
        let reports = try checkCases(definition, [CaseFile(name: "c", bytes: Array(cases.utf8))])
        return reports.flatMap { $0.failures.map(\.description) }
    }

    @Test("hold in all orders, with repeats, and folded in parts")
    func holds() throws {
        let failures = try Self.failures(
            """
            case: two of one request and one of another
            given:
              - { provider: xero, type: INVOICE.CREATE, part: /events/0, headers: { X-Topic: news },
                  body: { tenant: t, events: [{ id: a, n: 1 }, { id: b, n: 2, word: x }] } }
              - { provider: xero, type: INVOICE.UPDATE, part: /events/1, headers: { X-Topic: news },
                  body: { tenant: t, events: [{ id: a, n: 1 }, { id: b, n: 2, word: x }] } }
              - { provider: xero, type: INVOICE.UPDATE, part: "", raw: '{"id":"b","n":5}' }
              - { provider: crm, type: t, part: /0/a~1b,
                  body: [{ a/b: { lines: [{ sku: c, n: 3 }, { sku: d, n: 4 }], note: y } }] }
            then:
              - { id: a, total: 1, tenant: t, topic: news, word: ~ }
              - { id: b, total: 7, tenant: t, topic: news, word: x }
              - { id: c, total: 3, word: y }
              - { id: d, total: 4, word: y }
            """
        )
        #expect(failures == [])
    }

    @Test("name parts that cannot be read")
    func quarantined() throws {
        let failures = try Self.failures(
            """
            case: x
            given:
              - { provider: xero, type: INVOICE.A, part: /events/3, body: { events: [] } }
              - { provider: xero, type: INVOICE.A, part: /events/0, erased: true }
              - { provider: xero, type: INVOICE.A, part: /events/0, erased: true, body: {} }
              - { provider: xero, type: INVOICE.A, part: /events/0, raw: no JSON }
              - { provider: xero, type: INVOICE.A, part: /events/0, body: { events: [{ id: a }] } }
              - { provider: xero, type: INVOICE.A, kind: webhook, part: /0, body: [] }
            then: []
            quarantined: [e1, e2, e3, e4, e5]
            unknown: 1
            """
        )
        #expect(failures == [])
    }

    @Test("take a part that comes again for a redelivery")
    func again() throws {
        let failures = try Self.failures(
            """
            case: x
            given:
              - { provider: xero, type: INVOICE.A, id: x, part: /0, body: [{ id: a, n: 2 }] }
              - { provider: xero, type: INVOICE.A, id: x, part: /0, body: [{ id: a, n: 2 }] }
            then: [{ id: a, total: 2 }]
            """
        )
        #expect(failures == [])
    }

    @Test(
        "are refused where a part is none",
        arguments: RefusalCase.list(
            """
            part: events, body: {}
            => c.yaml:3:41: found "events", expected a pointer such as /events/0
            part: /0, request: {}
            => c.yaml:3:45: found "request" beside "part", expected "body"
            part: /0
            => c.yaml:3:5: missing key "body", expected the body that it is part of
            part: [a], body: {}
            => c.yaml:3:41: found a list, expected a pointer such as /events/0
            """
        )
    )
    func refused(refusal: RefusalCase) {
        let yaml =
            "- case: x\n  given:\n  - { provider: shop, type: told, \(refusal.fragment) }\n"
            + "  then: []\n"
        #expect(CaseSample.refusal(of: yaml) == refusal.message)
    }
}
