import Bytes
import Outbound
import Testing

/// What answers say when they are wrong, broken, or written to do harm.
@Suite("values that cannot be believed")
struct HostileValueTests {
    static let keys = """
        limited: [429]
        retry_after: { header: retry-after, as: seconds }
        readings:
          - limit: x-limit
            remaining: x-remaining
            used: x-used
            reset: x-reset
            as: seconds
            restore: x-restore
            period: x-period
            name: x-name
        """

    /// A value, and why it is no number.
    static let numbers: [(String, UnreadReason)] = [
        ("", .notANumber), ("ten", .notANumber), ("NaN", .notANumber), ("inf", .notANumber),
        ("0x10", .notANumber), ("1e3", .notANumber), ("+5", .notANumber), ("5.", .notANumber),
        (".5", .notANumber), ("1.2.3", .notANumber), ("--5", .notANumber), ("5 6", .notANumber),
        ("５", .notANumber), ("5\u{0}", .notANumber), ("-", .notANumber),
        ("-1", .negative), ("-0.5", .negative), ("-99999999999999999999", .tooLarge),
        ("1" + String(repeating: "0", count: 30), .tooLarge),
        ("1000000000000001", .tooLarge), ("1000000000000000.1", .tooLarge),
        ("18446744073709551616", .tooLarge),
    ]

    @Test("a bad count gives nothing and is noted, the others stay", arguments: numbers)
    func badCount(value: String, reason: UnreadReason) throws {
        for (header, rest) in [
            ("x-limit", "? of ?, 7 left, resets +5s"), ("x-remaining", "? of 9, resets +5s"),
        ] {
            let others = ["x-limit: 9", "x-remaining: 7", "x-reset: 5"]
                .filter { !$0.hasPrefix(header + ":") }
            let report = try profile(Self.keys)
                .answer(200, (others + ["\(header): \(value)"]).joined(separator: "\n"))
            #expect(report.lines == [rest, "unread \(header): \(reason.rawValue)"])
        }
    }

    @Test(
        "a bad wait gives nothing and is noted",
        arguments: numbers + [("31622401", .tooFar), ("1795168860", .tooFar)]
    )
    func badWait(value: String, reason: UnreadReason) throws {
        let report = try profile(Self.keys).answer(429, "retry-after: \(value)")
        #expect(report.lines == ["limited", "unread retry-after: \(reason.rawValue)"])
    }

