import Outbound
import Testing

/// Headers and bodies that are not in the form that is documented.
@Suite("forms that are not as documented")
struct HostileFormTests {
    @Test(
        "a ratio that is none gives nothing",
        arguments: [
            ("32", "not in the documented form"), ("32/40/48", "not in the documented form"),
            ("", "not in the documented form"), ("1/2, 3/4", "not in the documented form"),
            ("/40", "not a number"), ("32/", "not a number"), ("-1/40", "a negative number"),
            ("1/99999999999999999999", "a number beyond all limits"),
        ]
    )
    func badRatio(value: String, reason: String) throws {
        let report = try profile("readings: [{ ratio: x-ratio }]")
            .answer(200, "x-ratio: \(value)")
        #expect(report.lines == ["unread x-ratio: \(reason)"])
    }

    @Test("a ratio stays where what comes back is no number")
    func badRestore() throws {
        let report = try profile("readings: [{ ratio: x-ratio, restore: x-restore, per: shop }]")
            .answer(200, "x-ratio: 1/9\nx-restore: many")
        #expect(report.lines == ["per shop: 1 of 9, 8 left", "unread x-restore: not a number"])
    }

    @Test("a ratio is looked for behind its prefix and nowhere else")
    func prefix() throws {
        let profile = try profile("readings: [{ ratio: x-ratio, prefix: b= }]")
        #expect(profile.answer(200, "x-ratio: bb=1/9, b=2/8, ab=3/7").lines == ["2 of 8, 6 left"])
        #expect(
            profile.answer(200, "x-ratio: a=1/9").lines == [
                "unread x-ratio: not in the documented form"
            ]
        )
    }

    @Test(
        "a header with several windows tells the one in force, or is no number",
        arguments: [
            ("9;w=60", ["1m: ? of 9"]),
            ("9", ["? of 9"]),
            ("9, 9", ["? of 9"]),
            ("9, 9;w=1;burst=100;policy=\"a, b\", 90;w=60", ["1s: ? of 9", "1m: ? of 90"]),
            ("5,000", ["unread x-limit: not a number"]),
            ("9, 9;w=x", ["unread x-limit: not a number"]),
            ("9;w=0", ["unread x-limit: no whole seconds, or more than a year of them"]),
            (", 9;w=1", ["unread x-limit: not a number"]),
        ]
    )
    func quotas(value: String, says: [String]) throws {
        let report = try profile("readings: [{ limit: x-limit }]")
            .answer(200, "x-limit: \(value)")
        #expect(report.lines == says)
    }

    @Test(
        "the window in force has room for what remains and for the time until the reset",
        arguments: [
            (9, 1, "1s: 1 of 10, 9 left, resets +1s"), (9, 2, "1m: 141 of 150, 9 left, resets +2s"),
            (11, 1, "1m: 139 of 150, 11 left, resets +1s"),
        ]
    )
    func room(remaining: Int, reset: Int, says: String) throws {
        let report = try profile(
            "readings: [{ limit: x-limit, remaining: x-left, reset: x-reset, as: seconds }]"
        ).answer(
            200,
            "x-limit: 10, 10;w=1, 150;w=60\nx-left: \(remaining)\nx-reset: \(reset)"
        )
        #expect(report.lines.first == says)
    }

    @Test("where no window has room for what remains, none is in force")
    func noRoom() throws {
        let report = try profile("readings: [{ limit: x-limit, remaining: x-left }]")
            .answer(200, "x-limit: 9, 9;w=1\nx-left: 50")
        #expect(
            report.lines == [
                "? of 9, 50 left", "1s: ? of 9",
                "unread limit: more remains than the limit allows",
            ]
        )
    }

    @Test(
        "members are found in any order, and quotes hide what parts them",
        arguments: [
            (#""a";t=5;r=1"#, ["a: ? of ?, 1 left, resets +5s"]),
            (#""a;r=9,b" ; r = 1"#, ["a;r=9,b: ? of ?, 1 left"]),
            (#""a";x="r=9;,";r=1"#, ["a: ? of ?, 1 left"]),
            (#""a\",;b";r=1"#, ["a,;b: ? of ?, 1 left"]),
            (#"a;r=1, b;r=2"#, ["a: ? of ?, 1 left", "b: ? of ?, 2 left"]),
            (#"a;r=1, a;r=2"#, ["a: ? of ?, 1 left", "a: ? of ?, 2 left"]),
            (#"a;r=1;r=2"#, ["unread x-list r: repeated with different values"]),
            (#"a;r=x;t=5"#, ["a: ? of ?, resets +5s", "unread x-list r: not a number"]),
            (#""a"#, ["unread x-list: not in the documented form"]),
            (#"a;q=1"#, ["unread x-list: not in the documented form"]),
            ("", ["unread x-list: not in the documented form"]),
        ]
    )
    func fields(value: String, says: [String]) throws {
        let report = try profile(
            "readings: [{ fields: x-list, remaining: r, reset: t, as: seconds }]"
        )
        .answer(200, "x-list: \(value)")
        #expect(report.lines == says)
    }

    @Test("two headers complete a limit only where they do not contradict each other")
    func contradiction() throws {
        let profile = try profile(
            """
            readings:
              - { fields: x-list, remaining: r, period: w }
              - { fields: x-policy, limit: q, period: w }
            """
        )
        #expect(
            profile.answer(200, "x-list: a;r=1\nx-policy: a;q=9;w=60").lines == [
                "a 1m: 8 of 9, 1 left"
            ]
        )
        #expect(
            profile.answer(200, "x-list: a;r=1;w=1\nx-policy: a;q=9;w=60").lines == [
                "a 1s: ? of ?, 1 left", "a 1m: ? of 9",
            ]
        )
    }

    @Test("the first that names the problem is believed, and only where there is one")
    func problem() throws {
        let profile = try profile("readings: [{ problem: a }, { problem: b }, { problem: /c }]")
        let body = #"{"c":"three"}"#
        #expect(profile.answer(429, "b: two\na: one", body: body).problem == "one")
        #expect(profile.answer(429, "b: two", body: body).problem == "two")
        #expect(profile.answer(429, "", body: body).problem == "three")
        #expect(profile.answer(200, "a: one", body: body).problem == nil)
    }

    @Test("a pattern of names finds only names that have something in its place")
    func pattern() throws {
        let report = try profile(
            #"readings: [{ fields: "x-rate-*", separator: ",", limit: max }]"#
        ).answer(200, "x-rate-: max=1\nx-rate: max=2\nX-Rate-A: max=3, min=0\nax-rate-b: max=4")
        #expect(report.lines == ["a: ? of 3"])
    }

    @Test(
        "JSON in a header that is none, or has nothing of it, is noted",
        arguments: [
            ("", "not JSON that is accepted"), ("{", "not JSON that is accepted"),
            ("{}", "not in the documented form"),
            ("[]", "not in the documented form"), ("7", "not in the documented form"),
            (#"{"1":[]}"#, "not in the documented form"),
            (#"{"1":{"calls":5}}"#, "not in the documented form"),
            (String(repeating: "[", count: 100), "not JSON that is accepted"),
            ("[" + String(repeating: " ", count: 70_000) + "]", "not JSON that is accepted"),
        ]
    )
    func badJSON(value: String, reason: String) throws {
        let report = try profile("readings: [{ percent: x-usage, members: [calls] }]")
            .answer(200, "x-usage: \(value)")
        #expect(report.lines == ["unread x-usage: \(reason)"])
    }

    @Test("a member of JSON that is no percentage is noted, the others stay")
    func badMember() throws {
        let report = try profile("readings: [{ percent: x-usage, members: [a, b, c, d, e] }]")
            .answer(200, #"x-usage: {"a":-1,"b":1e300,"c":null,"d":"7","e":[]}"#)
        #expect(
            report.lines == [
                "d: 7 of 100%, 93 left", "unread x-usage a: a negative number",
                "unread x-usage b: not a number", "unread x-usage c: not a number",
                "unread x-usage e: not a number",
            ]
        )
    }

    @Test("percentages stay where the time until access is regained is none")
    func badRegain() throws {
        let report = try profile("readings: [{ percent: x-usage, members: [a] }]")
            .answer(200, #"x-usage: {"a":100,"estimated_time_to_regain_access":"soon"}"#)
        #expect(
            report.lines == [
                "a: 100 of 100%, 0 left",
                "unread x-usage estimated_time_to_regain_access: not a number",
            ]
        )
    }

    @Test("access that is refused is used up, whatever the percentages say")
    func refused() throws {
        let report = try profile("readings: [{ percent: x-usage, members: [a] }]")
            .answer(429, #"x-usage: {"a":40,"estimated_time_to_regain_access":5}"#)
        #expect(
            report.lines == [
                "a: 40 of 100%, 60 left, resets +300s", "limited", "retry at +300s", "problem a",
            ]
        )
    }

    @Test("a body that is no JSON is noted where it is read, or where it is an error")
    func badBody() throws {
        let reading = "readings: [{ body: /a, limit: b }]"
        let unread = ["unread body: not JSON that is accepted"]
        #expect(try profile(reading).answer(200, "", body: "<html>").lines == unread)
        #expect(try profile(reading).answer(200, "", body: "").lines == [])
        #expect(try profile(reading).answer(200, "", body: "{}").lines == [])
        let codes = "limited_codes: [X]"
        #expect(try profile(codes).answer(200, "", body: "<html>").lines == [])
        #expect(try profile(codes).answer(500, "", body: "<html>").lines == unread)
        #expect(try profile("limited: [429]").answer(429, "", body: "<").lines == ["limited"])
        let list = try profile(reading).answer(200, "", body: #"{"a":[1]}"#)
        #expect(list.lines == ["unread /a: not in the documented form"])
        let text = try profile(reading).answer(200, "", body: #"{"a":{"b":"x"}}"#)
        #expect(text.lines == ["unread /a b: not a number"])
    }

    @Test(
        "a code counts among errors only",
        arguments: [
            (200, #"{"code":"X"}"#, false), (200, #"{"data":{"error":{"code":"X"}}}"#, false),
            (200, #"{"error":"X"}"#, true), (200, #"{"errors":["X"]}"#, true),
            (200, #"{"errors":[{"extensions":{"code":"X"}}]}"#, true),
            (200, #"{"errors":[{"message":"X"}]}"#, false),
            (400, #"{"code":"X"}"#, true), (400, #"[{"errorCode":"X"}]"#, true),
            (400, #"{"o:errorDetails":[{"o:errorCode":"X"}]}"#, true),
            (400, #"{"code":"XY"}"#, false), (400, #"{"data":{"code":"X"}}"#, false),
            (429, #"{"error":{"code":4}}"#, true), (400, #"{"error":{"code":4.0}}"#, false),
            (400, #"{"error":[[[[[[[[[["X"]]]]]]]]]]}"#, false),
        ]
    )
    func codes(status: Int, body: String, isLimited: Bool) throws {
        let report = try profile("limited_codes: [X, 4]").answer(status, "", body: body)
        #expect(report.isLimited == isLimited)
    }

    @Test("a flood of windows in one header is no limit")
    func windows() throws {
        let windows = (1...100).map { "9;w=\($0)" }.joined(separator: ", ")
        let report = try profile("readings: [{ limit: x-limit }]")
            .answer(200, "x-limit: \(windows)")
        #expect(report.lines == ["unread x-limit: more of them than are looked at"])
    }

    @Test("a flood of members in one list is cut, and the cut is told")
    func members() throws {
        let members = (1...100).map { "a\($0);r=1" }.joined(separator: ", ")
        let report = try profile("readings: [{ fields: x-list, remaining: r }]")
            .answer(200, "x-list: \(members)")
        #expect(report.limits.count == OutboundLimits.entries)
        #expect(report.unread.map(\.reason) == [.tooMany])
    }

    @Test("a flood of limits and of mistakes is cut, and the cut is told")
    func flood() throws {
        let profile = try profile(
            #"readings: [{ fields: "x-*", separator: ";", limit: a, used: b }]"#
        )
        let good = profile.answer(200, (0..<1000).map { "x-\($0): a=1" }.joined(separator: "\n"))
        #expect(good.limits.count == OutboundLimits.reported)
        #expect(good.unread.map(\.reason) == [.tooMany])
        let bad = profile.answer(200, (0..<1000).map { "x-\($0): a=x" }.joined(separator: "\n"))
        #expect(bad.limits.isEmpty)
        #expect(bad.unread.count == OutboundLimits.reported)
    }
}
