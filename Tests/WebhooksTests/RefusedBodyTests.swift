import Ledger
import Testing
import Webhooks

/// Bodies that are signed as they should be, and yet no webhooks.
@Suite("refused bodies")
struct RefusedBodyTests {
    static func nested(_ depth: Int) -> String {
        #"{"id":"evt_1","type":"t","deep":"#
            + String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
            + "}"
    }

    static let broken: [(String, String)] = [
        ("", "not-json: body: not JSON: found nothing but white space, expected a value"),
        (" \r\n\t", "not-json: body: not JSON: found nothing but white space, expected a value"),
        ("{\"id\":", "not-json: body: not JSON: found the end at byte 6, expected a value"),
        (
            "{\"id\":1} x",
            "not-json: body: not JSON: found `x` at byte 9, expected the end of the document"
        ),
        ("{}{}", "not-json: body: not JSON: found `{` at byte 2, expected the end of the document"),
        (
            "{'id':1}",
            "not-json: body: not JSON: found `'` at byte 1, expected a member name in quotes or }"
        ),
        ("{\"id\":NaN}", "not-json: body: not JSON: found `N` at byte 6, expected a value"),
        ("{\"id\":01}", "not-json: body: not JSON: found `1` at byte 7, expected , or }"),
        ("[1,]", "not-json: body: not JSON: found `]` at byte 3, expected a value"),
        (
            "\u{feff}{}",
            "not-json: body: not JSON: found byte 0xef at byte 0, expected no byte order mark"
        ),
        ("payload=1", "not-json: body: not JSON: found `p` at byte 0, expected a value"),
        ("<order/>", "not-json: body: not JSON: found `<` at byte 0, expected a value"),
        (
            "{\"n\":1e400}",
            "not-json: body: JSON number out of range: found at byte 5, expected 64 bits"
        ),
        (
            "{\"n\":123456789012345678901234567890}",
            "not-json: body: JSON number out of range: found at byte 5, expected 64 bits"
        ),
        (
            "\"\\ud800\"",
            "not-json: body: not JSON: found `\\` at byte 1, expected a surrogate in a pair"
        ),
        (
            "\"a\nb\"",
            "not-json: body: not JSON: found byte 0x0a at byte 2, expected control characters to be escaped"
        ),
        (
            nested(65),
            "too-deep: body: JSON too deep: found level 65 at byte 95, expected at most 64"
        ),
    ]

    @Test("what is not JSON is refused with the place", arguments: broken)
    func notJSON(body: String, reason: String) throws {
        for vendor in Vendor.sharing {
            let verdict = judge(try vendor.request(body), try vendor.source())
            #expect(verdict.summary == "400 \(reason)")
        }
    }

