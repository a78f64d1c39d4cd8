import DaybookTesting
import Ledger
import Testing
import Webhooks

@Suite("rejected webhooks")
struct RejectedDraftTests {
    /// One request for each way to be refused.
    static let cases: [RefusedCase] =
        Vendor.allCases.flatMap { vendor in
            [
                RefusedCase(vendor, "a forged body", "") { $0.body.append(0x20) },
                RefusedCase(vendor, vendor.signatureHeader, [], ""),
                RefusedCase(vendor, vendor.signatureHeader, ["a", "b"], ""),
                RefusedCase(vendor, vendor.signatureHeader, ["*"], ""),
            ]
        } + [
            RefusedCase(.standard, "webhook-timestamp", ["x"], ""),
            RefusedCase(.paypal, "paypal-auth-algo", ["SHA1withRSA"], ""),
            RefusedCase(.paypal, "paypal-cert-url", ["http://paypal.com"], ""),
            RefusedCase(.shopify, "shopify-topic", ["x"], ""),
        ]

    @Test(
        "the line has an id of its own, the reason and nothing that was claimed",
        arguments: cases
    )
    func line(refused: RefusedCase) throws {
        let request = try refused.request()
        let source = try refused.vendor.source()
        let verdict = judge(request, source)
        let draft = try #require(verdict.rejected)
        let refusal = try #require(verdict.refusal)
        #expect(draft.outcome == .rejected)
        #expect(draft[.kind] == "webhook")
        #expect(draft.source == "shop")
        #expect(draft[.provider] == refused.vendor.rawValue)
        #expect(draft[.reason] == refusal.reason)
        #expect(refusal.reason == "\(refusal.word.rawValue): \(refusal.text)")
        #expect(draft[.subject] == nil && draft[.time] == nil && draft[.authid] == nil)
        #expect(isUUIDv7(draft.id), "\(draft.id)")
        #expect(judge(request, source).rejected?.id != draft.id)
        #expect(try #require(draft.body?.parts).content == request.body)
        #expect(verdict.isRateBounded)
        #expect(verdict.drafts.count == 1)
        // The reason is for the log: it would tell a forger what to try next.
        #expect(verdict.answer == Answer(status: refusal.status))
        #expect(verdict.answer?.body == [] && verdict.answer?.contentType == nil)
        #expect(
            !"\(draft)\(refusal)".contains(refused.vendor.secret) || refused.vendor.secret == ""
        )
    }

    @Test("a signature that fits does not make up for a bad body")
    func signed() throws {
        let draft = try #require(
            judge(try Vendor.stripe.request("{"), try Vendor.stripe.source()).rejected
        )
        #expect(draft.outcome == .rejected)
        #expect(draft[.reason]?.hasPrefix("not-json: ") == true)
    }

    @Test("a body is kept up to 16 KiB", arguments: [(16_384, true), (16_385, false)])
    func bodyLimit(count: Int, isKept: Bool) throws {
        var request = try Vendor.standard.request()
        request.body = [UInt8](repeating: 7, count: count)
        let draft = try #require(judge(request, try Vendor.standard.source()).rejected)
        #expect((draft.body != nil) == isKept)
        #expect(draft.body.map { $0.contentSize == count } ?? true)
    }

    @Test("the claimed type is kept if a header has a plain one")
    func claimedType() throws {
        for (claimed, kept) in [
            ("orders/paid", "orders/paid"), ("", "webhook.rejected"),
            ("two words", "webhook.rejected"), ("naïve", "webhook.rejected"),
            ("line\nend", "webhook.rejected"),
            (String(repeating: "a", count: 64), String(repeating: "a", count: 64)),
            (String(repeating: "a", count: 65), "webhook.rejected"),
        ] {
            var request = try Vendor.shopify.request()
            request["x-shopify-topic"] = claimed
            request.body = []
            let draft = try #require(judge(request, try Vendor.shopify.source()).rejected)
            #expect(draft[.type] == kept)
        }
    }

    @Test(
        "a type that stands in an unverified body is not read",
        arguments: [Vendor.paypal, .standard, .stripe]
    )
    func unreadType(vendor: Vendor) throws {
        var request = try vendor.request()
        request.body.append(0x20)
        let draft = try #require(judge(request, try vendor.source()).rejected)
        #expect(draft[.type] == "webhook.rejected")
    }

    @Test("credentials of rejected requests are not recorded either")
    func redaction() throws {
        var request = try Vendor.stripe.request()
        request["stripe-signature"] = "t=1"
        request.headers.append(("Authorization", "Bearer hunter2"))
        let draft = try #require(judge(request, try Vendor.stripe.source()).rejected)
        let meta = try #require(draft.body?.parts).meta
        #expect(meta.contains(#"["Authorization","[redacted]"]"#))
        #expect(!meta.contains("hunter2"))
    }

    @Test("a forger cannot keep the real event out, a redelivery takes effect once")
    func inTheLog() throws {
        let place = try TemporaryLedger()
        let ledger = try place.open(appends: true)
        let writer = try #require(ledger.writer)
        let source = try Vendor.standard.source()
        let real = try Vendor.standard.request()
        var forged = real
        forged.body.append(0x20)
        let other = try Vendor.standard.request(Array(#"{"type":"order.paid"}"#.utf8))
        var outcomes: [Outcome] = []
        for request in [forged, real, real, forged, other] {
            outcomes += try writer.append(judge(request, source).drafts).map(\.outcome)
        }
        #expect(outcomes == [.rejected, .accepted, .duplicate, .rejected, .conflict])
        ledger.close()
        #expect(try place.verify().findings == [])
    }
}
