import Ledger
import Testing
import Webhooks

@Suite("when it occurred")
struct TimeTests {
    private func time(_ vendor: Vendor, _ members: String, header: String? = nil) throws -> String?
    {
        let body =
            #"{"id":"e","type":"t","event_type":"t"\#(members.isEmpty ? "" : ",")\#(members)}"#
        var request = try vendor.request(body)
        if vendor == .shopify { request["x-shopify-triggered-at"] = header }
        let verdict = judge(request, try vendor.source())
        return try #require(verdict.accepted, "\(verdict.summary)")[.time]
    }

    static let cases: [(Vendor, String, String?)] = [
        (.woocommerce, #""date_modified_gmt":"2026-03-02T10:15:30""#, "2026-03-02T10:15:30Z"),
        (.woocommerce, #""date_modified_gmt":"2026-03-02T10:15:30Z""#, "2026-03-02T10:15:30Z"),
        (
            .woocommerce, #""date_modified_gmt":null,"date_created_gmt":"2026-03-02T10:15:30""#,
            "2026-03-02T10:15:30Z"
        ),
        (
            .woocommerce, #""date_modified_gmt":"?","date_created_gmt":"2026-03-01T10:15:30""#,
            "2026-03-01T10:15:30Z"
        ),
        (.woocommerce, #""date_modified":"2026-03-02T12:15:30""#, nil),
        (.woocommerce, #""date_modified_gmt":"2026-02-30T10:15:30""#, nil),
        (.woocommerce, #""date_modified_gmt":1772446530"#, nil),
        (.woocommerce, "", nil),
        (.stripe, #""created":1772446530"#, "2026-03-02T10:15:30Z"),
        (.stripe, #""created":"2026-03-02T10:15:30.000Z""#, "2026-03-02T10:15:30Z"),
        (.stripe, #""created":"2026-03-02T12:15:30.5+02:00""#, "2026-03-02T10:15:30.5Z"),
        (.stripe, #""created":1772446530.5"#, nil),
        (.stripe, #""created":-1"#, nil),
        (.stripe, #""created":9223372036854775807"#, nil),
        (.stripe, #""created":"2026-03-02T10:15:30""#, nil),
        (.stripe, #""created":{}"#, nil),
        (.standard, #""timestamp":"2026-03-02T10:15:30.120Z""#, "2026-03-02T10:15:30.12Z"),
        (.standard, #""timestamp":"2026-12-31T23:59:60Z""#, "2026-12-31T23:59:59.999999Z"),
        (.standard, #""timestamp":1772446530"#, nil),
        (.paypal, #""create_time":"2015-05-18T15:45:13Z""#, "2015-05-18T15:45:13Z"),
        (.shopify, #""updated_at":"2026-03-02T12:15:30+02:00""#, "2026-03-02T10:15:30Z"),
        (.shopify, #""created_at":"2026-03-02T05:15:30-05:00""#, "2026-03-02T10:15:30Z"),
        (
            .shopify, #""updated_at":null,"created_at":"2026-03-02T10:15:30Z""#,
            "2026-03-02T10:15:30Z"
        ),
        (.shopify, "", nil),
    ]

    @Test("the provider's word counts, in UTC; without it there is no time", arguments: cases)
    func occurred(vendor: Vendor, members: String, expected: String?) throws {
        #expect(try time(vendor, members) == expected)
    }

    @Test("Shopify's header counts before the content, unless it cannot be read")
    func header() throws {
        let updated = #""updated_at":"2026-03-02T10:00:00Z""#
        for (header, expected) in [
            ("2026-03-02T10:16:19.877041743Z", "2026-03-02T10:16:19.877041Z"),
            ("soon", "2026-03-02T10:00:00Z"), ("", "2026-03-02T10:00:00Z"),
        ] {
            #expect(try time(.shopify, updated, header: header) == expected)
        }
    }
}
