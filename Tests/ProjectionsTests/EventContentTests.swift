import Ledger
import Testing

@testable import Projections

@Suite("Content that is no JSON")
struct EventContentTests {
    private static let definition = """
        projection: p
        version: 1
        key: id
        columns:
          word: { type: text, keep: latest }
          total: { type: integer, keep: sum }
          seller: { type: text, keep: latest }
          topic: { type: text, keep: latest }
        events:
          - from: { type: form }
            key: "{/order_id}"
            set:
              word: { from: /note, optional: true }
              total: { from: /n, optional: true }
              seller: { from: "request:/seller", optional: true }
          - from: { type: xml }
            key: "{/order/id}"
            set:
              word: { from: /order/note, optional: true }
              total: { from: /order/@n, optional: true }
              seller: { from: "request:/order/seller", optional: true }
          - from: { type: part }
            key: "{/id}"
            set:
              total: /n
              seller: { from: "request:/batch/@seller", optional: true }
              topic: { from: "header:x-topic", optional: true }
          - from: { type: topic }
            key: "{header:x-topic}"
            set: { word: { is: x } }
          - from: { kind: call, type: api.call }
            key: "{request:/id}"
            set: { word: "response:/word" }
        """

    private static func failures(_ cases: String) throws -> [String] {
        let definition = try Definition(yaml: definition.utf8Span.span, file: "p.yaml")
        let reports = try checkCases(definition, [CaseFile(name: "c", bytes: Array(cases.utf8))])
        return reports.flatMap { $0.failures.map(\.description) }
    }

    @Test("is read as forms where the media type says so")
    func forms() throws {
        let form = "application/x-www-form-urlencoded"
        let failures = try Self.failures(
            """
            case: x
            in_order: true
            given:
              - { source: s, type: form, raw: "order_id=a%26b&note=say+%22hi%22&n=5&seller=me",
                  headers: { Content-Type: \(form) } }
              - { source: s, type: form, raw: "n=7&order_id=a%26b",
                  headers: { content-type: "Application/X-WWW-Form-URLencoded; charset=utf-8" } }
              - { source: s, type: form, raw: '{"order_id":"j","n":2}',
                  headers: { content-type: \(form) } }
              - { source: s, type: form, raw: "order_id=lost" }
              - { source: s, type: form, raw: "n=7", headers: { content-type: \(form) } }
              - { source: s, type: form, raw: "", headers: { content-type: \(form) } }
              - { source: s, type: part, part: /payload, headers: { content-type: \(form) },
                  raw: "a=b&payload=%7B%22id%22:%22k%22,%22n%22:4%7D" }
            then:
              - { id: "a&b", word: 'say "hi"', total: 12, seller: me }
              - { id: j, total: 2 }
              - { id: k, total: 4 }
            quarantined: [e4, e5, e6]
            """
        )
        #expect(failures == [])
    }

    @Test("is read as XML where the media type says so")
    func xml() throws {
        let failures = try Self.failures(
            """
            case: x
            given:
              - { source: s, type: xml, headers: { Content-Type: text/xml; charset=utf-8 },
                  raw: '<?xml version="1.0"?><order n="5"><id>a</id><note>ä &lt;</note></order>' }
              - { source: s, type: xml, headers: { Content-Type: application/xml },
                  raw: "<o:order n='-2' xmlns:o='u'><id>a</id><seller>me</seller></o:order>" }
              - { source: s, type: xml, headers: { Content-Type: application/soap+XML },
                  raw: "<order n='1'><id>b</id></order>" }
              - { source: s, type: xml, raw: "<order><id>c</id></order>",
                  headers: { Content-Type: text/plain } }
              - { source: s, type: xml, raw: "<order><id>d</order>",
                  headers: { Content-Type: text/xml } }
            then:
              - { id: a, word: "ä <", total: 3, seller: me }
              - { id: b, total: 1 }
            quarantined: [e4, e5]
            """
        )
        #expect(failures == [])
    }

