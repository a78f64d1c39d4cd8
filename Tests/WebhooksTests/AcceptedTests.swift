import Bytes
import Digest
import JSON
import Ledger
import Testing
import Webhooks

@Suite("accepted webhooks")
struct AcceptedTests {
    /// What the line says of a vendor's sample.
    struct Expectation: Sendable {
        let vendor: Vendor
        let type: String
        let subject: String
        let time: String
        var authtype = "hmac-sha256"
        var authid = "env:SECRET"
    }

    static let expectations = [
        Expectation(
            vendor: .paypal,
            type: "PAYMENT.CAPTURE.COMPLETED",
            subject: "capture:42311647XV020574X",
            time: "2026-03-02T10:16:20.5Z",
            authtype: "rsa-x509",
            authid: "certificate 1"
        ),
        Expectation(
            vendor: .shopify,
            type: "orders/paid",
            subject: "order:820982911946154508",
            time: "2026-03-02T10:16:19.877041Z"
        ),
        Expectation(
            vendor: .standard,
            type: "order.paid",
            subject: "order:SO-7",
            time: "2026-03-02T10:16:20.12Z"
        ),
        Expectation(
            vendor: .stripe,
            type: "payment_intent.succeeded",
            subject: "payment_intent:pi_1",
            time: "2026-03-02T10:16:20Z"
        ),
        Expectation(
            vendor: .woocommerce,
            type: "order.updated",
            subject: "order:727",
            time: "2026-03-02T10:16:20Z"
        ),
    ]

    @Test("the line says what the webhook says, and who vouches for it", arguments: expectations)
    func line(expected: Expectation) throws {
        let verdict = judge(try expected.vendor.request(), try expected.vendor.source())
        let draft = try #require(verdict.accepted, "\(verdict.summary)")
        #expect(draft.outcome == .accepted)
        #expect(draft[.outcome] == "accepted")
        #expect(draft[.kind] == "webhook")
        #expect(draft.source == "shop")
        #expect(draft.id == "evt_1")
        #expect(draft[.type] == expected.type)
        #expect(draft[.subject] == expected.subject)
        #expect(draft[.time] == expected.time)
        #expect(draft[.provider] == expected.vendor.rawValue)
        #expect(draft[.authtype] == expected.authtype)
        #expect(draft[.authid] == expected.authid)
        #expect(draft[.datacontenttype] == "application/json")
        #expect(draft[.reason] == nil)
        #expect(draft[.traceparent] == nil)
        #expect(draft.cause == nil)
        #expect(verdict.answer == Answer(status: 200))
        #expect(!verdict.isRateBounded)
        #expect(verdict.drafts.count == 1)
    }

    @Test("the body is kept byte for byte", arguments: Vendor.allCases)
    func content(vendor: Vendor) throws {
        // White space, escapes and line ends that no re-serialised document would have.
        let body = Array((" \r\n" + vendor.body + "\n\t ").utf8)
        let draft = try #require(judge(try vendor.request(body), try vendor.source()).accepted)
        let record = try #require(draft.body)
        #expect(try #require(record.parts).content == body)
        #expect(record.contentSize == body.count)
    }

