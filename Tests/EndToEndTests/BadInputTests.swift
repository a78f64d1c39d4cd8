import Foundation
import Testing

@Suite("Bad input over HTTP") struct BadInputTests {
    /// A request, how it is answered, and the word that its rejection is recorded with.
    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let status: Int
        let reason: String
        let request: @Sendable () -> Request

        init(
            _ name: String,
            _ status: Int,
            _ reason: String,
            _ request: @escaping @Sendable () -> Request
        ) {
            self.name = name
            self.status = status
            self.reason = reason
            self.request = request
        }

        var testDescription: String { name }
    }

    private static func stripe(_ body: String) -> Request { .stripe(Array(body.utf8)) }
    private static let mac = String(repeating: "0", count: 64)

    static let contents = [
        Case("not JSON", 400, "not-json: ") { stripe("hello") },
        Case("half of JSON", 400, "not-json: ") { stripe(#"{"id":"evt_1","type":"a""#) },
        Case("two documents", 400, "not-json: ") { stripe(#"{"id":"evt_1","type":"a"} {}"#) },
        Case("an empty body", 400, "not-json: ") { stripe("") },
        Case("only white space", 400, "not-json: ") { stripe(" \r\n\t") },
        Case("a byte order mark", 400, "not-json: ") { stripe("\u{feff}{}") },
        Case("not UTF-8", 400, "not-json: ") {
            .stripe(Array(#"{"id":"evt_1","type":"caf"#.utf8) + [0xe9] + Array(#""}"#.utf8))
        },
        Case("half of a surrogate pair", 400, "not-json: ") {
            stripe(#"{"id":"evt_1","type":"\ud800"}"#)
        },
        Case("65 levels", 400, "too-deep: ") {
            stripe(String(repeating: "[", count: 65) + String(repeating: "]", count: 65))
        },
        Case("a million brackets", 400, "too-deep: ") {
            stripe(String(repeating: "[", count: 1_000_000))
        },
        Case("an array", 400, "missing-id: ") { stripe("[]") },
        Case("a number", 400, "missing-id: ") { stripe("7") },
        Case("no id", 400, "missing-id: ") { stripe(#"{"type":"a"}"#) },
        Case("an empty id", 400, "missing-id: ") { stripe(#"{"id":"","type":"a"}"#) },
        Case("an object as id", 400, "missing-id: ") { stripe(#"{"id":{},"type":"a"}"#) },
        Case("no type", 400, "missing-type: ") { stripe(#"{"id":"evt_1"}"#) },
        Case("an overlong id", 400, "overlong-name: ") {
            stripe(#"{"id":"\#(String(repeating: "x", count: 257))","type":"a"}"#)
        },
        Case("a zero byte in the type", 400, "overlong-name: ") {
            stripe(#"{"id":"evt_1","type":"a\u0000"}"#)
        },
    ]

    static let signatures = [
        Case("no signature", 401, "missing-header: ") {
            Request.stripe(id: "evt_1").without("stripe-signature")
        },
        Case("an empty signature", 401, "missing-signature: ") {
            Request.stripe(id: "evt_1").with("Stripe-Signature", "")
        },
        Case("a time without a signature", 401, "missing-signature: ") {
            Request.stripe(id: "evt_1").with("Stripe-Signature", "t=\(now)")
        },
        Case("a signature without a time", 401, "malformed-timestamp: ") {
            Request.stripe(id: "evt_1").with("Stripe-Signature", "v1=\(mac)")
        },
        Case("two times", 401, "malformed-timestamp: ") {
            let request = Request.stripe(id: "evt_1")
            return request.with(
                "Stripe-Signature",
                "t=1," + request.value("Stripe-Signature")
            )
        },
        Case("a time that is none", 401, "malformed-timestamp: ") {
            Request.stripe(id: "evt_1").with("Stripe-Signature", "t=soon,v1=\(mac)")
        },
        Case("a signature that is not hex", 401, "malformed-signature: ") {
            Request.stripe(id: "evt_1").with("Stripe-Signature", "t=\(now),v1=xyz")
        },
        Case("another's signature", 401, "signature-mismatch: ") {
            .stripe(id: "evt_1", secret: "whsec_other")
        },
        Case("a signature of another scheme", 401, "missing-signature: ") {
            let request = Request.stripe(id: "evt_1")
            let value = request.value("Stripe-Signature")
            return request.with(
                "Stripe-Signature",
                value.replacing(",v1=", with: ",v0=")
            )
        },
        Case("a body that was changed on the way", 401, "signature-mismatch: ") {
            var request = Request.stripe(id: "evt_1")
            request.body = Request.stripe(id: "evt_2").body
            return request
        },
        Case("the signature header twice", 401, "doubled-header: ") {
            let request = Request.stripe(id: "evt_1")
            return request.adding("STRIPE-SIGNATURE", request.value("Stripe-Signature"))
        },
        Case("65 signatures", 401, "malformed-signature: ") {
            Request.stripe(id: "evt_1").with(
                "Stripe-Signature",
                "t=\(now)" + String(repeating: ",v1=\(mac)", count: 65)
            )
        },
        Case("base64 that is none", 401, "malformed-signature: ") {
            Request.standard(id: "msg_1").with("webhook-signature", "v1,!!!")
        },
        Case("base64 without its padding", 401, "malformed-signature: ") {
            let request = Request.standard(id: "msg_1")
            let value = String(request.value("webhook-signature").dropLast())
            return request.with("webhook-signature", value)
        },
        Case("two message ids", 401, "doubled-header: ") {
            Request.standard(id: "msg_1").adding("webhook-id", "msg_1")
        },
        Case("a message id and another under its alias", 401, "conflicting-headers: ") {
            Request.standard(id: "msg_1").adding("svix-id", "msg_2")
        },
        Case("two topics", 400, "doubled-header: ") {
            Request.shopify(event: "e1").adding("X-Shopify-Topic", "orders/paid")
        },
        Case("PayPal's header at a shop", 401, "missing-header: ") {
            Request.woocommerce(delivery: "d1").without("x-wc-webhook-signature")
        },
    ]

    static let times = [
        Case("Stripe's time, 10 minutes old", 401, "timestamp-too-old: ") {
            .stripe(id: "evt_1", at: now - 600)
        },
        Case("Standard's time, 10 minutes old", 401, "timestamp-too-old: ") {
            .standard(id: "msg_1", at: now - 600)
        },
        Case("Standard's time, 10 minutes ahead", 401, "timestamp-too-new: ") {
            .standard(id: "msg_1", at: now + 600)
        },
    ]

    @Test(
        "is answered clearly, recorded with its reason, and the server lives on",
        arguments: contents + signatures + times
    )
    func rejected(_ bad: Case) throws {
        try withTrial { trial in
            let server = try trial.serve()
            let request = bad.request()
            let answer = try server.send(request)
            #expect(answer.status == bad.status, "\(answer)")
            // The reason is for the log's readers: it could tell a forger what to mend.
            #expect(answer.text == "", "\(answer)")
            let rejected = try trial.log("--outcome", "rejected")
            #expect(rejected.count == 1)
            #expect(rejected.first?["reason"]?.hasPrefix(bad.reason) == true, "\(rejected)")
            #expect(rejected.first?["source"] == String(request.target.dropFirst(7)))
            if request.body.count <= 16 << 10 {
                #expect(try trial.daybook("show", "1", "--body").bytes == request.body)
            }
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            #expect(try server.send(.standard(id: "msg_1")).status == 200)
            #expect(try trial.log("--outcome", "accepted", "--kind", "webhook").count == 2)
            #expect(try trial.isSound())
        }
    }

    @Test("a forged request does not keep out the real event with its id")
    func forged() throws {
        try withTrial { trial in
            let server = try trial.serve()
            for _ in 1...3 {
                let forged = try server.send(.stripe(id: "evt_1", secret: "whsec_other"))
                #expect(forged.status == 401)
            }
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            let outcomes = try trial.log("--source", "stripe").map { $0["outcome"] }
            #expect(outcomes == ["rejected", "rejected", "rejected", "accepted"])
        }
    }

    @Test("Stripe's time may lie ahead, as in Stripe's own libraries")
    func ahead() throws {
        try withTrial { trial in
            let server = try trial.serve()
            #expect(try server.send(.stripe(id: "evt_1", at: now + 600)).status == 200)
        }
    }

    @Test("a time is accepted within its tolerance", arguments: [-290, 290])
    func tolerated(seconds: Int) throws {
        try withTrial { trial in
            let server = try trial.serve()
            #expect(try server.send(.standard(id: "m", at: now + seconds)).status == 200)
        }
    }

    @Test("64 levels are accepted")
    func deep() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let nest = String(repeating: "[", count: 63) + String(repeating: "]", count: 63)
            let body = #"{"id":"evt_1","type":"a","data":\#(nest)}"#
            #expect(try server.send(.stripe(Array(body.utf8))).status == 200)
        }
    }

    @Test("what the signature vouches for is accepted whatever its media type says")
    func mediaType() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let request = Request.stripe(id: "evt_1").with("Content-Type", "text/html")
            #expect(try server.send(request).status == 200)
            #expect(try trial.log("--source", "stripe").first?["datacontenttype"] == "text/html")
        }
    }
}
