import Ledger
import Testing
import Webhooks

/// The ways in which providers write a moment.
@Suite("forms of times")
struct TimeFormatTests {
    static let cases: [(String, String, String?)] = [
        ("rfc3339", "2026-03-02T12:15:30.25+02:00", "2026-03-02T10:15:30.25Z"),
        ("rfc3339", "2026-03-02T10:15:30", nil), ("rfc3339", "1772446530", nil),
        ("zoneless", "2026-03-02T10:15:30", "2026-03-02T10:15:30Z"),
        ("zoneless", "2026-03-02 10:15:30", "2026-03-02T10:15:30Z"),
        ("zoneless", "2026-03-02T12:15:30+02:00", "2026-03-02T10:15:30Z"),
        ("zoneless", "2026-02-30T10:15:30", nil), ("zoneless", "2026-03-02", nil),
        ("unix", "1772446530", "2026-03-02T10:15:30Z"), ("unix", "0", "1970-01-01T00:00:00Z"),
        ("unix", "1772446530.5", nil), ("unix", "-1", nil), ("unix", "01", nil), ("unix", "", nil),
        ("unix-decimal", "1772446530", "2026-03-02T10:15:30Z"),
        ("unix-decimal", "1772446530.5", "2026-03-02T10:15:30.5Z"),
        ("unix-decimal", "1772446530.000001", "2026-03-02T10:15:30.000001Z"),
        ("unix-decimal", "1772446530.0000019", "2026-03-02T10:15:30.000001Z"),
        ("unix-decimal", "1772446530.", "2026-03-02T10:15:30Z"),
        ("unix-decimal", ".5", nil), ("unix-decimal", "1772446530.x", nil),
        ("unix-decimal", "1772446530.-5", nil), ("unix-decimal", "1.7e9", nil),
        ("unix-decimal", "9223372036854775807.9", nil), ("unix-decimal", "", nil),
        ("unix-decimal", "1772446530.5.5", nil),
        ("unix-ms", "1772446530250", "2026-03-02T10:15:30.25Z"),
        ("unix-ms", "1772446530", "1970-01-21T12:20:46.53Z"),
        ("unix-ms", "18446744073709551615", nil),
        ("http-date", "Mon, 02 Mar 2026 10:15:30 GMT", "2026-03-02T10:15:30Z"),
        ("http-date", "2026-03-02T10:15:30Z", nil),
        ("compact", "20260302101530", "2026-03-02T10:15:30Z"),
        ("compact", "2026030210153", nil), ("compact", "202603021015300", nil),
        ("compact", "20260230101530", nil), ("compact", "2026-3-2101530", nil),
        ("compact", "2026030210153x", nil), ("compact", "", nil), ("compact", "２０２６０３", nil),
    ]

    @Test("a moment is read in the form that the entry names, and in no other", arguments: cases)
    func read(format: String, text: String, expected: String?) throws {
        let entry = """
            provider: clock
            about: Tells the time.
            webhooks:
              scheme: none
              content: any
              id: hash:body
              type: { is: t }
              time: { from: header:x-time, as: \(format) }
            """
        let source = try source(
            "s: { provider: clock }",
            providers: OwnProviderTests.providers(entry)
        )
        let request = InboundRequest(
            method: "POST",
            target: "/hooks/s",
            headers: [("X-Time", text)],
            body: []
        )
        let verdict = judge(request, source)
        #expect(try #require(verdict.accepted, "\(verdict.summary)")[.time] == expected)
    }
}
