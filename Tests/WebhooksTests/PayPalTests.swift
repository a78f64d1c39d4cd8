import Digest
import Ledger
import Testing
import Webhooks

@Suite("PayPal's certificates")
struct PayPalTests {
    static func unpinned() throws -> Source {
        try source(
            "shop: { provider: paypal, webhook_id: env:ID }",
            ["env:ID": Vendor.webhookID]
        )
    }

    static func parse(_ identity: Result<Identity, any Error>) throws -> [Certificate] {
        try Certificate.parseAll(pem: Array(try identity.get().pem.utf8))
    }

    @Test("any of several pinned certificates verifies, and the line says which")
    func pinned() throws {
        let own = try Identity.payPal.get().pem
        let other = try Identity.impostor.get().pem
        let request = try Vendor.paypal.request()
        for (entry, authid) in [
            ("[A]", "certificate 1"), ("A", "certificate 1"), ("[B, A]", "certificate 2"),
            ("AB", "certificate 1"), ("BA", "certificate 2"),
        ] {
            let source = try source(
                "shop: { provider: paypal, webhook_id: ID, certificates: \(entry) }",
                [
                    "ID": Vendor.webhookID, "A": own, "B": other, "AB": own + other,
                    "BA": other + own,
                ]
            )
            #expect(judge(request, source).accepted?[.authid] == authid)
        }
    }

    @Test("with a certificate pinned no other counts")
    func otherCertificate() throws {
        let source = try source(
            "shop: { provider: paypal, webhook_id: ID, certificates: B }",
            ["ID": Vendor.webhookID, "B": try Identity.impostor.get().pem]
        )
        let own = try Self.parse(Identity.payPal)
        let verdict = judge(
            try Vendor.paypal.request(),
            source,
            certificates: [Vendor.certificateURL: own]
        )
        #expect(
            verdict.summary
                == "401 signature-mismatch: the signature does not fit a pinned certificate"
        )
    }

    @Test("without a pinned certificate the one that is named is asked for")
    func needed() throws {
        let verdict = judge(try Vendor.paypal.request(), try Self.unpinned())
        #expect(verdict.summary == "needs the certificate at \(Vendor.certificateURL)")
        #expect(verdict.drafts.isEmpty)
        #expect(verdict.answer == nil)
        #expect(!verdict.isRateBounded)
        for other in [
            [:], ["https://paypal.com/other": try Self.parse(Identity.payPal)],
            [Vendor.certificateURL: []],
        ] {
            let verdict = judge(
                try Vendor.paypal.request(),
                try Self.unpinned(),
                certificates: other
            )
            #expect(verdict.summary == "needs the certificate at \(Vendor.certificateURL)")
        }
    }

    @Test("a certificate that no authority vouches for is not trusted, though its key fits")
    func untrusted() throws {
        for identity in [Identity.payPal, Identity.impostor] {
            let chain = try Self.parse(identity)
            let verdict = judge(
                try Vendor.paypal.request(),
                try Self.unpinned(),
                certificates: [Vendor.certificateURL: chain]
            )
            #expect(
                verdict.summary.hasPrefix(
                    "401 untrusted-certificate: the certificate is not trusted: certificate of "
                        + "CN=messageverificationcerts.paypal.com does not lead to a trusted one: "
                )
            )
            #expect(verdict.refusal?.word == .untrustedCertificate)
        }
    }

    @Test("what is missing is refused before a certificate is asked for")
    func before() throws {
        for (name, value, word) in [
            ("paypal-transmission-sig", nil, Refusal.Word.missingHeader),
            ("paypal-transmission-sig", "*", .malformedSignature),
            ("paypal-transmission-id", nil, .missingHeader),
            ("paypal-transmission-time", "now", .malformedTimestamp),
        ] {
            var request = try Vendor.paypal.request()
            request[name] = value
            #expect(judge(request, try Self.unpinned()).refusal?.word == word)
        }
    }

    @Test(
        "another algorithm is refused",
        arguments: ["", "SHA1withRSA", "sha256withrsa", "SHA256withRSA ", "none"]
    )
    func algorithm(name: String) throws {
        var request = try Vendor.paypal.request()
        request["paypal-auth-algo"] = name
        for source in [try Vendor.paypal.source(), try Self.unpinned()] {
            #expect(
                judge(request, source).summary
                    == "401 unknown-algorithm: the algorithm is not SHA256withRSA"
            )
        }
    }

    static let foreign = [
        "", "paypal.com", "http://api.paypal.com/c", "HTTPS://api.paypal.com/c",
        "https://paypal.com.evil.example/c", "https://evilpaypal.com/c", "https://evil.example/c",
        "https://evil.example/.paypal.com", "https://evil.example?.paypal.com",
        "https://evil.example#.paypal.com", "https://evil.example\\.paypal.com",
        "https://paypal.com@evil.example/c", "https://evil.example@paypal.com/c",
        "https://api.paypal.com:8443/c", "https://[::1].paypal.com/c", "https:///api.paypal.com",
        "https://api.paypal.com./c", "https://api.paypal.com\t/c", "https://api.paypal.com/c d",
        "https://pаypal.com/c", "https://127.0.0.1/paypal.com", "https://api%2epaypal.com/c",
        " https://api.paypal.com/c", "https://api.paypal.com/ν", "https://com/c", "https://",
        "file:///etc/passwd", "https://api.paypal.com/" + String(repeating: "a", count: 1002),
    ]

    @Test("a certificate from elsewhere is refused, even if another is pinned", arguments: foreign)
    func certificateURL(url: String) throws {
        var request = try Vendor.paypal.request()
        request["paypal-cert-url"] = url
        for source in [try Vendor.paypal.source(), try Self.unpinned()] {
            #expect(
                judge(request, source).summary
                    == "401 certificate-url: the certificate's URL is not https within paypal.com"
            )
        }
    }

    @Test(
        "a certificate from within the domain is asked for",
        arguments: [
            "https://paypal.com", "https://paypal.com/c", "https://api.sandbox.paypal.com/v1?a=b#c",
            "https://API.PayPal.Com/c",
            "https://api.paypal.com/" + String(repeating: "a", count: 1001),
        ]
    )
    func ownURL(url: String) throws {
        var request = try Vendor.paypal.request()
        request["paypal-cert-url"] = url
        #expect(judge(request, try Self.unpinned()).summary == "needs the certificate at \(url)")
    }

    @Test("the webhook's id comes from the configuration")
    func webhookID() throws {
        let source = try source(
            "shop: { provider: paypal, webhook_id: ID, certificates: A }",
            ["ID": "3TR748995U920805P", "A": try Identity.payPal.get().pem]
        )
        var request = try Vendor.paypal.request()
        #expect(judge(request, source).refusal?.word == .signatureMismatch)
        request.headers.append(("webhook-id", Vendor.webhookID))
        #expect(judge(request, source).refusal?.word == .signatureMismatch)
    }
}
