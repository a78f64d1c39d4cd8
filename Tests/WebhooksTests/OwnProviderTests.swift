import Catalog
import Digest
import Ledger
import Testing
import Webhooks

@Suite("a ledger's own providers")
struct OwnProviderTests {
    /// The embedded providers and one that is written here.
    static func providers(_ file: String) throws -> Providers {
        Providers(try Systems(adding: [CatalogFile(name: "own.yaml", bytes: Array(file.utf8))]))
    }

    static let acme = """
        provider: acme
        about: A system of our own.
        also: [acme-test, acme2]
        confidence: solid
        webhooks:
          scheme:
            hmac:
              algorithm: sha512
              encoding: hex
              key: { encoding: base64 }
              signed: "{method} {url}\\n{header:x-acme-id}|{query:x}|{body}"
              signature: { header: x-acme-signature, prefix: "sha512=" }
          id: header:x-acme-id
          type: [header:x-acme-type, /event, { is: acme.thing }]
          time: { from: header:x-acme-date, as: http-date }
          subject: "thing:{header:x-acme-id}/{/a~1b/0}"
          answer: { status: 202, type: text/xml, body: "<ack/>" }
          sample: { file: acme.json, type: application/json }
        """
    static let acmeKey = [UInt8](1...40)

    /// A source of it at a URL of the entry's, or wherever the request says.
    static func acmeSource(_ more: String = "") throws -> Source {
        try source(
            "shop: { provider: acme-test, secrets: S\(more) }",
            ["S": base64(acmeKey)],
            providers: providers(acme)
        )
    }

    /// A request that is signed for a URL.
    static func acmeRequest(_ url: String) -> InboundRequest {
        let body = Array(#"{"a/b":[18446744073709551615]}"#.utf8)
        let code = code(acmeKey, Array("PUT \(url)\n7|1|".utf8), body, by: .sha512)
        return InboundRequest(
            method: "PUT",
            target: "/hooks/shop?x=1",
            headers: [
                ("Host", "log.example.com"), ("X-Acme-Id", "7"),
                ("X-Acme-Signature", "sha512=\(hex(code))"),
                ("X-Acme-Date", "Mon, 02 Mar 2026 10:16:40 GMT"),
            ],
            body: body
        )
    }

    @Test("a file adds a provider, with every part of an entry at work")
    func added() throws {
        let providers = try Self.providers(Self.acme)
        #expect(providers.systems.names.first == "acme")
        #expect(try providers.provider(named: "acme2")?.name == "acme")
        let request = Self.acmeRequest("https://log.example.com/hooks/shop?x=1")
        let verdict = judge(request, try Self.acmeSource())
        let draft = try #require(verdict.accepted, "\(verdict.summary)")
        let answer = Answer(status: 202, body: Array("<ack/>".utf8), contentType: "text/xml")
        #expect(verdict.answer == answer)
        #expect(draft.id == "7")
        #expect(draft[.type] == "acme.thing")
        #expect(draft[.provider] == "acme")
        #expect(draft[.time] == "2026-03-02T10:16:40Z")
        #expect(draft[.subject] == "thing:7/18446744073709551615")
        #expect(draft[.authtype] == "hmac-sha512")
    }

    @Test("a signed URL is the source's where it says one, else where the request was sent")
    func url() throws {
        let outside = "https://hooks.example.com/in/shop"
        let configured = try Self.acmeSource(", url: \"\(outside)\"")
        #expect(judge(Self.acmeRequest("\(outside)?x=1"), configured).accepted != nil)
        let inside = "https://log.example.com/hooks/shop?x=1"
        #expect(judge(Self.acmeRequest(inside), configured).refusal?.word == .signatureMismatch)
        let open = try Self.acmeSource()
        #expect(judge(Self.acmeRequest("\(outside)?x=1"), open).refusal != nil)
        var nameless = Self.acmeRequest("https://localhost/hooks/shop?x=1")
        nameless["host"] = nil
        #expect(judge(nameless, open).accepted != nil)
    }

    @Test("a parameter that is signed must be there exactly once", arguments: ["", "?x=1&x=1"])
    func parameter(query: String) throws {
        var request = Self.acmeRequest("https://log.example.com/hooks/shop\(query)")
        request.target = "/hooks/shop\(query)"
        #expect(
            judge(request, try Self.acmeSource()).summary
                == "401 missing-parameter: the URL has no single parameter x"
        )
    }

    static let open = """
        provider: open
        about: Whoever knows the URL.
        confidence: solid
        webhooks:
          scheme: none
          content: any
          id: header:x-id
          type: { is: form.sent }
          subject: "form:{header:x-id}"
          time: /created
          sample: { file: open.txt, type: text/plain }
        """

    @Test("without a scheme nothing is verified, and the line says so")
    func noScheme() throws {
        let source = try source("shop: { provider: open }", providers: Self.providers(Self.open))
        let request = InboundRequest(
            method: "POST",
            target: "/hooks/shop",
            headers: [("X-Id", "9")],
            body: Array("not=JSON".utf8)
        )
        let draft = try #require(judge(request, source).accepted)
        #expect(draft[.authtype] == "none")
        #expect(draft[.authid] == nil)
        #expect(draft[.type] == "form.sent")
        #expect(draft[.subject] == "form:9")
        #expect(draft[.time] == nil)
        var nameless = request
        nameless.headers = []
        #expect(judge(nameless, source).summary == "400 missing-id: the request has no id")
    }

    static let old = """
        provider: old
        about: An old system.
        confidence: solid
        webhooks:
          scheme:
            hmac:
              algorithm: sha1
              encoding: hex
              signed: "{body}{timestamp}"
              signature: { header: x-signature }
              timestamp: { header: x-time, as: unix-ms }
          tolerance: { seconds: 60, side: both }
          id: /id
          type: { is: old }
          time: { from: header:x-time, as: unix-ms }
          sample: { file: old.json, type: application/json }
        """

    @Test("SHA-1 and milliseconds are there for those who need them")
    func otherForms() throws {
        let source = try source(
            "s: { provider: old, secrets: S }",
            ["S": "k"],
            providers: Self.providers(Self.old)
        )
        for (milliseconds, word) in [
            (now * 1000 + 250, nil), (now * 1000 - 60_000, nil),
            (now * 1000 - 61_000, Refusal.Word.tooOld), (now * 1000 + 61_000, .tooNew),
        ] {
            let code = code([0x6b], Array("{\"id\":1}\(milliseconds)".utf8), by: .sha1)
            let request = InboundRequest(
                method: "POST",
                target: "/",
                headers: [("x-time", "\(milliseconds)"), ("x-signature", hex(code))],
                body: Array("{\"id\":1}".utf8)
            )
            let verdict = judge(request, source)
            #expect(verdict.refusal?.word == word, "\(verdict.summary)")
            #expect(verdict.accepted.map { $0[.authtype] == "hmac-sha1" } ?? true)
        }
    }
}
