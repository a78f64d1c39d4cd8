import Ledger
import Testing
import Webhooks

@Suite("WooCommerce's question")
struct HandshakeTests {
    static func question(
        _ body: String = "webhook_id=12",
        method: String = "POST",
        headers: [(name: String, value: String)] = [
            ("Content-Type", "application/x-www-form-urlencoded")
        ]
    ) -> InboundRequest {
        InboundRequest(
            method: method,
            target: "/hooks/shop",
            headers: headers,
            body: Array(body.utf8)
        )
    }

    @Test("it is answered with 200 and recorded as unauthenticated")
    func handshake() throws {
        let verdict = judge(Self.question(), try Vendor.woocommerce.source())
        guard case .handshake(let draft, let answer) = verdict else {
            Issue.record("\(verdict.summary)")
            return
        }
        #expect(answer == Answer(status: 200))
        #expect(answer.contentType == nil)
        #expect(draft[.type] == "webhook.handshake")
        #expect(draft[.kind] == "webhook")
        #expect(draft[.provider] == "woocommerce")
        #expect(draft[.authtype] == "none")
        #expect(draft[.authid] == nil && draft[.subject] == nil && draft[.time] == nil)
        #expect(isUUIDv7(draft.id))
        #expect(try #require(draft.body?.parts).content == Array("webhook_id=12".utf8))
        #expect(verdict.isRateBounded)
        #expect(verdict.drafts.count == 1)
    }

    @Test("any number of digits within 4 KiB will do", arguments: [1, 4085])
    func digits(count: Int) throws {
        let verdict = judge(
            Self.question("webhook_id=" + String(repeating: "9", count: count), headers: []),
            try Vendor.woocommerce.source()
        )
        #expect(verdict.summary == "200 handshake")
    }

    static let others = [
        "", "webhook_id=", "webhook_id", "webhook_id=12a", "webhook_id=-1", "webhook_id=1 ",
        "webhook_id=1\n", " webhook_id=1", "webhook_id=1&a=b", "webhook_id=1&webhook_id=2",
        "Webhook_id=1", "webhook_id=１", "webhook_id=%", "{\"webhook_id\":1}",
        "webhook_id=" + String(repeating: "1", count: 4086),
    ]

    @Test("another body is no question", arguments: others)
    func otherBody(body: String) throws {
        let verdict = judge(Self.question(body), try Vendor.woocommerce.source())
        #expect(
            verdict.summary == "401 missing-header: header x-wc-webhook-signature is missing"
        )
    }

    @Test("another method is none", arguments: ["GET", "PUT", "post", ""])
    func otherMethod(method: String) throws {
        let verdict = judge(Self.question(method: method), try Vendor.woocommerce.source())
        #expect(verdict.refusal?.word == .missingHeader)
    }

    @Test(
        "with a header of a real webhook it is none",
        arguments: ["X-WC-Webhook-Topic", "x-wc-webhook-signature", "X-Wc-", "x-wc-anything"]
    )
    func ownHeader(name: String) throws {
        let request = Self.question(headers: [("Accept", "*/*"), (name, "AAAA")])
        let verdict = judge(request, try Vendor.woocommerce.source())
        #expect(verdict.refusal?.status == 401, "\(verdict.summary)")
    }

    @Test("a header that only looks like one of a webhook's does no harm")
    func otherHeader() throws {
        let request = Self.question(headers: [("X-WC", "a"), ("XX-WC-Topic", "b"), ("x_wc_", "c")])
        #expect(judge(request, try Vendor.woocommerce.source()).summary == "200 handshake")
    }

    @Test("no other provider takes it", arguments: Vendor.allCases.filter { $0 != .woocommerce })
    func otherProviders(vendor: Vendor) throws {
        let verdict = judge(Self.question(), try vendor.source())
        #expect(verdict.refusal?.word == .missingHeader)
    }
}
