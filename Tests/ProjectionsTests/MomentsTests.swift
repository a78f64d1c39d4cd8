import Bytes
import JSON
import Testing

@testable import Projections

@Suite("Moments")
struct MomentsTests {
    private static func read(_ text: String, _ kind: ExtractedKind, _ format: TimeFormat) -> String?
    {
        let value = EventValue(kind: kind, text: text.utf8Span.span)
        return Moments.read(value, format).map { Timestamp(microseconds: $0).short }
    }

    @Test(
        "are read in every format",
        arguments: [
            ("2026-11-21T10:00:00Z", .rfc3339, "2026-11-21T10:00:00Z"),
            ("2026-11-21T10:00:00.123456789+10:00", .rfc3339, "2026-11-21T00:00:00.123456Z"),
            ("2026-11-21 10:00:00z", .rfc3339, "2026-11-21T10:00:00Z"),
            ("2026-11-21T10:00:00", .rfc3339, "2026-11-21T10:00:00Z"),
            ("2026-11-21T10:00:00", .zoneless, "2026-11-21T10:00:00Z"),
            ("2026-11-21T10:00:00-05:30", .zoneless, "2026-11-21T15:30:00Z"),
            ("1788256860", .unix, "2026-09-01T10:01:00Z"),
            ("1788256860.25", .unix, "2026-09-01T10:01:00.25Z"),
            ("-1.5", .unix, "1969-12-31T23:59:58.5Z"),
            ("1788256860123", .unixMilliseconds, "2026-09-01T10:01:00.123Z"),
            ("Sun, 06 Nov 1994 08:49:37 GMT", .httpDate, "1994-11-06T08:49:37Z"),
        ] as [(String, TimeFormat, String)]
    )
    func texts(text: String, format: TimeFormat, moment: String) {
        #expect(Self.read(text, .string, format) == moment)
    }

    @Test(
        "are numbers only where they are counted from 1970",
        arguments: [
            ("1788256860", .unix, "2026-09-01T10:01:00Z"),
            ("1.78825686e9", .unix, "2026-09-01T10:01:00Z"),
            ("0", .unixMilliseconds, "1970-01-01T00:00:00Z"),
            ("1788256860", .rfc3339, nil), ("1788256860", .zoneless, nil),
            ("1788256860", .httpDate, nil),
        ] as [(String, TimeFormat, String?)]
    )
    func numbers(text: String, format: TimeFormat, moment: String?) {
        #expect(Self.read(text, .number, format) == moment)
    }

    @Test(
        "are none if they are written otherwise, or cannot be",
        arguments: [
            ("", .rfc3339), ("2026-11-21", .rfc3339), ("2026-13-01T00:00:00Z", .rfc3339),
            ("2026-02-29T00:00:00Z", .rfc3339), ("yesterday", .zoneless), ("", .unix),
            ("1788256860.1234567", .unix), ("1e30", .unix), ("99999999999999", .unix),
            ("12:00", .unixMilliseconds), ("Mon, 06 Nov 1994 08:49:37 GMT", .httpDate),
        ] as [(String, TimeFormat)]
    )
    func refused(text: String, format: TimeFormat) {
        #expect(Self.read(text, .string, format) == nil)
    }

    @Test("are none in other kinds of values", arguments: TimeFormat.allCases)
    func kinds(format: TimeFormat) {
        for kind in [ExtractedKind.missing, .null, .true, .false, .array, .object] {
            #expect(Self.read("0", kind, format) == nil)
        }
    }

    @Test(
        "lengths of time are read in their four units",
        arguments: [
            ("1s", 1_000_000), ("60s", 60_000_000), ("15m", 900_000_000), ("1h", 3_600_000_000),
            ("1d", 86_400_000_000), ("366d", 31_622_400_000_000), ("0s", nil), ("1", nil),
            ("s", nil), ("", nil), ("1w", nil), ("-1s", nil), ("1.5h", nil), ("367d", nil),
            ("99999999999s", nil), ("1 s", nil),
        ] as [(String, Int64?)]
    )
    func durations(text: String, microseconds: Int64?) {
        #expect(Duration.microseconds(text.utf8Span.span) == microseconds)
    }

    @Test(
        "lists of limits become JSON, or nothing",
        arguments: [
            ("60/1m", #"[{"alert_at":80,"allowed":60,"window":"1m"}]"#),
            (
                "60/1m  5000/1d@90",
                #"[{"alert_at":80,"allowed":60,"window":"1m"},"#
                    + #"{"alert_at":90,"allowed":5000,"window":"1d"}]"#
            ),
            ("", nil), (" ", nil), ("60", nil), ("60/1m@", nil), ("60/1m@80@90", nil), ("/1m", nil),
            ("-1/1m", nil), ("60/1m/2", nil), ("60/0s", nil), ("60/1m,5/1d", nil),
            (#"60/1m"}"#, nil), ("4294967296/1s", nil),
        ] as [(String, String?)]
    )
    func limits(text: String, json: String?) {
        var output: [UInt8] = [1, 2, 3]
        let isList = LimitList.json(text, &output)
        #expect(isList == (json != nil))
        if let json { #expect(String(decoding: output, as: UTF8.self) == json) }
    }
}
