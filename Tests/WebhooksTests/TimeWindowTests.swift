import Testing
import Webhooks

@Suite("signed times")
struct TimeWindowTests {
    @Test("a time exactly at the limit is accepted", arguments: [Vendor.standard, .stripe])
    func limit(vendor: Vendor) throws {
        let source = try vendor.source()
        for time in [now, now - 299, now - 300] {
            let verdict = judge(try vendor.request(at: time), source)
            #expect(verdict.accepted != nil, "\(verdict.summary)")
        }
        #expect(
            judge(try vendor.request(at: now - 301), source).summary
                == "401 timestamp-too-old: timestamp 301 s old, tolerance 300 s"
        )
    }

    @Test("the standard refuses times ahead, Stripe does not")
    func ahead() throws {
        let standard = try Vendor.standard.source()
        #expect(judge(try Vendor.standard.request(at: now + 300), standard).accepted != nil)
        #expect(
            judge(try Vendor.standard.request(at: now + 301), standard).summary
                == "401 timestamp-too-new: timestamp 301 s ahead, tolerance 300 s"
        )
        let stripe = try Vendor.stripe.source()
        #expect(judge(try Vendor.stripe.request(at: now + 86_400), stripe).accepted != nil)
    }

    @Test("a source's own tolerance counts, on the provider's sides")
    func ownTolerance() throws {
        let standard = try Vendor.standard.source(", tolerance: 10s")
        #expect(judge(try Vendor.standard.request(at: now - 10), standard).accepted != nil)
        #expect(judge(try Vendor.standard.request(at: now - 11), standard).refusal?.word == .tooOld)
        #expect(judge(try Vendor.standard.request(at: now + 11), standard).refusal?.word == .tooNew)
        let stripe = try Vendor.stripe.source(", tolerance: 7d")
        let week = 7 * 86_400
        #expect(judge(try Vendor.stripe.request(at: now - week), stripe).accepted != nil)
        #expect(judge(try Vendor.stripe.request(at: now + 2 * week), stripe).accepted != nil)
        #expect(
            judge(try Vendor.stripe.request(at: now - week - 1), stripe).summary
                == "401 timestamp-too-old: timestamp 604801 s old, tolerance 604800 s"
        )
    }

    @Test("PayPal's retries of days ago are accepted, unless the source says otherwise")
    func payPal() throws {
        let old = try Vendor.paypal.request(at: now - 3 * 86_400)
        #expect(judge(old, try Vendor.paypal.source()).accepted != nil)
        let strict = try Vendor.paypal.source(", tolerance: 1h")
        #expect(judge(old, strict).refusal?.word == .tooOld)
        #expect(judge(try Vendor.paypal.request(at: now + 3601), strict).refusal?.word == .tooNew)
    }

    @Test("a forged time is a signature that does not fit, however old")
    func forged() throws {
        var request = try Vendor.standard.request()
        request["webhook-timestamp"] = "1"
        let verdict = judge(request, try Vendor.standard.source())
        #expect(verdict.refusal?.word == .signatureMismatch)
    }

    static let malformed: [RefusedCase] = [
        "", "soon", "-1", "+1", "01", " 1", "1.0", "1e9", "0x10", "١٢", "18446744073709551616",
        "9223372036854775807", "253402300800",
    ].map { text in
        RefusedCase(
            .standard,
            "webhook-timestamp",
            [text],
            "401 malformed-timestamp: the signed time is not one unix time"
        )
    }

    static let malformedStripe: [RefusedCase] = [
        ("v1=aa", "header stripe-signature has no time"),
        ("T=1,v1=aa", "header stripe-signature has no time"),
        ("t=,v1=aa", "the signed time is not one unix time"),
        ("t=1,t=1,v1=aa", "the signed time is not one unix time"),
        ("t=1 ,v1=aa", "the signed time is not one unix time"),
        ("t=2026-03-02T10:16:30Z,v1=aa", "the signed time is not one unix time"),
    ].map { value, text in
        RefusedCase(.stripe, "stripe-signature", [value], "401 malformed-timestamp: \(text)")
    }

    static let malformedPayPal: [RefusedCase] = [
        "", "1772446590", "2026-03-02", "2026-03-02T10:16:30", "2026-02-30T10:16:30Z",
        "Mon, 02 Mar 2026 10:16:30 GMT",
    ].map { text in
        RefusedCase(
            .paypal,
            "paypal-transmission-time",
            [text],
            "401 malformed-timestamp: the signed time is not one rfc3339 time"
        )
    }

    @Test("what is no time is refused", arguments: malformed + malformedStripe + malformedPayPal)
    func noTime(refused: RefusedCase) throws {
        let verdict = judge(try refused.request(), try refused.vendor.source())
        #expect(verdict.summary == refused.expected)
    }
}
