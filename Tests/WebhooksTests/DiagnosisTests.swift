import Bytes
import Digest
import Ledger
import Testing
import Webhooks

/// The hints at what a sender or a gateway did wrong, for whoever reads the log.
@Suite("hints at the mistake behind a wrong signature")
struct DiagnosisTests {
    /// What follows the plain reason; `nil` if nothing does.
    static func hint(_ verdict: Verdict) -> String? {
        guard let text = verdict.refusal?.text, let mark = text.firstRange(of: "; ") else {
            return nil
        }
        #expect(verdict.answer == Answer(status: 401), "a hint is nothing for the sender")
        return String(text[mark.upperBound...])
    }

    /// The hint at a request whose signature is of another key or body.
    static func hint(
        _ vendor: Vendor,
        secret: String? = nil,
        key: [UInt8]? = nil,
        signed: String? = nil,
        sent: String? = nil
    ) throws -> String? {
        let secret = secret ?? vendor.secret
        let sent = Array((sent ?? vendor.body).utf8)
        var request = try vendor.request(sent)
        let body = signed.map { Array($0.utf8) } ?? sent
        if let key {
            let before = vendor == .stripe ? "\(now - 10)." : ""
            let head = vendor == .standard ? "evt_1.\(now - 10)." : before
            request[vendor.signatureHeader] = vendor.signature(code(key, Array(head.utf8), body))
        } else {
            request[vendor.signatureHeader] = vendor.signature(vendor.code(body, secret: secret))
        }
        let source = try source(
            "shop: { provider: \(vendor.rawValue), secrets: S }",
            ["S": secret]
        )
        return hint(judge(request, source))
    }

    // MARK: - The secret