    @Test("what is not UTF-8 is refused", arguments: [[0xff], [0xc0, 0x80], [0xed, 0xa0, 0x80]])
    func notUTF8(bytes: [UInt8]) throws {
        let body = Array("{\"id\":\"".utf8) + bytes + Array("\"}".utf8)
        let verdict = judge(try Vendor.stripe.request(body), try Vendor.stripe.source())
        #expect(
            verdict.summary
                == "400 not-json: body: not JSON: found bytes that are not UTF-8 at byte 7"
        )
    }

    @Test("PayPal's bodies are read in the same way")
    func payPal() throws {
        let verdict = judge(try Vendor.paypal.request("{"), try Vendor.paypal.source())
        #expect(verdict.refusal?.word == .notJSON)
        #expect(verdict.answer?.status == 400)
    }

    @Test("64 levels are accepted", arguments: Vendor.sharing)
    func deepest(vendor: Vendor) throws {
        let verdict = judge(try vendor.request(Self.nested(64)), try vendor.source())
        #expect(verdict.accepted?.id == "evt_1", "\(verdict.summary)")
    }

    @Test("large numbers that fit are accepted, and ids among them kept to the digit")
    func largeNumbers() throws {
        for id in ["9223372036854775807", "18446744073709551615", "-9223372036854775808", "0"] {
            let body = #"{"id":\#(id),"type":"t","d":1.7976931348623157e308,"e":1e-400}"#
            let verdict = judge(try Vendor.stripe.request(body), try Vendor.stripe.source())
            #expect(verdict.accepted?.id == id, "\(verdict.summary)")
        }
    }

    @Test("10 MB are accepted and kept, 16 MiB and a byte are not")
    func large() throws {
        let start = Array(#"{"id":"evt_1","type":"t","fill":""#.utf8)
        let end = Array(#""}"#.utf8)
        func body(_ count: Int) -> [UInt8] {
            start + [UInt8](repeating: 0x61, count: count - start.count - end.count) + end
        }
        let source = try Vendor.stripe.source()
        let large = judge(try Vendor.stripe.request(body(10_000_000)), source)
        #expect(large.accepted?.body?.contentSize == 10_000_000, "\(large.summary)")
        let limit = judge(try Vendor.stripe.request(body(16 << 20)), source)
        #expect(limit.accepted?.body?.contentSize == 16 << 20, "\(limit.summary)")
        let tooLarge = judge(try Vendor.stripe.request(body((16 << 20) + 1)), source)
        #expect(
            tooLarge.summary
                == "413 too-large: body: JSON too large: found 16777217 bytes, "
                + "expected at most 16777216"
        )
        #expect(try #require(tooLarge.rejected).body == nil)
    }

    static let idless = [
        #"{"type":"t"}"#, #"{"id":"","type":"t"}"#, #"{"id":null,"type":"t"}"#,
        #"{"id":{},"type":"t"}"#, #"{"id":["a"],"type":"t"}"#, #"{"id":true,"type":"t"}"#,
        #"{"id":1.5,"type":"t"}"#, #"{"id":1e3,"type":"t"}"#, #"{"ID":"a","type":"t"}"#,
        #"[{"id":"a","type":"t"}]"#, #""id""#, "7", "null",
    ]

    @Test("a body without an id is refused where ids stand in bodies", arguments: idless)
    func missingID(body: String) throws {
        let verdict = judge(try Vendor.stripe.request(body), try Vendor.stripe.source())
        #expect(verdict.summary == "400 missing-id: the request has no id")
    }

    @Test("a body without a type is refused where types stand in bodies")
    func missingType() throws {
        for body in [#"{"id":"a"}"#, #"{"id":"a","type":""}"#, #"{"id":"a","type":{"a":1}}"#] {
            let verdict = judge(try Vendor.stripe.request(body), try Vendor.stripe.source())
            #expect(verdict.summary == "400 missing-type: the request has no type")
        }
        for body in [#"{"event_type":"t"}"#, #"{"id":"a","type":"t"}"#] {
            let verdict = judge(try Vendor.paypal.request(body), try Vendor.paypal.source())
            #expect([.missingID, .missingType].contains(verdict.refusal?.word))
        }
    }

    @Test("a request without the header that names it is refused")
    func missingHeaders() throws {
        for (vendor, names, expected) in [
            (
                Vendor.shopify, ["x-shopify-event-id", "x-shopify-webhook-id"],
                "missing-id: the request has no id"
            ),
            (.shopify, ["x-shopify-topic"], "missing-type: the request has no type"),
            (.woocommerce, ["x-wc-webhook-delivery-id"], "missing-id: the request has no id"),
            (.woocommerce, ["x-wc-webhook-topic"], "missing-type: the request has no type"),
        ] {
            var removed = try vendor.request()
            var emptied = removed
            for name in names {
                removed[name] = nil
                emptied[name] = ""
            }
            for request in [removed, emptied] {
                #expect(judge(request, try vendor.source()).summary == "400 \(expected)")
            }
        }
        let standard = try Vendor.standard.request(id: "")
        #expect(
            judge(standard, try Vendor.standard.source()).summary
                == "400 missing-id: the request has no id"
        )
    }

    @Test("without the event's id Shopify's delivery id counts")
    func deliveryID() throws {
        var request = try Vendor.shopify.request()
        request["x-shopify-event-id"] = nil
        #expect(judge(request, try Vendor.shopify.source()).accepted?.id == "delivery-1")
    }

    @Test("names have at most 256 bytes and no zero byte", arguments: Vendor.allCases)
    func overlong(vendor: Vendor) throws {
        let source = try vendor.source()
        func summary(id: String, type: String) throws -> String {
            var request = try vendor.request(
                #"{"id":"\#(id)","type":"\#(type)","event_type":"\#(type)"}"#
            )
            switch vendor {
            case .shopify:
                request["x-shopify-event-id"] = id
                request["x-shopify-topic"] = type
            case .woocommerce:
                request["x-wc-webhook-delivery-id"] = id
                request["x-wc-webhook-topic"] = type
            case .standard: request = try vendor.request(request.body, id: id)
            default: break
            }
            return judge(request, source).summary
        }
        // 256 bytes in 128 characters.
        let longest = String(repeating: "ν", count: 128)
        #expect(try summary(id: longest, type: longest) == "200 accepted")
        let rest = "has more than 256 bytes or a zero byte"
        #expect(try summary(id: longest + "a", type: "t") == "400 overlong-name: the id \(rest)")
        #expect(try summary(id: "i", type: longest + "a") == "400 overlong-name: the type \(rest)")
        if vendor == .stripe {
            #expect(try summary(id: "a\\u0000", type: "t") == "400 overlong-name: the id \(rest)")
            #expect(try summary(id: "a", type: "\\u0000") == "400 overlong-name: the type \(rest)")
        }
    }
}
