import Outbound
import Testing
import YAML

/// A piece of an entry and why it is refused.
struct BadEntry: Sendable, CustomTestStringConvertible {
    let text: String
    let message: String

    var testDescription: String { text }

    init(_ text: String, _ message: String) {
        self.text = text
        self.message = message
    }
}

/// What is said of entries that are not as the format has them.
@Suite("mistakes in a service's entry")
struct ProfileErrorTests {
    static let whole = [
        BadEntry("auth: none", #"1:1: missing key "base""#),
        BadEntry("base: https://a.example", #"1:1: missing key "auth""#),
        BadEntry("[]", "1:1: found a list, expected a mapping"),
        BadEntry(
            "base: http://a.example\nauth: none",
            #"1:7: found "http://a.example", expected a URL such as https://api.example.com"#
        ),
        BadEntry(
            "base: https:///a\nauth: none",
            #"1:7: found "https:///a", expected a URL such as https://api.example.com"#
        ),
        BadEntry(
            "base: https://{shop.example.com\nauth: none",
            #"1:7: found "https://{shop.example.com", "#
                + "expected a URL such as https://{shop}.example.com/api"
        ),
        BadEntry(
            "base: https://{}.example.com\nauth: none",
            #"1:7: found "https://{}.example.com", "#
                + "expected a URL such as https://{shop}.example.com/api"
        ),
        BadEntry(
            "base: https://a.example/{b\nauth: none",
            #"1:7: found "https://a.example/{b", expected a } after each {"#
        ),
        BadEntry(
            "base: https://a.example\nauth: beerer",
            #"2:7: found "beerer", expected "bearer""#
        ),
        BadEntry(
            "base: https://a.example\nauth: { headers: X }",
            #"2:9: unknown key "headers", expected "header""#
        ),
        BadEntry(
            "base: https://a.example\nauth: { header: A, query: b }",
            "2:7: found 2 ways, expected exactly one"
        ),
        BadEntry(
            "base: https://a.example\nauth: { header: A B }",
            #"2:17: found "A B", expected a header's name"#
        ),
        BadEntry(
            "base: https://a.example\nauth: { query: [a, a] }",
            #"2:20: found "a" twice, expected it once"#
        ),
        BadEntry(
            "base: https://a.example\nauth: { body: [] }",
            "2:15: found 0 entries, expected from 1 to 64"
        ),
        BadEntry(
            "base: https://a.example\nauth: { oauth2: { token: ftp://a } }",
            #"2:26: found "ftp://a", expected a URL such as https://api.example.com"#
        ),
    ]

    @Test("a mistake in base or auth is told with its place", arguments: whole)
    func wholeEntry(entry: BadEntry) {
        #expect(message { () throws(YAMLError) in try wholeProfile(entry.text) } == entry.message)
    }

    private static let rate =
        "expected COUNT/WINDOW such as 60/1m or 5000/1d, at most 4294967295"

    /// The third line is theirs.
    static let keys = [
        BadEntry("limit: 1/1s", #"3:1: unknown key "limit", expected "limits""#),
        BadEntry("limits: []", "3:9: found 0 entries, expected from 1 to 64"),
        BadEntry("limits: [60/1m]", #"3:10: found "60/1m", expected a mapping"#),
        BadEntry("limits: [{ limit: 60 }]", "3:19: found \"60\", \(rate)"),
        BadEntry("limits: [{ limit: 0/1m }]", "3:19: found \"0/1m\", \(rate)"),
        BadEntry("limits: [{ limit: 60/0m }]", "3:19: found \"60/0m\", \(rate)"),
        BadEntry("limits: [{ limit: 60/1w }]", "3:19: found \"60/1w\", \(rate)"),
        BadEntry("limits: [{ limit: 60/367d }]", "3:19: found \"60/367d\", \(rate)"),
        BadEntry("limits: [{ limit: 4294967296/1m }]", "3:19: found \"4294967296/1m\", \(rate)"),
        BadEntry("limits: [{ limit: 60/1m, pen: x }]", #"3:26: unknown key "pen", expected "per""#),
        BadEntry(
            "limits: [{ limit: 60/1m, bucket: 9 }]",
            "3:19: found both limit and bucket, expected one of them"
        ),
        BadEntry(
            "limits: [{ limit: 60/1m, restore: 1/1s }]",
            "3:35: found restore beside limit, expected it beside bucket only"
        ),
        BadEntry("limits: [{ bucket: 40 }]", #"3:10: missing key "restore""#),
        BadEntry(
            "limits: [{ bucket: 0, restore: 1/1s }]",
            #"3:20: found "0", expected an integer from 1 to 4294967295"#
        ),
        BadEntry("concurrent: 0", #"3:13: found "0", expected an integer from 1 to 100000"#),
        BadEntry("limited: 200", #"3:10: found "200", expected an integer from 400 to 599"#),
        BadEntry("limited: [429, 429]", "3:16: found 429 twice, expected it once"),
        BadEntry(
            "retry_after: { header: a, as: second }",
            #"3:31: found "second", expected "seconds""#
        ),
        BadEntry("retry_after: { as: epoch }", #"3:14: missing key "header""#),
        BadEntry(
            "confidence: certain",
            #"3:13: found "certain", expected "uncertain""#
        ),
        BadEntry(
            "idempotency: Idempotency-Key",
            #"3:14: found "Idempotency-Key", expected a mapping"#
        ),
        BadEntry(
            "idempotency: { kept: 1d }",
            "3:14: found 0 places of the key, expected one of header, query, body"
        ),
        BadEntry(
            "idempotency: { header: A, kept: 400d }",
            #"3:33: found "400d", expected a duration from 1ms to 366d"#
        ),
        BadEntry("request_id: a b", #"3:13: found "a b", expected a header's name"#),
    ]

    /// The third line is theirs.
    static let readings = [
        BadEntry(
            "readings: [{ limits: a }]",
            #"3:14: unknown key "limits", expected "limit""#
        ),
        BadEntry(
            "readings: [{ ratios: a }]",
            #"3:14: unknown key "ratios", expected "ratio""#
        ),
        BadEntry(
            "readings: [{ window: 1d }]",
            "3:12: found no count, expected limit, remaining, used or reset"
        ),
        BadEntry(
            "readings: [{ limit: a, reset: b }]",
            "3:12: found one of reset and as, expected both or neither"
        ),
        BadEntry(
            "readings: [{ limit: a, as: epoch }]",
            "3:12: found one of reset and as, expected both or neither"
        ),
        BadEntry(
            "readings: [{ reset: b, as: minutes }]",
            #"3:28: found "minutes", expected one of seconds, epoch, milliseconds, http-date"#
        ),
        BadEntry(
            "readings: [{ limit: a, window: 1d, period: b }]",
            "3:12: found several lengths of the window, expected one of window, period, interval"
        ),
        BadEntry(
            "readings: [{ limit: a, window: 60 }]",
            #"3:32: found "60", expected a window such as 10s, 1m, 1h or 1d"#
        ),
        BadEntry(
            "readings: [{ ratio: a, limit: b }]",
            #"3:24: unknown key "limit", expected one of ratio, prefix, window, per, restore"#
        ),
        BadEntry(
            #"readings: [{ fields: "a*b", limit: q }]"#,
            #"3:22: found "a*b", expected a header's name, with one * at its end at most"#
        ),
        BadEntry(
            #"readings: [{ fields: "*", limit: q }]"#,
            #"3:22: found "*", expected a header's name, with one * at its end at most"#
        ),
        BadEntry(
            #"readings: [{ fields: a, separator: "=", limit: q }]"#,
            #"3:36: found "=", expected one of ; , & |"#
        ),
        BadEntry("readings: [{ percent: a }]", #"3:12: missing key "members""#),
        BadEntry(
            "readings: [{ percent: a, members: [b], reset: c }]",
            "3:12: found one of reset and as, expected both or neither"
        ),
        BadEntry(
            "readings: [{ body: a/b, limit: c }]",
            #"3:20: found "a/b", expected a JSON Pointer such as /extensions/cost"#
        ),
        BadEntry(
            "readings: [{ problem: a, limit: b }]",
            #"3:26: unknown key "limit", expected "problem""#
        ),
    ]

    @Test("a mistake in any other key is told with its place", arguments: keys + readings)
    func entry(entry: BadEntry) {
        #expect(message { () throws(YAMLError) in try profile(entry.text) } == entry.message)
    }

    /// Line, column and message; `nil` if nothing is refused.
    private func message(_ read: () throws(YAMLError) -> ServiceProfile) -> String? {
        do {
            _ = try read()
            return nil
        } catch {
            return error.description.split(separator: ":", maxSplits: 1).last.map(String.init)
        }
    }
}
