import Bytes
import Foundation
import Testing

@Suite("Timestamp parsing")
struct TimestampParseTests {
    @Test(
        "RFC 3339 in all its spellings is the same moment in UTC",
        arguments: [
            ("1985-04-12T23:20:50.52Z", "1985-04-12T23:20:50.52Z"),
            ("1996-12-19T16:39:57-08:00", "1996-12-20T00:39:57Z"),
            ("1937-01-01T12:00:27.87+00:20", "1937-01-01T11:40:27.87Z"),
            ("1990-12-31T23:59:60Z", "1990-12-31T23:59:59.999999Z"),
            ("1990-12-31T15:59:60-08:00", "1990-12-31T23:59:59.999999Z"),
            ("2017-01-01T05:29:60.5+05:30", "2016-12-31T23:59:59.999999Z"),
            ("2026-02-01t10:00:00z", "2026-02-01T10:00:00Z"),
            ("2026-02-01 10:00:00-00:00", "2026-02-01T10:00:00Z"),
            ("2026-02-01T10:00:00.1234567899999Z", "2026-02-01T10:00:00.123456Z"),
            ("2024-02-29T23:59:59.999999+00:01", "2024-02-29T23:58:59.999999Z"),
            ("2000-02-29T00:00:00+23:59", "2000-02-28T00:01:00Z"),
            ("0001-01-01T00:00:00Z", "0001-01-01T00:00:00Z"),
        ]
    )
    func accepted(text: String, expected: String) {
        #expect(Timestamp(rfc3339: text)?.short == expected)
    }

    @Test(
        "a text that is no RFC 3339 moment is refused",
        arguments: [
            "", "2026-02-01", "2026-02-01T10:00:00", "2026-02-01T10:00Z", "2026-02-01T10:00:00.Z",
            "2026-02-01T10:00:00,5Z", "2026-02-01T10:00:00+0200", "2026-02-01T10:00:00+02",
            "2026-02-01T10:00:00+24:00", "2026-02-01T10:00:00+02:60", "2026-02-01T10:00:00ZZ",
            "2026-02-01T10:00:00Z ", " 2026-02-01T10:00:00Z", "2026-02-01T24:00:00Z",
            "2026-02-01T10:60:00Z", "2026-02-01T10:00:61Z", "2026-02-01T10:00:60Z",
            "2026-02-01T23:59:60+01:00", "2026-02-29T10:00:00Z", "1900-02-29T10:00:00Z",
            "2026-04-31T10:00:00Z", "2026-00-01T10:00:00Z", "2026-13-01T10:00:00Z",
            "2026-01-00T10:00:00Z", "2026-01-32T10:00:00Z", "0000-01-01T00:00:00Z",
            "0001-01-01T00:00:00+00:01", "9999-12-31T23:59:59-00:01", "+026-02-01T10:00:00Z",
            "2026-2-01T10:00:00Z", "2026/02/01T10:00:00Z", "2026-02-01X10:00:00Z",
            "2026-02-01T10:00:00−01:00", "２026-02-01T10:00:00Z",
        ]
    )
    func refused(text: String) {
        #expect(Timestamp(rfc3339: text) == nil)
    }

    @Test("no proper prefix of a moment is a moment")
    func prefixes() {
        let moment = utf8("1996-12-19T16:39:57.5-08:00")
        for count in 0..<moment.count {
            #expect(Timestamp(rfc3339: moment.span.extracting(..<count)) == nil)
        }
    }

    @Test("a time with no zone is UTC, and one with a zone is refused")
    func zoneless() {
        let plain = "2026-02-01T10:00:00".utf8Span.span
        #expect(Timestamp(zoneless: plain)?.short == "2026-02-01T10:00:00Z")
        let fraction = "2017-06-21T01:15:39.902".utf8Span.span
        #expect(Timestamp(zoneless: fraction)?.short == "2017-06-21T01:15:39.902Z")
        #expect(Timestamp(zoneless: "2026-02-01T10:00:00Z".utf8Span.span) == nil)
        #expect(Timestamp(zoneless: "2026-02-01".utf8Span.span) == nil)
        #expect(Timestamp(zoneless: "2026-02-01T10:00:00.".utf8Span.span) == nil)
    }

    @Test("an HTTP date is read as Foundation writes it")
    func httpDateOracle() {
        var chance = SeededGenerator(seed: 8)
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = TimeZone(secondsFromGMT: 0)
        formatter.dateFormat = "EEE, dd MMM yyyy HH:mm:ss 'GMT'"
        for _ in 0..<500 {
            let seconds = Int64.random(in: -12_000_000_000...253_402_300_799, using: &chance)
            let written = formatter.string(from: Date(timeIntervalSince1970: Double(seconds)))
            #expect(Timestamp(httpDate: written.utf8Span.span) == Timestamp(unixSeconds: seconds))
        }
    }

    @Test(
        "another form of HTTP date, or a weekday that is wrong, is refused",
        arguments: [
            "", "Mon, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
            "Sun Nov  6 08:49:37 1994", "Sun, 6 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37 UTC", "Sun, 06 Nov 1994 08:49:37",
            "sun, 06 Nov 1994 08:49:37 GMT",
            "Sun, 06 nov 1994 08:49:37 GMT", "Sun, 31 Nov 1994 08:49:37 GMT",
            "Sun, 06 Nov 1994 08:49:37.5 GMT", "Sun, 06 Nov 1994 08:49:37 GMT ",
        ]
    )
    func httpDateRefused(text: String) {
        #expect(Timestamp(httpDate: text.utf8Span.span) == nil)
        #expect(
            Timestamp(httpDate: "Sun, 06 Nov 1994 08:49:37 GMT".utf8Span.span)?.short
                == "1994-11-06T08:49:37Z"
        )
    }
}
