import Testing
import Webhooks

@Suite("signatures that do not fit")
struct MismatchTests {
    static let one = "401 signature-mismatch: the signature does not fit the secret"

    @Test("any other bit of the body is refused", arguments: Vendor.allCases)
    func flippedBit(vendor: Vendor) throws {
        let request = try vendor.request()
        let source = try vendor.source()
        for index in request.body.indices {
            var changed = request
            changed.body[index] ^= 1 << UInt8(index % 8)
            #expect(judge(changed, source).refusal?.word == .signatureMismatch)
        }
    }

    @Test("a byte more or less is refused", arguments: Vendor.allCases)
    func length(vendor: Vendor) throws {
        let request = try vendor.request()
        let expected =
            vendor == .paypal
            ? "401 signature-mismatch: the signature does not fit a pinned certificate" : Self.one
        // What follows is a hint at what the sender did: DiagnosisTests.
        for body in [request.body + [10], [32] + request.body, request.body.dropLast(), []] {
            var changed = request
            changed.body = body
            #expect(judge(changed, try vendor.source()).summary.hasPrefix(expected))
        }
    }

    @Test("what is signed along cannot be changed")
    func signedHeaders() throws {
        for (vendor, name, value) in [
            (Vendor.standard, "webhook-id", "evt_2"),
            (.standard, "webhook-timestamp", "\(now - 9)"),
            (.paypal, "paypal-transmission-id", "evt_2"),
            (.paypal, "paypal-transmission-time", "2026-03-02T10:16:31Z"),
            // The same moment in another spelling: the text is signed.
            (.paypal, "paypal-transmission-time", "2026-03-02T10:16:30.0Z"),
        ] {
            var request = try vendor.request()
            request[name] = value
            let verdict = judge(request, try vendor.source())
            #expect(verdict.refusal?.word == .signatureMismatch, "\(name) \(value)")
        }
        var request = try Vendor.stripe.request()
        request["stripe-signature"] = request["stripe-signature"]?
            .replacing("t=\(now - 10)", with: "t=\(now - 9)")
        #expect(judge(request, try Vendor.stripe.source()).summary == Self.one)
    }

    @Test("a code of another length is refused", arguments: Vendor.sharing)
    func codeLength(vendor: Vendor) throws {
        var request = try vendor.request()
        let code = vendor.code(request.body)
        let others: [[UInt8]] = [
            Array(code.dropLast()), code + [0], code + code, [0] + code, [code[0]],
        ]
        for other in others {
            request[vendor.signatureHeader] = vendor.signature(other)
            #expect(judge(request, try vendor.source()).summary == Self.one)
        }
        request[vendor.signatureHeader] = vendor.signature(code)
        #expect(judge(request, try vendor.source()).accepted != nil)
    }

    @Test("several secrets are counted", arguments: Vendor.sharing)
    func severalSecrets(vendor: Vendor) throws {
        let source = try source(
            "shop: { provider: \(vendor.rawValue), secrets: [env:A, env:B, env:C] }",
            ["env:A": "whsec_AAAA", "env:B": "whsec_BBBB", "env:C": "whsec_CCCC"]
        )
        #expect(
            judge(try vendor.request(), source).summary
                == "401 signature-mismatch: the signature does not fit any of 3 secrets"
        )
    }

    @Test("no vendor's request passes at another vendor's source", arguments: Vendor.allCases)
    func otherVendors(vendor: Vendor) throws {
        let request = try vendor.request()
        for other in Vendor.allCases where other != vendor {
            #expect(judge(request, try other.source()).refusal?.status == 401)
        }
    }

    @Test("Stripe's secret is not decoded, the standard's is")
    func keyForms() throws {
        let secret = Vendor.standard.secret
        let verbatim = try source("s: { provider: stripe, secrets: S }", ["S": secret])
        #expect(judge(try Vendor.stripe.request(secret: secret), verbatim).accepted != nil)
        let decoded = try source("s: { provider: standard, secrets: S }", ["S": secret])
        let bare = try source(
            "s: { provider: standard, secrets: S }",
            ["S": String(secret.dropFirst(6))]
        )
        let request = try Vendor.standard.request()
        #expect(judge(request, decoded).accepted != nil)
        #expect(judge(request, bare).accepted != nil)
        // 26 bytes, whose text would end in one character of padding.
        let odd = "whsec_" + base64([UInt8](1...26))
        let unpadded = try source(
            "s: { provider: standard, secrets: S }",
            ["S": String(odd.dropLast())]
        )
        #expect(odd.hasSuffix("="))
        #expect(judge(try Vendor.standard.request(secret: odd), unpadded).accepted != nil)
    }

    @Test("a forged body never reaches the parser", arguments: Vendor.allCases)
    func forged(vendor: Vendor) throws {
        for body in [
            String(repeating: "[", count: 100_000), "", "{", "\u{0}", "{\"id\":1e999}",
        ] {
            var request = try vendor.request()
            request.body = Array(body.utf8)
            let verdict = judge(request, try vendor.source())
            #expect(verdict.refusal?.word == .signatureMismatch, "\(verdict.summary)")
        }
        var request = try vendor.request()
        request.body = [UInt8](repeating: 0xff, count: (16 << 20) + 1)
        let verdict = judge(request, try vendor.source())
        #expect(verdict.refusal?.word == .signatureMismatch, "\(verdict.summary)")
    }
}
