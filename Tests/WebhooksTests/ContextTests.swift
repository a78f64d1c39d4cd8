import Ledger
import Testing
import Webhooks

@Suite("what is recorded beside")
struct ContextTests {
    static let trace = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"

    @Test("a traceparent of version 00 is recorded")
    func traceparent() throws {
        var request = try Vendor.stripe.request()
        request.headers.append(("Traceparent", Self.trace))
        let draft = try #require(judge(request, try Vendor.stripe.source()).accepted)
        #expect(draft[.traceparent] == Self.trace)
    }

    @Test(
        "another traceparent is left out and does no harm",
        arguments: [
            "", "00", trace + "-00", "01" + trace.dropFirst(2), trace.uppercased(),
            "00-00000000000000000000000000000000-b7ad6b7169203331-01",
            "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
            "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01",
        ]
    )
    func otherTraceparent(text: String) throws {
        var request = try Vendor.stripe.request()
        request.headers.append(("traceparent", text))
        let draft = try #require(judge(request, try Vendor.stripe.source()).accepted)
        #expect(draft[.traceparent] == nil)
    }

    @Test("what decides nothing is left out when it is doubled")
    func doubled() throws {
        var request = try Vendor.stripe.request()
        request.headers.append(("content-type", "application/json"))
        request.headers += [("traceparent", Self.trace), ("Traceparent", Self.trace)]
        let draft = try #require(judge(request, try Vendor.stripe.source()).accepted)
        #expect(draft[.datacontenttype] == nil)
        #expect(draft[.traceparent] == nil)
    }

    @Test("a media type is kept up to 512 bytes", arguments: [(512, true), (513, false)])
    func mediaType(count: Int, isKept: Bool) throws {
        var request = try Vendor.stripe.request()
        let type = String(repeating: "a", count: count)
        request["content-type"] = type
        let draft = try #require(judge(request, try Vendor.stripe.source()).accepted)
        #expect(draft[.datacontenttype] == (isKept ? type : nil))
    }

    @Test("the line names a secret's reference and never its value")
    func references() throws {
        let secret = Vendor.stripe.secret
        let request = try Vendor.stripe.request()
        for (reference, shown) in [
            ("env:STRIPE_SECRET", "env:STRIPE_SECRET"), ("file:keys/stripe", "file:keys/stripe"),
            ("plain:\(secret)", "plain"),
        ] {
            let source = try source(
                "shop: { provider: stripe, secrets: [\"\(reference)\"] }",
                ["env:STRIPE_SECRET": secret, "file:keys/stripe": secret]
            )
            let draft = try #require(judge(request, source).accepted)
            #expect(draft[.authid] == shown)
            #expect(!"\(draft)".contains(secret))
        }
    }

    @Test("one secret may stand without a list")
    func oneSecret() throws {
        let source = try source(
            "shop: { provider: stripe, secrets: env:S }",
            ["env:S": Vendor.stripe.secret]
        )
        #expect(judge(try Vendor.stripe.request(), source).accepted?[.authid] == "env:S")
    }

    @Test("what is signed can be checked again from what is recorded", arguments: Vendor.sharing)
    func again(vendor: Vendor) throws {
        let draft = try #require(judge(try vendor.request(), try vendor.source()).accepted)
        let parts = try #require(draft.body?.parts)
        let recorded = try InboundRequest(meta: parts.meta, content: parts.content)
        #expect(judge(recorded, try vendor.source(), at: now).accepted?.id == "evt_1")
    }
}

extension InboundRequest {
    /// The request that a body's record tells of.
    fileprivate init(meta: String, content: [UInt8]) throws {
        let request = try #require(RecordedRequest(meta))
        self.init(
            method: request.method,
            target: request.target,
            headers: request.headers.map { ($0[0], $0[1]) },
            body: content
        )
    }
}
