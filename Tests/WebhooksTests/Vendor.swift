import Bytes
import Webhooks

/// The five providers as senders: what they send, and how they sign it.
enum Vendor: String, CaseIterable, Sendable {
    case paypal, shopify, standard, stripe, woocommerce

    /// Those that sign with a shared secret.
    static let sharing: [Vendor] = [.shopify, .standard, .stripe, .woocommerce]

    static let webhookID = "4JH86294D6297924G"
    static let certificateURL = "https://api.paypal.com/v1/notifications/certs/CERT-360caa42"

    /// The secret as the provider shows it.
    var secret: String {
        switch self {
        case .paypal: ""
        case .shopify: "shpss_0123456789abcdef"
        case .standard: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
        case .stripe: "whsec_stripeSecretTakenAsItIs"
        case .woocommerce: "wc secret with spaces & <signs>"
        }
    }

    /// A source named `shop` with the secret live.
    func source(_ more: String = "") throws -> Source {
        let entry =
            self == .paypal
            ? "webhook_id: env:PAYPAL_ID, certificates: [file:paypal.pem]"
            : "secrets: [env:SECRET]"
        return try WebhooksTests.source(
            "shop: { provider: \(rawValue), \(entry)\(more) }",
            [
                "env:SECRET": secret, "env:PAYPAL_ID": Self.webhookID,
                "file:paypal.pem": try Identity.payPal.get().pem,
            ]
        )
    }

    /// A body as the provider sends it, with the id `evt_1` where ids stand in bodies.
    var body: String {
        switch self {
        case .paypal:
            #"{"id":"evt_1","create_time":"2026-03-02T10:16:20.5Z","resource_type":"capture","#
                + #""event_type":"PAYMENT.CAPTURE.COMPLETED","resource":{"id":"42311647XV020574X"}}"#
        case .shopify:
            #"{"id":820982911946154508,"updated_at":"2026-03-02T12:16:20+02:00","note":"ναι \/ \u0000"}"#
        case .standard:
            #"{"type":"order.paid","timestamp":"2026-03-02T10:16:20.120Z","data":{"order":"SO-7"}}"#
        case .stripe:
            #"{"id":"evt_1","object":"event","created":1772446580,"type":"payment_intent.succeeded","#
                + #""data":{"object":{"id":"pi_1","object":"payment_intent","amount":4200}}}"#
        case .woocommerce:
            #"{"id":727,"status":"processing","date_modified_gmt":"2026-03-02T10:16:20"}"#
        }
    }

    /// A request with all that the provider sends along, signed.
    func request(
        _ body: [UInt8]? = nil,
        secret: String? = nil,
        id: String = "evt_1",
        at time: Int = now - 10
    ) throws -> InboundRequest {
        let body = body ?? Array(self.body.utf8)
        let headers = try headers(body, secret ?? self.secret, id, time)
        return InboundRequest(
            method: "POST",
            target: "/hooks/shop",
            headers: [("Host", "log.example.com"), ("Content-Type", "application/json")] + headers,
            body: body
        )
    }

    func request(_ body: String) throws -> InboundRequest { try request(Array(body.utf8)) }

    /// The header that has the signature.
    var signatureHeader: String {
        switch self {
        case .paypal: "PAYPAL-TRANSMISSION-SIG"
        case .shopify: "X-Shopify-Hmac-Sha256"
        case .standard: "webhook-signature"
        case .stripe: "Stripe-Signature"
        case .woocommerce: "X-WC-Webhook-Signature"
        }
    }

    /// The code that a shared secret makes for a webhook.
    func code(
        _ body: [UInt8],
        secret: String? = nil,
        id: String = "evt_1",
        at time: Int = now - 10
    ) -> [UInt8] {
        let secret = secret ?? self.secret
        switch self {
        case .standard:
            let key = Base64.decode(secret.dropFirst(6).utf8Span.span) ?? []
            return WebhooksTests.code(key, Array("\(id).\(time).".utf8), body)
        case .stripe: return WebhooksTests.code(Array(secret.utf8), Array("\(time).".utf8), body)
        default: return WebhooksTests.code(Array(secret.utf8), body)
        }
    }

    /// The signature's header for one code or, where the provider has them, several.
    func signature(_ codes: [UInt8]..., at time: Int = now - 10) -> String {
        switch self {
        case .standard: codes.map { "v1,\(base64($0))" }.joined(separator: " ")
        case .stripe:
            (["t=\(time)"] + codes.map { "v1=\(hex($0))" } + ["v0=00"]).joined(separator: ",")
        default: base64(codes[0])
        }
    }

    private func headers(
        _ body: [UInt8],
        _ secret: String,
        _ id: String,
        _ time: Int
    ) throws -> [(name: String, value: String)] {
        if self == .paypal { return try Self.payPalHeaders(body, id, time) }
        let code = code(body, secret: secret, id: id, at: time)
        let signature = (signatureHeader, signature(code, at: time))
        switch self {
        case .shopify:
            return [
                ("X-Shopify-Topic", "orders/paid"), ("X-Shopify-Event-Id", id),
                ("X-Shopify-Webhook-Id", "delivery-1"), signature,
                ("X-Shopify-Triggered-At", "2026-03-02T10:16:19.877041743Z"),
            ]
        case .standard:
            return [("webhook-id", id), ("webhook-timestamp", "\(time)"), signature]
        case .woocommerce:
            return [
                ("X-WC-Webhook-Topic", "order.updated"), ("X-WC-Webhook-ID", "12"), signature,
                ("X-WC-Webhook-Delivery-ID", id),
            ]
        default: return [signature]
        }
    }

    private static func payPalHeaders(
        _ body: [UInt8],
        _ id: String,
        _ time: Int
    ) throws -> [(name: String, value: String)] {
        let time = Timestamp(microseconds: Int64(time) * 1_000_000).short
        let message = "\(id)|\(time)|\(webhookID)|\(CRC32.checksum(body.span))"
        return [
            ("PAYPAL-TRANSMISSION-ID", id), ("PAYPAL-TRANSMISSION-TIME", time),
            (
                "PAYPAL-TRANSMISSION-SIG",
                base64(try Identity.payPal.get().sign(Array(message.utf8)))
            ),
            ("PAYPAL-CERT-URL", certificateURL), ("PAYPAL-AUTH-ALGO", "SHA256withRSA"),
        ]
    }
}
