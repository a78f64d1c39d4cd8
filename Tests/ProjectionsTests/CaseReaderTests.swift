import Bytes
import Ledger
import Testing
import YAML

@testable import Projections

@Suite("Files of cases")
struct CaseReaderTests {
    /// Lines 1 to 3; the fragment follows from line 4, column 3.
    private static func file(_ fragment: String) -> String {
        """
        - case: a story
          given:
            - { provider: shop, type: told, body: { id: a } }
          \(fragment)
        """
    }

    /// An event that is given in line 3, from column 5.
    private static func file(given event: String) -> String {
        "- case: a story\n  given:\n  - \(event)\n  then: []\n"
    }

    @Test(
        "are refused where they expect what cannot be",
        arguments: RefusalCase.list(
            """
            thn: []
            => c.yaml:4:3: unknown key "thn", expected "then"
            then: { item: a }
            => c.yaml:4:9: found a mapping, expected a list
            then: [{ state: open }]
            => c.yaml:4:10: missing key "item"
            then: [{ item: a, stat: open }]
            => c.yaml:4:21: unknown key "stat", expected "state"
            then: [{ item: a, state: opn }]
            => c.yaml:4:28: found "opn", expected "open"
            then: [{ item: a, top: "5" }]
            => c.yaml:4:26: found "5", expected an integer
            then: [{ item: a, top: 5.0 }]
            => c.yaml:4:26: found "5.0", expected an integer
            then: [{ item: a, seen: yesterday }]
            => c.yaml:4:27: found "yesterday", expected a time such as 2026-11-21T10:00:00Z
            then: [{ item: a, busiest: 5 }]
            => c.yaml:4:30: found "5", expected a time such as 2026-11-21T10:00:00Z
            then: [{ item: a, live: maybe }]
            => c.yaml:4:27: found "maybe", expected true or false
            then: [{ item: a, word: of }]
            => c.yaml:4:27: found "of", expected "on"
            then: [{ item: a, paid: 12.50 }]
            => c.yaml:4:27: found "12.50", expected an exact amount such as \
            { amount: "12.50", currency: EUR }
            then: [{ item: a, paid: { amount: "12.505", currency: EUR } }]
            => c.yaml:4:37: found "12.505", expected an exact amount of EUR, such as "12.50"
            then: [{ item: a, tags: red }]
            => c.yaml:4:27: found "red", expected a list
            then: [{ item: a, tags: [red, red] }]
            => c.yaml:4:33: found "red" a second time, expected each value once
            then: [{ item: a, moods: [gla] }]
            => c.yaml:4:29: found "gla", expected "glad"
            then: [{ item: a, refunds: [1] }]
            => c.yaml:4:30: found a list, expected a mapping
            then: [{ item: a }, { item: a }]
            => c.yaml:4:23: found row "a" a second time, expected it once
            waiting: pi
            => c.yaml:4:12: found "pi", expected a list
            quarantined: [e2]
            => c.yaml:4:17: found "e2", expected "e1"
            ignored: -1
            => c.yaml:4:12: found "-1", expected an integer from 0 to 1000000
            unmapped: few
            => c.yaml:4:13: found "few", expected an integer from 0 to 1000000
            at: 2026-11-21⏎  then: []
            => c.yaml:4:7: found "2026-11-21", expected a time such as 2026-11-21T10:00:00Z
            in_order: yes⏎  then: []
            => c.yaml:4:13: found "yes", expected true or false
            in_order: true
            => c.yaml:1:3: found nothing that is expected, expected "then", for one
            then: []⏎- { case: a story, given: [{ provider: shop, type: told }], then: [] }
            => c.yaml:5:3: found the case "a story" a second time, expected it at line 1 only
            """
        )
    )
    func refused(refusal: RefusalCase) {
        #expect(CaseSample.refusal(of: Self.file(refusal.fragment)) == refusal.message)
    }

