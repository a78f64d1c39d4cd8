import Ledger
import Testing
import Webhooks

@Suite("rolled secrets")
struct RotationTests {
    static let old = "whsec_b2xkLXNlY3JldC1vZi0yNC1ieXRlcyE="
    static let new = "whsec_bmV3LXNlY3JldC1vZi0yNC1ieXRlcyE="

    /// A source with two secrets live.
    static func source(_ vendor: Vendor) throws -> Source {
        try WebhooksTests.source(
            "shop: { provider: \(vendor.rawValue), secrets: [env:NEW, env:OLD] }",
            ["env:NEW": new, "env:OLD": old]
        )
    }

    @Test("either secret verifies, and the line names it", arguments: Vendor.sharing)
    func either(vendor: Vendor) throws {
        let source = try Self.source(vendor)
        for (secret, name) in [(Self.old, "env:OLD"), (Self.new, "env:NEW")] {
            let verdict = judge(try vendor.request(secret: secret), source)
            #expect(verdict.accepted?[.authid] == name, "\(verdict.summary)")
        }
        #expect(judge(try vendor.request(), source).refusal?.word == .signatureMismatch)
    }

    @Test("of several signatures any may fit, at any place", arguments: [Vendor.standard, .stripe])
    func severalSignatures(vendor: Vendor) throws {
        let request = try vendor.request()
        let right = vendor.code(request.body)
        let wrong = vendor.code(request.body, secret: Self.old)
        for codes in [[right, wrong], [wrong, right], [wrong, wrong, right], [right, right]] {
            var request = request
            request[vendor.signatureHeader] =
                codes.count == 2
                ? vendor.signature(codes[0], codes[1])
                : vendor.signature(codes[0], codes[1], codes[2])
            let verdict = judge(request, try vendor.source())
            #expect(verdict.accepted != nil, "\(verdict.summary)")
        }
    }

    @Test(
        "of two secrets that both signed the first is named",
        arguments: [Vendor.standard, .stripe]
    )
    func bothSigned(vendor: Vendor) throws {
        var request = try vendor.request()
        let new = vendor.code(request.body, secret: Self.new)
        let old = vendor.code(request.body, secret: Self.old)
        for signature in [vendor.signature(new, old), vendor.signature(old, new)] {
            request[vendor.signatureHeader] = signature
            #expect(judge(request, try Self.source(vendor)).accepted?[.authid] == "env:NEW")
        }
    }

    @Test(
        "spaces and foreign members between signatures are passed over",
        arguments: ["S", " S", "S ", "  S  S", "v1a,AAAA S", "S v2,AAAA", "junk S ,", "v1,* S"]
    )
    func standardLists(form: String) throws {
        var request = try Vendor.standard.request()
        let signature = try #require(request["webhook-signature"])
        request["webhook-signature"] = form.replacing("S", with: signature)
        #expect(judge(request, try Vendor.standard.source()).accepted != nil)
    }

    @Test(
        "other separators are none",
        arguments: ["v1,AAAA,S", "S,v1,AAAA", "S;", "S\t", "\tS", "v1,AAAA\u{a0}S", "S\n"]
    )
    func otherSeparators(form: String) throws {
        var request = try Vendor.standard.request()
        let signature = try #require(request["webhook-signature"])
        request["webhook-signature"] = form.replacing("S", with: signature)
        #expect(judge(request, try Vendor.standard.source()).refusal?.status == 401)
    }

    @Test(
        "Stripe's members may be in any order, with spaces before them",
        arguments: [
            "T,V", "V,T", " T, V", "v0=00,T,v2=x,V,", ",,T,,V", "x,T,V", "T,v1=,V", "T,v1=*,V",
        ]
    )
    func stripeLists(form: String) throws {
        var request = try Vendor.stripe.request()
        let code = hex(Vendor.stripe.code(request.body))
        request["stripe-signature"] = form.replacing("T", with: "t=\(now - 10)")
            .replacing("V", with: "v1=\(code)")
        let verdict = judge(request, try Vendor.stripe.source())
        #expect(verdict.accepted != nil, "\(verdict.summary)")
    }

    @Test("a decoy v0 does not verify")
    func decoy() throws {
        var request = try Vendor.stripe.request()
        let code = hex(Vendor.stripe.code(request.body))
        request["stripe-signature"] = "t=\(now - 10),v0=\(code),v1=\(String(code.reversed()))"
        #expect(judge(request, try Vendor.stripe.source()).refusal?.word == .signatureMismatch)
    }

    @Test("64 signatures are compared, 65 refused", arguments: [Vendor.standard, .stripe])
    func limit(vendor: Vendor) throws {
        let request = try vendor.request()
        let signature = try #require(request[vendor.signatureHeader])
        let (wrong, separator) = vendor == .stripe ? ("v1=00", ",") : ("v1,AAAA", " ")
        for (count, isAccepted) in [(63, true), (64, false), (1000, false)] {
            var request = request
            let list = Array(repeating: wrong, count: count).joined(separator: separator)
            request[vendor.signatureHeader] = list + separator + signature
            let verdict = judge(request, try vendor.source())
            #expect(
                verdict.summary
                    == (isAccepted
                        ? "200 accepted"
                        : "401 malformed-signature: more than 64 signatures in one request")
            )
        }
    }
}
