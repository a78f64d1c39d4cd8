import Ledger
import Testing
import Webhooks

@Suite("refused headers")
struct RefusedHeaderTests {
    /// The headers without which nothing can be checked.
    static let needed: [Vendor: [String]] = [
        .paypal: [
            "paypal-auth-algo", "paypal-cert-url", "paypal-transmission-id",
            "paypal-transmission-sig", "paypal-transmission-time",
        ],
        .shopify: ["x-shopify-hmac-sha256"],
        .standard: ["webhook-id", "webhook-signature", "webhook-timestamp"],
        .stripe: ["stripe-signature"],
        .woocommerce: ["x-wc-webhook-signature"],
    ]
    /// The headers that are read once the signature is known to fit.
    static let unsigned: [Vendor: [String]] = [
        .shopify: [
            "x-shopify-event-id", "x-shopify-topic", "x-shopify-triggered-at",
            "x-shopify-webhook-id",
        ],
        .woocommerce: ["x-wc-webhook-delivery-id", "x-wc-webhook-topic"],
    ]

    static func pairs(_ table: [Vendor: [String]]) -> [(Vendor, String)] {
        Vendor.allCases.flatMap { vendor in (table[vendor] ?? []).map { (vendor, $0) } }
    }

    @Test("a header that the signature needs is missing", arguments: pairs(needed))
    func missing(vendor: Vendor, name: String) throws {
        var request = try vendor.request()
        request[name] = nil
        let verdict = judge(request, try vendor.source())
        #expect(verdict.summary == "401 missing-header: header \(name) is missing")
    }

    @Test("a header that the signature needs appears twice", arguments: pairs(needed))
    func doubled(vendor: Vendor, name: String) throws {
        for value in ["", try #require(try vendor.request()[name])] {
            var request = try vendor.request()
            request.headers.append((name.uppercased(), value))
            let verdict = judge(request, try vendor.source())
            #expect(verdict.summary == "401 doubled-header: header \(name) appears twice")
        }
    }

    @Test("a header that is only read appears twice", arguments: pairs(unsigned))
    func doubledUnsigned(vendor: Vendor, name: String) throws {
        for value in ["", try #require(try vendor.request()[name])] {
            var request = try vendor.request()
            request.headers.insert((name, value), at: 0)
            let verdict = judge(request, try vendor.source())
            #expect(verdict.summary == "400 doubled-header: header \(name) appears twice")
        }
    }

    static let conflicts = [
        (Vendor.standard, "webhook-signature", "svix-signature", 401),
        (.standard, "webhook-id", "SVIX-ID", 401),
        (.standard, "webhook-timestamp", "svix-timestamp", 401),
        (.shopify, "x-shopify-hmac-sha256", "Shopify-Hmac-Sha256", 401),
        (.shopify, "x-shopify-topic", "shopify-topic", 400),
        (.shopify, "x-shopify-event-id", "shopify-event-id", 400),
    ]

    @Test("a header and its alias disagree", arguments: conflicts)
    func conflicting(vendor: Vendor, name: String, alias: String, status: Int) throws {
        let text = "conflicting-headers: header \(name) and its alias have different values"
        for index in [0, 3, 99] {
            var request = try vendor.request()
            request.headers.insert((alias, "x"), at: min(index, request.headers.count))
            let verdict = judge(request, try vendor.source())
            #expect(verdict.summary == "\(status) \(text)")
        }
    }

    @Test("a third that agrees does not heal a conflict")
    func threeHeaders() throws {
        var request = try Vendor.shopify.request()
        request.headers += [("shopify-topic", "x"), ("shopify-topic", "orders/paid")]
        let verdict = judge(request, try Vendor.shopify.source())
        #expect(verdict.refusal?.word == .conflictingHeaders)
    }

    @Test("headers whose names only look alike are others")
    func lookAlikes() throws {
        var request = try Vendor.standard.request()
        for name in ["webhook_id", "webhook-id ", "x-webhook-id", "webhook-ıd", "webhook-i", ""] {
            request.headers.insert((name, "evt_2"), at: 0)
        }
        #expect(judge(request, try Vendor.standard.source()).accepted?.id == "evt_1")
    }

    static let none = "header stripe-signature has no signature of the known kind"
    static let noStandard = "header webhook-signature has no signature of the known kind"

    static let signatures = [
        RefusedCase(.stripe, "stripe-signature", [""], "401 missing-signature: \(none)"),
        RefusedCase(.stripe, "stripe-signature", ["t=1"], "401 missing-signature: \(none)"),
        RefusedCase(.stripe, "stripe-signature", ["t=1,v0=aa"], "401 missing-signature: \(none)"),
        RefusedCase(.stripe, "stripe-signature", ["t=1,V1=aa"], "401 missing-signature: \(none)"),
        RefusedCase(.stripe, "stripe-signature", ["t=1;v1=aa"], "401 missing-signature: \(none)"),
        RefusedCase(.standard, "webhook-signature", [""], "401 missing-signature: \(noStandard)"),
        RefusedCase(
            .standard,
            "webhook-signature",
            ["v1a,AAAA v2,AAAA"],
            "401 missing-signature: \(noStandard)"
        ),
        RefusedCase(
            .standard,
            "webhook-signature",
            ["AAAA,v1,AAAA"],
            "401 missing-signature: \(noStandard)"
        ),
        RefusedCase(
            .stripe,
            "upper-case hex",
            "401 malformed-signature: the signature is not lower-case hex"
        ) { $0["stripe-signature"] = $0["stripe-signature"]?.replacing("v1=", with: "v1=A") },
        RefusedCase(
            .stripe,
            "stripe-signature",
            ["t=1,v1=abc"],
            "401 malformed-signature: the signature is not lower-case hex"
        ),
        RefusedCase(
            .stripe,
            "stripe-signature",
            ["t=1,v1=zz"],
            "401 malformed-signature: the signature is not lower-case hex"
        ),
    ]

    /// Base64 that a lenient reader would take.
    static let base64: [RefusedCase] = [
        "AAA", "AA==\n", "A===", "AB==", "_-==", "AAAA=", "ÄAAA", "*",
    ]
    .flatMap { text in
        let expected = "401 malformed-signature: the signature is not base64"
        return [
            RefusedCase(.standard, "webhook-signature", ["v1,\(text)"], expected),
            RefusedCase(.shopify, "x-shopify-hmac-sha256", [text], expected),
            RefusedCase(.woocommerce, "x-wc-webhook-signature", [text], expected),
            RefusedCase(.paypal, "paypal-transmission-sig", [text], expected),
        ]
    }

    @Test("a signature is missing or malformed", arguments: signatures + base64)
    func malformed(refused: RefusedCase) throws {
        let verdict = judge(try refused.request(), try refused.vendor.source())
        #expect(verdict.summary == refused.expected)
    }

    @Test("an empty signature fits nothing", arguments: Vendor.allCases)
    func empty(vendor: Vendor) throws {
        var request = try vendor.request()
        let empty = [.standard: "v1,", .stripe: "t=\(now),v1="][vendor] ?? ""
        request[vendor.signatureHeader] = empty
        let verdict = judge(request, try vendor.source())
        #expect(verdict.refusal?.word == .signatureMismatch, "\(verdict.summary)")
    }
}