    @Test("has parts, too")
    func parts() throws {
        let batch = "<batch seller='me'><e><id>a</id><n>1</n></e><e><id>b</id><n>2</n></e></batch>"
        let given =
            [("/batch/e/0", batch), ("/batch/e/1", batch), ("/batch/e/2", batch)]
            + [("/batch/e", "<batch><e><id>c</id><n>3</n></e></batch>"), ("/batch", "<batch>")]
        let events = given.map { part, raw in
            "  - { source: s, type: part, part: \(part), raw: \"\(raw)\",\n"
                + "      headers: { Content-Type: text/xml, X-Topic: t } }\n"
        }
        let failures = try Self.failures(
            """
            case: x
            given:
            \(events.joined())then:
              - { id: a, total: 1, seller: me, topic: t }
              - { id: b, total: 2, seller: me, topic: t }
              - { id: c, total: 3, seller: ~, topic: t }
            quarantined: [e3, e5]
            """
        )
        #expect(failures == [])
    }

    @Test("is turned into JSON once for all parts")
    func once() throws {
        let log = try PartLedger()
        let elements = (0..<50).map { "<e><id>i\($0)</id><n>\($0)</n><at>100</at></e>" }
        let content = "<batch>\(elements.joined())</batch>"
        let parts = (0..<50).map { "/batch/e/\($0)" }
        let first = try log.take("r", content, parts: parts, type: "text/xml")
        let shared = Batch()
        let plan = try PartLedger.plan()
        try log.ledger.read { snapshot in
            var folding = Folding(plan, shared)
            try folding.fold(snapshot, first..<first + 51)
            #expect(folding.tally.applied == 50)
        }
        #expect(shared.bodies == 1)
    }

    @Test("is not looked at for headers, nor where it is a call's two messages")
    func untouched() throws {
        let failures = try Self.failures(
            """
            case: x
            given:
              - { source: s, type: topic, raw: "<a",
                  headers: { Content-Type: text/xml, X-Topic: a } }
              - { kind: call, service: s, headers: { Content-Type: text/xml },
                  request: { id: b }, response: { word: y } }
            then: [{ id: a, word: x }, { id: b, word: y }]
            """
        )
        #expect(failures == [])
    }

    @Test(
        "is told by its media type",
        arguments: [
            ("application/x-www-form-urlencoded", ContentForm.form),
            ("APPLICATION/X-WWW-FORM-URLENCODED;charset=utf-8", .form),
            ("text/xml", .xml), ("application/xml ; a=b", .xml), ("application/atom+xml", .xml),
            ("application/json", nil), ("application/xml+json", nil), ("+xm", nil), ("", nil),
            ("multipart/form-data; boundary=application/xml", nil),
        ]
    )
    func mediaTypes(type: String, form: ContentForm?) {
        #expect(ContentForm(mediaType: type.utf8Span.span) == form)
    }

    @Test(
        "names what is wrong without telling any of it",
        arguments: [
            (
                "text/xml", "<secret",
                "the body it is part of: not XML: its grammar is broken at line 1"
            ),
            (
                "text/xml", "<?xml version=\"1.0\" encoding=\"secret\"?><a/>",
                "the body it is part of: XML in an unknown encoding, expected UTF-8"
            ),
            (
                "text/xml", "<!DOCTYPE secret><a/>",
                "the body it is part of: XML refused: found a document type at line 1, "
                    + "expected none"
            ),
            ("text/xml", "<a>b</a>", "found nothing at /e of the body it is part of"),
        ]
    )
    func reasons(type: String, content: String, reason: String) throws {
        let log = try PartLedger()
        try log.take("r", content, parts: ["/e"], type: type)
        let views = try Views(log.ledger)
        #expect(try views.quarantined(PartLedger.request).map(\.reason) == [reason])
    }
}
