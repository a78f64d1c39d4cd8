import Bytes
import Digest
import Foundation

/// The configured sources of a trial, and their secrets.
enum Sources {
    static let stripe = "whsec_stripe"
    static let woocommerce = "woocommerce-secret"
    static let shopify = "shopify-secret"
    static let standard = "whsec_" + Base64.encode(Array("0123456789abcdef01234567".utf8).span)

    static let configuration = """
        origin: shop.example.com/log
        reads: unrecorded
        sources:
          stripe:      { provider: stripe, secrets: ["plain:\(stripe)"] }
          woocommerce: { provider: woocommerce, secrets: ["plain:\(woocommerce)"] }
          shopify:     { provider: shopify, secrets: ["plain:\(shopify)"] }
          oms:         { provider: standard, secrets: ["plain:\(standard)"] }

        """
}

/// The HMAC-SHA256 of a message.
func hmac(_ key: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var mac = HMACKey(.sha256, key: key.span).start()
    mac.update(message.span)
    return mac.finish()
}

func base64(_ bytes: [UInt8]) -> String { Base64.encode(bytes.span) }

/// Seconds since 1970.
var now: Int { Int(Date().timeIntervalSince1970) }

extension Request {
    /// A Stripe event of a payment, signed as Stripe signs.
    static func stripe(
        id: String,
        amount: Int = 1999,
        secret: String = Sources.stripe,
        at time: Int = now
    ) -> Request {
        let body =
            #"{"id":"\#(id)","object":"event","created":1760000000,"type":"charge.succeeded","#
            + #""data":{"object":{"id":"ch_\#(id)","object":"charge","amount":\#(amount)}}}"#
        return .stripe(Array(body.utf8), secret: secret, at: time)
    }

    /// Any bytes, signed as Stripe signs.
    static func stripe(
        _ body: [UInt8],
        secret: String = Sources.stripe,
        at time: Int = now
    ) -> Request {
        let mac = hmac(Array(secret.utf8), Array("\(time).".utf8) + body)
        return Request(
            target: "/hooks/stripe",
            headers: [
                ("Content-Type", "application/json"),
                ("Stripe-Signature", "t=\(time),v1=\(Hex.encode(mac.span))"),
            ],
            body: body
        )
    }

    /// A message of an in-house system, signed by Standard Webhooks.
    static func standard(
        id: String,
        _ body: String = #"{"type":"order.paid","data":{"order":"1001"}}"#,
        at time: Int = now
    ) -> Request {
        let key = Base64.decode(Array(Sources.standard.utf8.dropFirst(6)).span) ?? []
        let mac = hmac(key, Array("\(id).\(time).\(body)".utf8))
        return Request(
            target: "/hooks/oms",
            headers: [
                ("Content-Type", "application/json"), ("webhook-id", id),
                ("webhook-timestamp", "\(time)"), ("webhook-signature", "v1,\(base64(mac))"),
            ],
            body: Array(body.utf8)
        )
    }

    /// An order of a WooCommerce shop.
    static func woocommerce(delivery: String, secret: String = Sources.woocommerce) -> Request {
        let body = Array(#"{"id":1001,"date_modified_gmt":"2026-01-02T03:04:05"}"#.utf8)
        return Request(
            target: "/hooks/woocommerce",
            headers: [
                ("Content-Type", "application/json"), ("X-WC-Webhook-Topic", "order.updated"),
                ("X-WC-Webhook-Delivery-ID", delivery),
                ("X-WC-Webhook-Signature", base64(hmac(Array(secret.utf8), body))),
            ],
            body: body
        )
    }

    /// An order of a Shopify shop.
    static func shopify(event: String) -> Request {
        let body = Array(#"{"id":820982911946154508,"total_price":"409.94"}"#.utf8)
        return Request(
            target: "/hooks/shopify",
            headers: [
                ("Content-Type", "application/json"), ("X-Shopify-Topic", "orders/paid"),
                ("X-Shopify-Event-Id", event),
                ("X-Shopify-Triggered-At", "2026-01-02T03:04:05.678Z"),
                ("X-Shopify-Hmac-SHA256", base64(hmac(Array(Sources.shopify.utf8), body))),
            ],
            body: body
        )
    }
}