    @Test("the largest values that are believed")
    func largest() throws {
        let report = try profile(Self.keys).answer(
            200,
            "x-limit: 1000000000000000\nx-used: 0.0000001\nx-reset: 31622400\nx-period: 31622400"
        )
        #expect(
            report.lines == [
                "366d: 1 of 1000000000000000, 999999999999999 left, resets +31622400s"
            ]
        )
    }

    @Test(
        "a window that is none gives nothing",
        arguments: [
            ("0", "no whole seconds, or more than a year of them"),
            ("0.5", "no whole seconds, or more than a year of them"),
            ("31622401", "no whole seconds, or more than a year of them"),
            ("-60", "a negative number"), ("1m", "not a number"),
        ]
    )
    func badWindow(value: String, reason: String) throws {
        let report = try profile(Self.keys).answer(200, "x-limit: 9\nx-period: \(value)")
        #expect(report.lines == ["? of 9", "unread x-period: \(reason)"])
    }

    @Test(
        "a reset at a moment that is absurd gives nothing",
        arguments: [
            ("epoch", "60", "a moment long past"),
            ("epoch", "1795082399", "a moment long past"),
            ("epoch", "1826791201", "a moment too far ahead"),
            ("epoch", "1795168860000", "a moment too far ahead"),
            ("epoch", "1000000000000000", "a moment too far ahead"),
            ("milliseconds", "31622400001", "a moment too far ahead"),
            ("http-date", "Fri, 31 Dec 9999 23:59:59 GMT", "a moment too far ahead"),
            ("http-date", "Thu, 01 Jan 1970 00:00:00 GMT", "a moment long past"),
            ("http-date", "Thu, 20 Nov 2026 10:00:00 GMT", "not a number"),
            ("seconds", "31622400.000001", "a moment too far ahead"),
        ]
    )
    func absurdReset(form: String, value: String, reason: String) throws {
        let report = try profile("readings: [{ reset: x-reset, as: \(form) }]")
            .answer(200, "x-reset: \(value)")
        #expect(report.lines == ["unread x-reset: \(reason)"])
    }

    @Test(
        "a reset at a moment that can be gives it",
        arguments: [
            ("epoch", "1795168800", "+0s"), ("epoch", "1795168800.25", "+0.25s"),
            ("epoch", "1795082400", "-86400s"), ("epoch", "1826791200", "+31622400s"),
            ("milliseconds", "1500", "+1.5s"), ("milliseconds", "0.5", "+0.0005s"),
            ("seconds", "0", "+0s"), ("seconds", "0.0000001", "+1e-06s"),
            ("http-date", "Fri, 20 Nov 2026 10:00:07 GMT", "+7s"), ("http-date", "7", "+7s"),
            ("seconds", "Fri, 20 Nov 2026 10:00:07 GMT", "+7s"),
        ]
    )
    func possibleReset(form: String, value: String, moment: String) throws {
        let report = try profile("readings: [{ reset: x-reset, as: \(form) }]")
            .answer(200, "x-reset: \(value)")
        #expect(report.lines == ["? of ?, resets \(moment)"])
    }

    @Test("a header with two different values gives nothing, whichever comes last")
    func repeated() throws {
        let profile = try profile(Self.keys)
        for headers in ["X-Limit: 9\nx-limit: 8", "x-limit: 8\nX-Limit: 9"] {
            let report = profile.answer(200, headers + "\nx-remaining: 7")
            #expect(
                report.lines == [
                    "? of ?, 7 left", "unread x-limit: repeated with different values",
                ]
            )
        }
        let report = profile.answer(429, "Retry-After: 9\nRetry-After: 10")
        #expect(
            report.lines == ["limited", "unread retry-after: repeated with different values"]
        )
    }

    @Test("more left than the limit is noted, and nothing derived from it")
    func aboveLimit() throws {
        let report = try profile(Self.keys).answer(200, "x-limit: 9\nx-remaining: 10\nx-name: a")
        #expect(
            report.lines == [
                "a: ? of 9, 10 left", "unread a: more remains than the limit allows",
            ]
        )
    }

    @Test("a limit is derived from what is used and left, unless it is beyond all limits")
    func derivedLimit() throws {
        let profile = try profile(Self.keys)
        #expect(profile.answer(200, "x-used: 2\nx-remaining: 7").lines == ["2 of 9, 7 left"])
        let most = "1000000000000000"
        #expect(
            profile.answer(200, "x-used: \(most)\nx-remaining: 1").lines == [
                "\(most) of ?, 1 left", "unread limit: a number beyond all limits",
            ]
        )
    }

    @Test(
        "a name that cannot be shown is none",
        arguments: ["", "a\u{1B}[2J", "é", String(repeating: "a", count: 65)]
    )
    func badName(name: String) throws {
        let report = try profile(Self.keys).answer(200, "x-limit: 9\nx-name: \(name)")
        #expect(report.lines == ["? of 9", "unread x-name: not in the documented form"])
    }

    @Test("a window in milliseconds is whole seconds or nothing")
    func milliseconds() throws {
        let profile = try profile("readings: [{ limit: x-limit, interval: x-interval }]")
        #expect(profile.answer(200, "x-limit: 9\nx-interval: 2000").lines == ["2s: ? of 9"])
        #expect(
            profile.answer(200, "x-limit: 9\nx-interval: 1500").lines == [
                "? of 9", "unread x-interval: no whole seconds, or more than a year of them",
            ]
        )
    }

    @Test("a window's length or a name without any count is no limit")
    func nothingCounted() throws {
        let report = try profile(Self.keys).answer(200, "x-period: 60\nx-name: core")
        #expect(report.lines == [])
    }
}