    @Test(
        "are refused where they give what no log could hold",
        arguments: RefusalCase.list(
            """
            told
            => c.yaml:3:5: found "told", expected a mapping
            { provider: shop, typ: told }
            => c.yaml:3:23: unknown key "typ", expected "type"
            { provider: shop, recordedtime: 2026-11-21T10:00:00Z, type: told }
            => c.yaml:3:23: unknown key "recordedtime", expected "recorded"
            { provider: shop }
            => c.yaml:3:5: missing key "type"
            { type: told }
            => c.yaml:3:5: missing key "source", expected "provider", "service" or "source"
            { provider: shop, type: ~ }
            => c.yaml:3:29: found null, expected a text
            { provider: shop, type: told, kind: hook }
            => c.yaml:3:41: found "hook", expected one of webhook, call, delivery, sync, fact, admin
            { provider: shop, type: told, outcome: ok }
            => c.yaml:3:44: found "ok", expected one of accepted, rejected, \
            duplicate, conflict, succeeded, failed
            { provider: shop, type: told, time: 10:00 }
            => c.yaml:3:41: found "10:00", expected a time such as 2026-11-21T10:00:00Z
            { provider: shop, type: told, recorded: 10:00 }
            => c.yaml:3:45: found "10:00", expected a time such as 2026-11-21T10:00:00Z
            { provider: shop, type: told, status: OK }
            => c.yaml:3:43: found "OK", expected an integer from 0 to 2147483647
            { provider: shop, type: told, status: "200" }
            => c.yaml:3:43: found "200", expected an integer from 0 to 2147483647
            { provider: shop, type: told, headers: [a] }
            => c.yaml:3:44: found a list, expected a mapping
            { provider: shop, type: told, headers: { a: ~ } }
            => c.yaml:3:49: found null, expected a text
            { provider: shop, type: told, raw: x, body: {} }
            => c.yaml:3:43: found "body" beside "raw", expected one of them
            { provider: shop, type: told, body: {}, response: {} }
            => c.yaml:3:45: found "response" beside "body", expected one of them
            { provider: shop, type: told, raw: [a] }
            => c.yaml:3:40: found a list, expected a text
            { provider: shop, type: told, erased: no }
            => c.yaml:3:43: found "no", expected true or false
            """
        )
    )
    func refusedEvent(refusal: RefusalCase) {
        #expect(CaseSample.refusal(of: Self.file(given: refusal.fragment)) == refusal.message)
    }

