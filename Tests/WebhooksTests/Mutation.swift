import DaybookTesting
import Webhooks

/// Spoils requests, in the same way for the same seed.
struct Mutation {
    private var chance: SeededChance

    init(seed: UInt64) { chance = SeededChance(seed: seed) }

    /// Header names that some provider reads, and some that none does.
    private static let names = [
        "webhook-id", "svix-id", "WEBHOOK-SIGNATURE", "svix-signature", "webhook-timestamp",
        "Stripe-Signature", "x-shopify-topic", "shopify-hmac-sha256", "X-Shopify-Hmac-Sha256",
        "x-shopify-event-id", "X-WC-Webhook-Signature", "x-wc-webhook-topic",
        "x-wc-webhook-delivery-id", "paypal-cert-url", "PAYPAL-AUTH-ALGO", "traceparent",
        "content-type", "Cookie", "", "x-unknown", "ünï",
    ]
    /// Pieces that mean something somewhere.
    private static let pieces = [
        "v1,", "v1=", "v0=", "v1a,", "t=", ",", " ", "=", ".", "|", "-", "0", "1", "A", "a", "/",
        "+", "\t", "\u{0}", "\u{301}", "ﬃ", "K", "evt_1", "SHA256withRSA", "https://",
        "paypal.com", "1772446590", "999999999999999999999", "{\"id\":\"evt_1\"}", "webhook_id=1",
    ]

    /// Changes one to four things.
    mutating func spoil(_ request: inout InboundRequest) {
        for _ in 0..<Int.random(in: 1...4, using: &chance) {
            if Bool.random(using: &chance) {
                spoilBody(&request.body)
            } else {
                spoilHeaders(&request)
            }
        }
    }

    /// Changes bytes of a text that is not empty.
    mutating func spoilBody(_ body: inout [UInt8]) {
        let at = body.isEmpty ? 0 : Int.random(in: body.indices, using: &chance)
        switch Int.random(in: 0..<7, using: &chance) {
        case 0 where !body.isEmpty: body[at] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
        case 1: body.insert(.random(in: 0...255, using: &chance), at: at)
        case 2 where !body.isEmpty: body.remove(at: at)
        case 3: body.removeSubrange(at...)
        case 4: body.insert(contentsOf: piece().utf8, at: at)
        case 5: body += body[at...]
        default:
            let count = Int.random(in: 0..<40, using: &chance)
            body = (0..<count).map { _ in .random(in: 0...255, using: &chance) }
        }
    }

    private mutating func spoilHeaders(_ request: inout InboundRequest) {
        guard let at = request.headers.indices.randomElement(using: &chance) else { return }
        switch Int.random(in: 0..<11, using: &chance) {
        case 0: request.headers[at].value = spoiled(request.headers[at].value)
        case 1: request.headers[at].value = ""
        case 2: request.headers.remove(at: at)
        case 3: request.headers.append(request.headers[at])
        case 4: request.headers[at].name = spoiled(request.headers[at].name)
        case 5: request.headers.append((name(), request.headers[at].value))
        case 6: request.headers.insert((name(), piece()), at: at)
        case 7:
            let count = Int.random(in: 1..<100, using: &chance)
            request.headers[at].value = String(
                repeating: request.headers[at].value + ",",
                count: count
            )
        case 8: request.method = spoiled(request.method)
        default: disturb(&request)
        }
    }

    /// Changes only what means nothing.
    mutating func disturb(_ request: inout InboundRequest) {
        switch Int.random(in: 0..<4, using: &chance) {
        case 0: request.headers.shuffle(using: &chance)
        case 1:
            request.headers = request.headers.map { header in
                let upper = Bool.random(using: &chance)
                return (upper ? header.name.uppercased() : header.name.lowercased(), header.value)
            }
        case 2: request.headers.insert(("X-Forwarded-\(piece().count)", piece()), at: 0)
        default: request.target += piece()
        }
    }

    /// A request of which nothing is right.
    mutating func garbage() -> InboundRequest {
        let count = Int.random(in: 0..<12, using: &chance)
        var body = Array(piece().utf8)
        spoilBody(&body)
        return InboundRequest(
            method: Int.random(in: 0..<4, using: &chance) == 0 ? piece() : "POST",
            target: piece(),
            headers: (0..<count).map { _ in (name(), text()) },
            body: body
        )
    }

    private mutating func text() -> String {
        (0..<Int.random(in: 0..<6, using: &chance)).map { _ in piece() }.joined()
    }

    private mutating func spoiled(_ text: String) -> String {
        var scalars = Array(text.unicodeScalars)
        let at = scalars.isEmpty ? 0 : Int.random(in: scalars.indices, using: &chance)
        switch Int.random(in: 0..<3, using: &chance) {
        case 0 where !scalars.isEmpty: scalars.remove(at: at)
        case 1 where !scalars.isEmpty: scalars[at] = piece().unicodeScalars.first ?? "x"
        default: scalars.insert(contentsOf: piece().unicodeScalars, at: at)
        }
        return String(String.UnicodeScalarView(scalars))
    }

    private mutating func name() -> String { Self.names.randomElement(using: &chance) ?? "" }

    private mutating func piece() -> String { Self.pieces.randomElement(using: &chance) ?? "" }
}
