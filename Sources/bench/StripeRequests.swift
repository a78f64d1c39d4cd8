import Bytes
import Digest
import Glibc

/// Makes HTTP requests with signed Stripe webhooks of 1 KiB.
///
/// Each has an event id that no other run has. They are made before the clock starts, so that
/// sending them costs the generator no more than a system call.
enum StripeRequests {
    /// Bytes of each webhook's body.
    static let bodyBytes = 1024

    /// Makes and signs requests to `path`; the key is the secret's text, as Stripe has it.
    static func make(
        count: Int,
        host: String,
        path: String,
        secret: String,
        now: Int
    ) -> RequestList {
        let run = Hex.encode(Random.fill(4).span)
        var body = Template(Self.body(run: run, now: now))
        let idHoles = body.holes(of: idHole)
        var request = Template(head(host: host, path: path, now: now))
        let signatureHole = request.holes(of: signatureHole)
        let bodyStart = request.text.count
        request.text += body.text

        let key = HMACKey(.sha256, key: secret.utf8Span.span)
        let signedPrefix = Array("\(now).".utf8)
        var all: [UInt8] = []
        all.reserveCapacity(count * request.text.count)
        var hex: [UInt8] = []
        for number in 0..<count {
            body.fill(idHoles, with: Array(Decimal.padded(UInt64(number), digits: 8).utf8))
            var code = key.start()
            code.update(signedPrefix.span)
            code.update(body.text.span)
            hex.removeAll(keepingCapacity: true)
            Hex.append(code.finish().span, to: &hex)
            request.fill(signatureHole, with: hex)
            request.fill([bodyStart], with: body.text)
            all.append(span: request.text.span)
        }
        return RequestList(all, length: request.text.count)
    }

    private static let idHole = "########"
    private static let signatureHole = String(repeating: "#", count: 64)

    private static func head(host: String, path: String, now: Int) -> String {
        """
        POST \(path) HTTP/1.1\r
        Host: \(host)\r
        User-Agent: Stripe/1.0 (+https://stripe.com/docs/webhooks)\r
        Content-Type: application/json; charset=utf-8\r
        Accept: */*; q=0.5, application/xml\r
        Cache-Control: no-cache\r
        Stripe-Signature: t=\(now),v1=\(signatureHole)\r
        Content-Length: \(bodyBytes)\r
        \r

        """
    }

    /// A `payment_intent.succeeded` in the layout that Stripe sends, with a description as filler.
    private static func body(run: String, now: Int) -> String {
        func text(_ description: String) -> String {
            """
            {
              "id": "evt_\(run)\(idHole)",
              "object": "event",
              "api_version": "2024-06-20",
              "created": \(now),
              "data": {
                "object": {
                  "id": "pi_\(run)\(idHole)",
                  "object": "payment_intent",
                  "amount": 4999,
                  "amount_received": 4999,
                  "currency": "eur",
                  "customer": "cus_Q2mNf0aXbYcZdE",
                  "description": "\(description)",
                  "latest_charge": "ch_\(run)\(idHole)",
                  "livemode": false,
                  "metadata": {
                    "order_id": "\(idHole)"
                  },
                  "payment_method_types": ["card"],
                  "status": "succeeded"
                }
              },
              "livemode": false,
              "pending_webhooks": 1,
              "request": {
                "id": "req_\(run)\(idHole)",
                "idempotency_key": null
              },
              "type": "payment_intent.succeeded"
            }
            """
        }
        let filler = bodyBytes - text("").utf8.count
        return text(String(repeating: "Two mugs, blue. ", count: 64).prefix(filler).description)
    }
}

/// Text with parts of fixed width that are filled in again and again.
private struct Template {
    var text: [UInt8]

    init(_ text: String) { self.text = Array(text.utf8) }

    /// Where `mark` stands.
    func holes(of mark: String) -> [Int] {
        let mark = Array(mark.utf8)
        var found: [Int] = []
        var at = 0
        while at + mark.count <= text.count {
            if text[at..<at + mark.count].elementsEqual(mark) {
                found.append(at)
                at += mark.count
            } else {
                at += 1
            }
        }
        return found
    }

    mutating func fill(_ holes: [Int], with value: [UInt8]) {
        for hole in holes { text.replaceSubrange(hole..<hole + value.count, with: value) }
    }
}