    @Test("are refused without a sentence or without events, and where they are no mappings")
    func refusedWhole() {
        #expect(CaseSample.refusal(of: "- 5") == "c.yaml:1:3: found \"5\", expected a mapping")
        #expect(
            CaseSample.refusal(of: "{ given: [], then: [] }") == "c.yaml:1:1: missing key \"case\""
        )
        #expect(
            CaseSample.refusal(of: "{ case: x, then: [] }") == "c.yaml:1:1: missing key \"given\""
        )
        #expect(
            CaseSample.refusal(of: "{ case: x, given: [], then: [] }")
                == "c.yaml:1:19: found 0 events, expected 1 to 64"
        )
    }

    @Test("may have one case without a list, and none")
    func one() throws {
        let cases = try CaseSample.read(
            "{ case: x, given: [{ provider: shop, type: told }], then: [] }"
        )
        #expect(cases.map(\.name) == ["x"])
        #expect(try CaseSample.read("[]").isEmpty)
    }

    // MARK: - Events

    private static func line(_ event: GivenEvent) -> [String: String] {
        let bytes = event.line.line(at: 7)
        var attributes: [String: String] = [:]
        Line(bytes.span).forEach { name, text, _ in attributes[name] = text }
        return attributes
    }

    private static func events(_ yaml: String) throws -> [GivenEvent] {
        let story = try CaseSample.read("{ case: x, then: [], given: [\(yaml)] }")
        return try #require(story.first).given
    }

    @Test("give events that are lines of a log, with all that is not said filled in")
    func defaults() throws {
        let events = try Self.events("{ provider: shop, type: told }, { provider: shop, type: b }")
        let line = Self.line(events[1])
        #expect(
            line == [
                "id": "e2", "kind": "webhook", "outcome": "accepted", "provider": "shop",
                "prevhash": String(repeating: "0", count: 64), "specversion": "1.0",
                "recordedtime": "2026-11-21T00:00:01.000000Z", "source": "shop", "type": "b",
                "sequence": "00000000000000000007",
            ]
        )
        #expect(events[1].record == nil)
    }

    @Test("give events that are lines of a log, with all that is said")
    func attributes() throws {
        let event = try Self.events(
            """
            { kind: call, service: xero, id: "a\\"b", time: "2026-11-21T10:00:00+01:00",
              recorded: 2026-11-21T10:00:00.5Z, subject: "order:1", method: GET, path: /x,
              status: 429, attempt: 2, durationms: 15, ratelimit: 60/1m 5000/1d,
              correlationid: c, source: api }
            """
        )[0]
        let line = Self.line(event)
        #expect(line["type"] == "api.call")
        #expect(line["outcome"] == "succeeded")
        #expect(line["id"] == "a\"b")
        #expect(line["time"] == "2026-11-21T09:00:00Z")
        #expect(line["recordedtime"] == "2026-11-21T10:00:00.500000Z")
        #expect(line["status"] == "429")
        #expect(line["ratelimit"] == "60/1m 5000/1d")
        #expect(line["source"] == "api")
        #expect(line["bodyhash"] == nil)
    }

    @Test(
        "turn a body into JSON, plain scalars by JSON's grammar and quoted ones as texts",
        arguments: [
            ("{ a: 1, b: -0.50, c: 1e3, d: 12.0 }", #"{"a":1,"b":-0.50,"c":1e3,"d":12.0}"#),
            (#"{ a: "1", b: 'true', c: "null" }"#, #"{"a":"1","b":"true","c":"null"}"#),
            ("{ a: true, b: false, c: null, d: ~ }", #"{"a":true,"b":false,"c":null,"d":null}"#),
            (
                "{ a: yes, b: 007, c: 1., d: .5, e: +1 }",
                #"{"a":"yes","b":"007","c":"1.","d":".5","e":"+1"}"#
            ),
            (
                "{ a: 0x10, b: 1_000, c: NaN, d: -a }",
                #"{"a":"0x10","b":"1_000","c":"NaN","d":"-a"}"#
            ),
            ("[a, [b], { c: [] }, {}]", #"["a",["b"],{"c":[]},{}]"#),
            (#"{ "é\n\"": "\u0001" }"#, #"{"é\n\"":"\u0001"}"#),
            ("18446744073709551616", "18446744073709551616"),
            ("1E+2", "1E+2"), ("1e", #""1e""#), ("2026-11-21", #""2026-11-21""#),
        ]
    )
    func json(yaml: String, json: String) throws {
        let node = try parseYAML(yaml.utf8Span.span, file: "b")
        #expect(String(decoding: node.json, as: UTF8.self) == json)
    }

    @Test("keep content, headers and the parts of a call as a body record has them")
    func record() throws {
        let events = try Self.events(
            """
            { provider: shop, type: told, headers: { X-Shop: a, b: "1" }, body: { a: 1 } },
            { kind: call, service: x, request: { q: 1 }, response: [2] },
            { provider: shop, type: told, raw: "a=b&c" },
            { provider: shop, type: told, erased: true, body: { a: 1 } }
            """
        )
        func parts(_ event: GivenEvent) throws -> (meta: String, content: String) {
            let record = try #require(event.record)
            let found = BodyLayout(record.span)
            let layout = try #require(found)
            return (
                String(decoding: record[layout.meta], as: UTF8.self),
                String(decoding: record[layout.content], as: UTF8.self)
            )
        }
        let first = try parts(events[0])
        #expect(first.content == #"{"a":1}"#)
        #expect(
            first.meta == #"{"request":{"headers":[["X-Shop","a"],["b","1"]],"method":"POST","#
                + #""target":"/"}}"#
        )
        let call = try parts(events[1])
        #expect(call.content == #"{"q":1}[2]"#)
        #expect(call.meta.hasPrefix(#"{"lengths":[7,3],"request""#))
        #expect(try parts(events[2]).content == "a=b&c")
        #expect(events[3].record == nil)
        #expect(Self.line(events[3])["bodyhash"] != nil)
        #expect(Self.line(events[3])["bodysize"] == "7")
    }
}
