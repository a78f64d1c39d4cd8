import Digest
import Ledger
import Testing
import Webhooks

@Suite("the catalog")
struct CatalogTests {
    static func catalog(_ files: String...) throws -> Catalog {
        try Catalog(
            adding: files.enumerated().map {
                CatalogFile(name: "\($0).yaml", bytes: Array($1.utf8))
            }
        )
    }

    static let acme = """
        provider: acme
        about: A system of our own.
        also: [acme-test, acme2]
        scheme:
          hmac:
            algorithm: sha512
            encoding: hex
            key: { encoding: base64 }
            signed: "{method} {url}\\n{header:x-acme-id}|{body}"
            signature: { header: x-acme-signature, prefix: "sha512=" }
        id: header:x-acme-id
        type: [header:x-acme-type, /event, { is: acme.thing }]
        time: { from: header:x-acme-date, as: http-date }
        subject: "thing:{header:x-acme-id}/{/a~1b/0}"
        status: 202
        """

    @Test("five providers are embedded, by name")
    func embedded() throws {
        let providers = try Catalog().providers
        #expect(providers.map(\.name) == Vendor.allCases.map(\.rawValue))
        for provider in providers {
            #expect(provider.about.hasSuffix("."), "\(provider.name)")
        }
    }

    @Test("the standard goes by several names")
    func otherNames() throws {
        let catalog = try Catalog()
        for name in [
            "standard-webhooks", "svix", "in-house-oms", "in-house-ims", "in-house-cms",
            "in-house-pos",
        ] {
            #expect(catalog[name]?.name == "standard")
        }
        #expect(catalog["Standard"] == nil)
        #expect(catalog["github"] == nil)
        #expect(catalog[""] == nil)
    }

    @Test("a file adds a provider, with every part of an entry at work")
    func added() throws {
        let catalog = try Self.catalog(Self.acme)
        #expect(catalog.providers.map(\.name).first == "acme")
        #expect(catalog.providers.count == 6)
        #expect(catalog["acme2"]?.name == "acme")
        let key = [UInt8](1...40)
        let source = try source(
            "shop: { provider: acme-test, secrets: S }",
            ["S": base64(key)],
            catalog: catalog
        )
        let body = Array(#"{"a/b":[18446744073709551615]}"#.utf8)
        let code = code(key, Array("PUT /hooks/shop?x=1\n7|".utf8), body, by: .sha512)
        let request = InboundRequest(
            method: "PUT",
            target: "/hooks/shop?x=1",
            headers: [
                ("X-Acme-Id", "7"), ("X-Acme-Signature", "sha512=\(hex(code))"),
                ("X-Acme-Date", "Mon, 02 Mar 2026 10:16:40 GMT"),
            ],
            body: body
        )
        let verdict = judge(request, source)
        let draft = try #require(verdict.accepted, "\(verdict.summary)")
        #expect(verdict.answer?.status == 202)
        #expect(draft.id == "7")
        #expect(draft[.type] == "acme.thing")
        #expect(draft[.provider] == "acme")
        #expect(draft[.time] == "2026-03-02T10:16:40Z")
        #expect(draft[.subject] == "thing:7/18446744073709551615")
        #expect(draft[.authtype] == "hmac-sha512")
    }

    @Test("a file takes the place of a provider and of its other names")
    func replaced() throws {
        let mine = Self.acme.replacing("provider: acme", with: "provider: standard")
        let catalog = try Self.catalog(mine)
        #expect(catalog.providers.count == 5)
        #expect(catalog["standard"]?.about == "A system of our own.")
        #expect(catalog["acme2"]?.name == "standard")
        #expect(catalog["svix"] == nil)
    }

    @Test("of two files the later counts")
    func later() throws {
        let other = Self.acme.replacing("A system of our own.", with: "Another.")
            .replacing(", acme2", with: "")
        let catalog = try Self.catalog(Self.acme, other)
        #expect(catalog["acme"]?.about == "Another.")
        #expect(catalog["acme-test"]?.about == "Another.")
        #expect(catalog["acme2"] == nil)
    }

    @Test("a provider may take over a name that another goes by")
    func takenName() throws {
        let svix = Self.acme.replacing("provider: acme", with: "provider: svix")
        let catalog = try Self.catalog(svix)
        #expect(catalog["svix"]?.about == "A system of our own.")
        #expect(catalog["standard"]?.about != "A system of our own.")
        #expect(catalog["in-house-oms"]?.name == "standard")
    }

    @Test("without a scheme nothing is verified, and the line says so")
    func noScheme() throws {
        let catalog = try Self.catalog(
            """
            provider: open
            about: Whoever knows the URL.
            scheme: none
            content: any
            id: header:x-id
            type: { is: form.sent }
            subject: "form:{header:x-id}"
            time: /created
            """
        )
        let source = try source("shop: { provider: open }", catalog: catalog)
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

    @Test("SHA-1 and milliseconds are there for those who need them")
    func otherForms() throws {
        let catalog = try Self.catalog(
            """
            provider: old
            about: An old system.
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
            """
        )
        let source = try source("s: { provider: old, secrets: S }", ["S": "k"], catalog: catalog)
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