    @Test("a secret that is decoded though it should be verbatim, or not though it should be")
    func decoding() throws {
        let bytes = [UInt8](1...24)
        for secret in [base64(bytes), "whsec_\(base64(bytes))"] {
            for vendor in [Vendor.stripe, .shopify, .woocommerce] {
                #expect(
                    try Self.hint(vendor, secret: secret, key: bytes)
                        == "signature matches the secret decoded from base64: "
                        + "this provider uses it verbatim"
                )
            }
            #expect(
                try Self.hint(.standard, secret: secret, key: Array(secret.utf8))
                    == "signature matches the secret taken verbatim: "
                    + "this provider decodes it from base64"
            )
        }
    }

    @Test("white space around a secret", arguments: [" s3cret", "s3cret\n", "\t s3cret \r\n"])
    func space(secret: String) throws {
        #expect(
            try Self.hint(.shopify, secret: secret, key: Array("s3cret".utf8))
                == "signature matches the secret without the white space around it"
        )
    }

    // MARK: - The body

    static let pretty = "{\n  \"id\": 1,\t\"note\": \"a  b \\\" : c\\\\\"\r\n}\n"
    static let compact = #"{"id":1,"note":"a  b \" : c\\"}"#

    @Test("a body that a gateway wrote anew", arguments: Vendor.sharing)
    func serialised(vendor: Vendor) throws {
        #expect(
            try Self.hint(vendor, signed: Self.compact, sent: Self.pretty)
                == "body was re-serialised: signature matches without white space"
        )
        // The other way round nobody knows what stood there.
        #expect(try Self.hint(vendor, signed: Self.pretty, sent: Self.compact) == nil)
    }

    @Test("a body in which escapes were undone")
    func escapes() throws {
        #expect(
            try Self.hint(
                .shopify,
                signed: #"{"id":1,"note":"\u03bd\ud83d\ude00"}"#,
                sent: #"{"id":1,"note":"ν😀"}"#
            ) == "signature matches the body with other than ASCII characters as \\u escapes"
        )
    }

    @Test("a line end too few or too many")
    func lineEnd() throws {
        #expect(
            try Self.hint(.stripe, signed: Self.compact + "\n", sent: Self.compact)
                == "signature matches the body with a line end after it"
        )
        #expect(
            try Self.hint(.stripe, signed: Self.pretty, sent: Self.pretty + "\n")
                == "signature matches the body without its last line end"
        )
    }

    // MARK: - How it is written, and over what

    @Test("a signature in hex instead of base64, or the other way round")
    func encoding() throws {
        var request = try Vendor.shopify.request()
        let code = Vendor.shopify.code(request.body)
        request["x-shopify-hmac-sha256"] = hex(code)
        #expect(
            Self.hint(judge(request, try Vendor.shopify.source()))
                == "signature matches, but is written otherwise: this provider writes base64"
        )
        request = try Vendor.stripe.request()
        request["stripe-signature"] = "t=\(now - 10),v1=\(base64(Vendor.stripe.code(request.body)))"
        #expect(
            Self.hint(judge(request, try Vendor.stripe.source()))
                == "signature matches, but is written otherwise: this provider writes "
                + "lower-case hex"
        )
    }

    @Test("a signature over the body alone, or over the time without what stands between")
    func content() throws {
        var request = try Vendor.stripe.request()
        let key = Array(Vendor.stripe.secret.utf8)
        for (head, template) in [("", "{body}"), ("\(now - 10)", "{timestamp}{body}")] {
            let code = code(key, Array(head.utf8), request.body)
            request["stripe-signature"] = "t=\(now - 10),v1=\(hex(code))"
            #expect(
                Self.hint(judge(request, try Vendor.stripe.source()))
                    == "signature is over \(template): this provider signs {timestamp}.{body}"
            )
        }
    }

    // MARK: - The URL

    @Test(
        "a URL that the service is known by otherwise",
        arguments: [
            ("http://hooks.example.com/hooks/shop?a=1", "http://hooks.example.com/hooks/shop"),
            ("https://hooks.example.com/hooks/shop", "https://hooks.example.com/hooks/shop"),
            ("https://hooks.example.com/hooks/shop?a=1/", "https://hooks.example.com/hooks/shop"),
        ]
    )
    func url(signed: String, shown: String) throws {
        let sender = try ConditionTests.sender("twilio", "form")
        var request = try sender.request(query: "?a=1")
        request.body = Array("A=1".utf8)
        let code = code(Array(sender.secret().utf8), Array("\(signed)A1".utf8), by: .sha1)
        request["x-twilio-signature"] = base64(code)
        let hint = Self.hint(judge(request, try sender.source()))
        #expect(hint == "signature matches the URL \(shown); set the source's url")
    }

    // MARK: - Other schemes

    @Test(
        "a scheme that fits and has to be asked for",
        arguments: [
            ("klaviyo", "body"), ("zoho-inventory", "base64"), ("lightspeed-x", "base64"),
            ("salesforce-ens", "decoded"), ("meta", "sha1"), ("chatwoot", "path"),
        ]
    )
    func optionalScheme(provider: String, scheme: String) throws {
        let sender = try ConditionTests.sender(provider, scheme)
        let usual = try #require(
            try Sender.all.get().first { $0.provider == provider && !$0.isOptional }
        )
        var request = try sender.request()
        // The usual one's headers are there as well, and wrong.
        let other = try usual.request()
        for name in usual.coveredHeaders where request[name] == nil {
            let value = try #require(other[name])
            let isSignature = name == usual.signatureHeader
            request.headers.append((name, isSignature ? String(value.dropLast(4)) + "0000" : value))
        }
        let verdict = judge(request, try usual.source(asksForScheme: false))
        #expect(
            Self.hint(verdict)
                == "signature matches scheme \(scheme): name it in the source's scheme",
            "\(verdict.summary)"
        )
    }

    // MARK: - What it does not do

    @Test("nothing is said where nothing fits, and secrets never", arguments: Vendor.allCases)
    func none(vendor: Vendor) throws {
        var request = try vendor.request(secret: "whsec_AAAA")
        if vendor == .paypal { request.body.append(0x41) }
        let verdict = judge(request, try vendor.source())
        #expect(verdict.refusal?.word == .signatureMismatch)
        #expect(Self.hint(verdict) == nil)
        for secret in ["whsec_AAAA", vendor.secret] where !secret.isEmpty {
            #expect(verdict.refusal?.reason.contains(secret) == false)
        }
    }

    @Test("up to 16 KiB are looked into", arguments: [(16_384, true), (16_385, false)])
    func limit(count: Int, isTried: Bool) throws {
        let sent = Self.compact + String(repeating: " ", count: count - Self.compact.utf8.count)
        let hint = try Self.hint(.shopify, signed: Self.compact, sent: sent)
        #expect((hint != nil) == isTried)
    }

    @Test("a hint lets nothing in, and leaves the time to be judged")
    func refused() throws {
        let request = try Vendor.stripe.request(at: now - 1000)
        var late = request
        late.body.append(0x0a)
        let verdict = judge(late, try Vendor.stripe.source())
        #expect(verdict.refusal?.word == .signatureMismatch)
        #expect(verdict.drafts.allSatisfy { $0.outcome == .rejected })
        #expect(judge(request, try Vendor.stripe.source()).refusal?.word == .tooOld)
    }
}