    @Test("no two bodies have the same salt")
    func salts() throws {
        let request = try Vendor.stripe.request()
        let source = try Vendor.stripe.source()
        var intake = Intake()
        var salts: Set<[UInt8]> = []
        for _ in 0..<20 {
            let verdict = intake.receive(
                request,
                from: source,
                at: Timestamp(microseconds: Int64(now) * 1_000_000),
                fetched: FetchedTrust()
            )
            salts.insert(Array(try #require(verdict.accepted?.body).record[1..<17]))
        }
        #expect(salts.count == 20)
    }

    @Test("the meta has the request's lines as they came, in the sender's case and order")
    func meta() throws {
        var request = try Vendor.woocommerce.request()
        let signature = try #require(request["x-wc-webhook-signature"])
        request.target = "/hooks/shop?a=%2F&b"
        request.headers = [
            ("x-wc-WEBHOOK-topic", "order.updated"), ("Via", "1.1 a"), ("B", "quo\"te"),
            ("via", "1.1 b"), ("Via", "1.1 a"), ("X-WC-Webhook-Signature", signature),
            ("X-Wc-Webhook-Delivery-Id", "d1"), ("Ünï", "\u{1}ναι\u{7f}"),
        ]
        let source = try Vendor.woocommerce.source()
        let draft = try #require(judge(request, source).accepted)
        let meta = try #require(draft.body?.parts).meta
        #expect(
            meta == #"{"request":{"headers":[["x-wc-WEBHOOK-topic","order.updated"],"#
                + #"["Via","1.1 a"],["B","quo\"te"],["via","1.1 b"],["Via","1.1 a"],"#
                + #"["X-WC-Webhook-Signature","\#(signature)"],["X-Wc-Webhook-Delivery-Id","d1"],"#
                + #"["Ünï","\u0001ναι\#u{7f}"]],"method":"POST","target":"/hooks/shop?a=%2F&b"}}"#
        )
        #expect(draft.id == "d1")
        #expect(draft[.datacontenttype] == nil)
    }

    @Test("the meta is canonical JSON", arguments: Vendor.allCases)
    func canonicalMeta(vendor: Vendor) throws {
        let draft = try #require(judge(try vendor.request(), try vendor.source()).accepted)
        let meta = Array(try #require(draft.body?.parts).meta.utf8)
        var parser = JSONParser()
        #expect(try parser.canonicalized(meta.span) == meta)
    }

    @Test(
        "credentials are not recorded, in whatever case their header is",
        arguments: [
            "Authorization", "PROXY-AUTHORIZATION", "cookie", "Set-Cookie", "x-api-KEY", "Api-Key",
            "X-Auth-Token", "X-Access-Token", "X-CSRF-Token",
        ]
    )
    func redaction(name: String) throws {
        var request = try Vendor.shopify.request()
        request.headers.append((name, "hunter2"))
        request.headers.append((name, "hunter3"))
        let record = try #require(judge(request, try Vendor.shopify.source()).accepted?.body)
        let meta = try #require(record.parts).meta
        #expect(meta.components(["\(name)", "[redacted]"]) == 2)
        #expect(!String(decoding: record.record, as: UTF8.self).contains("hunter"))
    }

    @Test("the order and the case of header names mean nothing", arguments: Vendor.allCases)
    func headerForms(vendor: Vendor) throws {
        var request = try vendor.request()
        request.headers.reverse()
        request.headers = request.headers.map { ($0.name.uppercased(), $0.value) }
        let verdict = judge(request, try vendor.source())
        #expect(verdict.accepted?.id == "evt_1", "\(verdict.summary)")
        #expect(verdict.accepted?[.datacontenttype] == "application/json")
    }

    @Test("a name's alias is as good, and both at once if they agree")
    func aliases() throws {
        var shopify = try Vendor.shopify.request()
        shopify.headers = shopify.headers.map {
            ($0.name.replacing("X-Shopify-", with: "Shopify-"), $0.value)
        }
        #expect(judge(shopify, try Vendor.shopify.source()).accepted?.id == "evt_1")
        var standard = try Vendor.standard.request()
        for header in standard.headers where header.name.hasPrefix("webhook-") {
            standard.headers.append(
                (header.name.replacing("webhook-", with: "svix-"), header.value)
            )
        }
        #expect(judge(standard, try Vendor.standard.source()).accepted?.id == "evt_1")
        standard.headers.removeAll { $0.name.hasPrefix("webhook-") }
        #expect(judge(standard, try Vendor.standard.source()).accepted?.id == "evt_1")
    }

    @Test("headers far down the list are found")
    func manyHeaders() throws {
        var request = try Vendor.standard.request()
        let noise = (0..<40_000).map { ("x-noise-\($0)", "") }
        request.headers.insert(contentsOf: noise, at: 0)
        let verdict = judge(request, try Vendor.standard.source())
        #expect(verdict.accepted?.id == "evt_1", "\(verdict.summary)")
    }
}

extension String {
    /// How often these two stand next to each other as an array of JSON.
    fileprivate func components(_ pair: [String]) -> Int {
        ranges(of: "[\"\(pair[0])\",\"\(pair[1])\"]").count
    }
}
