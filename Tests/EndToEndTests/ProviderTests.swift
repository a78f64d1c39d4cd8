import Bytes
import Foundation
import Testing

@Suite("Providers") struct ProviderTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let request: Request
        let expected: [String: String]
    }

    static let cases = [
        Case(
            testDescription: "stripe",
            request: .stripe(id: "evt_1"),
            expected: [
                "id": "evt_1", "type": "charge.succeeded", "subject": "charge:ch_evt_1",
                "time": "2025-10-09T08:53:20Z", "authtype": "hmac-sha256",
            ]
        ),
        Case(
            testDescription: "woocommerce",
            request: .woocommerce(delivery: "d1"),
            expected: [
                "id": "d1", "type": "order.updated", "subject": "order:1001",
                "time": "2026-01-02T03:04:05Z", "authtype": "hmac-sha256",
            ]
        ),
        Case(
            testDescription: "shopify",
            request: .shopify(event: "e1"),
            expected: [
                "id": "e1", "type": "orders/paid", "subject": "order:820982911946154508",
                "time": "2026-01-02T03:04:05.678Z", "authtype": "hmac-sha256",
            ]
        ),
        Case(
            testDescription: "standard",
            request: .standard(id: "msg_1"),
            expected: [
                "id": "msg_1", "type": "order.paid", "subject": "order:1001",
                "authtype": "hmac-sha256",
            ]
        ),
    ]

    @Test("a correctly signed webhook is accepted and named", arguments: cases)
    func accepted(_ one: Case) throws {
        try withTrial { trial in
            let server = try trial.serve()
            let answer = try server.send(one.request)
            #expect(answer.status == 200, "\(answer)")
            let event = try #require(try trial.log("--kind", "webhook").first)
            #expect(event["provider"] == one.testDescription)
            #expect(event["outcome"] == "accepted")
            for (name, value) in one.expected { #expect(event[name] == value, "\(name)") }
            #expect(try trial.daybook("show", "1", "--body").bytes == one.request.body)
        }
    }

    @Test(
        "Shopify's and Standard Webhooks' newer header names are known",
        arguments: [
            (Request.shopify(event: "e1"), "X-Shopify-", "Shopify-"),
            (Request.standard(id: "msg_1"), "webhook-", "svix-"),
        ]
    )
    func aliases(request: Request, old: String, new: String) throws {
        try withTrial { trial in
            var renamed = request
            renamed.headers = request.headers.map { name, value in
                (name.replacingOccurrences(of: old, with: new), value)
            }
            let server = try trial.serve()
            #expect(try server.send(renamed).status == 200)
        }
    }

    @Test("WooCommerce's unsigned ping is answered 200, and recorded as what it is")
    func ping() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let ping = Request(
                target: "/hooks/woocommerce",
                headers: [("Content-Type", "application/x-www-form-urlencoded")],
                body: Array("webhook_id=42".utf8)
            )
            #expect(try server.send(ping).status == 200)
            let event = try #require(try trial.log("--kind", "webhook").first)
            #expect(event["type"] == "webhook.handshake")
            #expect(event["authtype"] == "none")
            // It opens no way for others: what is not exactly a ping is refused.
            var other = ping
            other.body = Array("webhook_id=42&x=1".utf8)
            #expect(try server.send(other).status == 401)
            #expect(
                try server.send(ping.adding("X-WC-Webhook-Topic", "order.created")).status == 401
            )
        }
    }

    @Test("of two live secrets either is accepted, and the line says which")
    func rotation() throws {
        let configuration = """
            origin: shop.example.com/log
            sources:
              woocommerce: { provider: woocommerce, secrets: [file:new, env:WC_OLD] }

            """
        try withTrial(configuration: configuration) { trial in
            try trial.write("the new one\n", to: "ledger/new")
            trial.environment["WC_OLD"] = "the old one"
            let server = try trial.serve()
            for (delivery, secret) in [("d1", "the old one"), ("d2", "the new one")] {
                let request = Request.woocommerce(delivery: delivery, secret: secret)
                #expect(try server.send(request).status == 200)
            }
            let third = Request.woocommerce(delivery: "d3", secret: "the third one")
            #expect(try server.send(third).status == 401)
            let events = try trial.log("--source", "woocommerce")
            #expect(events.map { $0["authid"] } == ["env:WC_OLD", "file:new", nil])
            #expect(events.last?["reason"]?.contains("any of 2 secrets") == true)
        }
    }

    // MARK: - PayPal

    private static let payPalConfiguration = """
        origin: shop.example.com/log
        sources:
          paypal:
            provider: paypal
            webhook_id: plain:WH-1
            certificates: [file:paypal.pem]

        """

    /// A key and its certificate, made for one test.
    private func makeKey(_ trial: Trial) throws {
        let made = try trial.shell(
            "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=test "
                + "-keyout \(trial.root)/key.pem -out \(trial.ledger)/paypal.pem"
        )
        try #require(made.status == 0, "\(made)")
    }

    /// A capture, signed as PayPal signs.
    private func capture(_ trial: Trial, id: String = "WH-EVENT-1") throws -> Request {
        let body = Array(
            (#"{"id":"\#(id)","event_type":"PAYMENT.CAPTURE.COMPLETED","#
                + #""create_time":"2026-01-02T03:04:05.000Z","resource_type":"capture","#
                + #""resource":{"id":"42311647XV020574X"}}"#).utf8
        )
        let time = "2026-01-02T03:04:06Z"
        let checksum = CRC32.checksum(body.span)
        try trial.write("transmission|\(time)|WH-1|\(checksum)", to: "message")
        let signed = try trial.shell("openssl dgst -sha256 -sign key.pem message | base64 -w0")
        try #require(signed.status == 0, "\(signed)")
        return Request(
            target: "/hooks/paypal",
            headers: [
                ("Content-Type", "application/json"), ("PAYPAL-TRANSMISSION-ID", "transmission"),
                ("PAYPAL-TRANSMISSION-TIME", time), ("PAYPAL-AUTH-ALGO", "SHA256withRSA"),
                ("PAYPAL-CERT-URL", "https://api.paypal.com/v1/notifications/certs/CERT-1"),
                ("PAYPAL-TRANSMISSION-SIG", signed.output),
            ],
            body: body
        )
    }

    @Test("a webhook signed by PayPal's pinned certificate is accepted and named")
    func payPal() throws {
        try withTrial(configuration: Self.payPalConfiguration) { trial in
            try makeKey(trial)
            let server = try trial.serve()
            let request = try capture(trial)
            let answer = try server.send(request)
            #expect(answer.status == 200, "\(answer)")
            let event = try #require(try trial.log("--source", "paypal").first)
            let expected = [
                "id": "WH-EVENT-1", "type": "PAYMENT.CAPTURE.COMPLETED",
                "subject": "capture:42311647XV020574X", "time": "2026-01-02T03:04:05Z",
                "authtype": "rsa-x509", "authid": "certificate 1",
            ]
            for (name, value) in expected { #expect(event[name] == value, "\(name)") }
            #expect(try trial.isSound())
        }
    }

    @Test(
        "what does not fit PayPal's certificate is refused",
        arguments: [
            ("PAYPAL-TRANSMISSION-ID", "other", "signature-mismatch: "),
            ("PAYPAL-TRANSMISSION-TIME", "2026-01-02T03:04:07Z", "signature-mismatch: "),
            ("PAYPAL-TRANSMISSION-SIG", "AAAA", "signature-mismatch: "),
            ("PAYPAL-TRANSMISSION-SIG", "not base64", "malformed-signature: "),
            ("PAYPAL-AUTH-ALGO", "SHA1withRSA", "unknown-algorithm: "),
            ("PAYPAL-CERT-URL", "https://api.paypal.com.evil.example/cert", "certificate-url: "),
            ("PAYPAL-CERT-URL", "http://api.paypal.com/cert", "certificate-url: "),
            ("PAYPAL-CERT-URL", "https://api.paypal.com@evil.example/", "certificate-url: "),
        ]
    )
    func payPalForged(name: String, value: String, reason: String) throws {
        try withTrial(configuration: Self.payPalConfiguration) { trial in
            try makeKey(trial)
            let server = try trial.serve()
            let answer = try server.send(try capture(trial).with(name, value))
            #expect(answer.status == 401)
            let rejected = try trial.log("--outcome", "rejected")
            #expect(rejected.last?["reason"]?.hasPrefix(reason) == true, "\(rejected)")
            #expect(try server.send(try capture(trial)).status == 200)
        }
    }
}
