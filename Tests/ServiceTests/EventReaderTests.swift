import DaybookTesting
import Foundation
import Ledger
import Service
import Testing

@Suite struct EventReaderTests {
    typealias Headers = [(name: String, value: String)]

    static let structured = "application/cloudevents+json"
    static let batch = "application/cloudevents-batch+json"

    static func event(_ id: String = "e1", more: String = "") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"shop","type":"order.paid"\#(more)}"#
    }

    private func read(
        _ type: String?,
        _ headers: Headers = [],
        _ body: String
    ) throws(APIProblem) -> [Draft] {
        var reader = EventReader(reserved: ["stripe", "klaviyo-products"])
        return try reader.drafts(contentType: type, headers: headers, body: Array(body.utf8))
    }

    static let binary: Headers = [
        ("ce-specversion", "1.0"), ("ce-id", "e1"), ("ce-source", "shop"),
        ("CE-Type", "order.paid"),
    ]

    // MARK: - Modes

    @Test(
        "one event in structured mode",
        arguments: [
            structured, "application/json", "Application/CloudEvents+JSON; charset=UTF-8",
            "application/json;charset=\"utf-8\"",
        ]
    )
    func one(type: String) throws {
        let more =
            #","subject":"order:1","time":"2026-11-21T10:00:00+01:00","data":{"a": 1},"tenant":7"#
        let drafts = try read(type, [], " " + Self.event(more: more))
        try #require(drafts.count == 1)
        let draft = drafts[0]
        #expect(draft.source == "shop")
        #expect(draft.id == "e1")
        #expect(draft[.type] == "order.paid")
        #expect(draft[.kind] == "fact")
        #expect(draft[.subject] == "order:1")
        #expect(draft[.time] == "2026-11-21T09:00:00Z")
        #expect(draft[.authid] == nil)
        let found = try #require(bodyParts(draft))
        #expect(found.content == #"{"a": 1}"#)
        #expect(found.meta == #"{"extensions":{"tenant":7}}"#)
    }

    @Test("a batch is read whole, in order", arguments: [batch, "application/json"])
    func many(type: String) throws {
        let text = "\r\n[" + (0..<1000).map { Self.event("e\($0)") }.joined(separator: " ,\n") + "]"
        let drafts = try read(type, [], text)
        #expect(drafts.map(\.id) == (0..<1000).map { "e\($0)" })
        #expect(try read(type, [], "[]").isEmpty)
    }

    @Test("one event in binary mode: the body as it is, whatever its type")
    func binaryMode() throws {
        let headers: Headers =
            Self.binary + [
                ("ce-subject", "order:1"), ("ce-time", "2026-11-21T10:00:00Z"),
                ("ce-tenant", "\"7\""),
                ("ce-correlationid", "c1"), ("X-Other", "ce-"), ("Host", "h"),
            ]
        let drafts = try read("text/csv; header=present", headers, "a,b\n1,2\n")
        let draft = try #require(drafts.first)
        #expect(draft.id == "e1")
        #expect(draft[.type] == "order.paid")
        #expect(draft[.subject] == "order:1")
        #expect(draft[.correlationid] == "c1")
        #expect(draft[.datacontenttype] == "text/csv; header=present")
        let found = try #require(bodyParts(draft))
        #expect(found.content == "a,b\n1,2\n")
        #expect(found.meta == #"{"extensions":{"tenant":"7"}}"#)
        // With a type of JSON as well, and with none and no body.
        #expect(bodyParts(try read("application/json", Self.binary, "[1]")[0])?.content == "[1]")
        let empty = try read(nil, Self.binary, "")[0]
        #expect(empty.body == nil)
        #expect(empty[.datacontenttype] == nil)
    }

    @Test(
        "values of headers are decoded as the HTTP binding has it",
        arguments: [
            ("plain", "plain"), ("Euro%20%E2%82%AC%20%F0%9F%98%80", "Euro € 😀"),
            ("%e2%82%ac", "€"), ("%41%42", "AB"), ("%2541", "%41"), ("a b", "a b"), ("a+b", "a+b"),
            (#""quoted \"part\" \\ %20""#, #"quoted "part" \  "#), (#"a"b"c"#, "abc"),
            ("%22", "\""),
        ]
    )
    func decoding(value: String, expected: String) throws {
        let draft = try read(nil, Self.binary + [("ce-subject", value)], "")[0]
        #expect(draft[.subject] == expected)
    }

    @Test(
        "what no sender of the binding writes is refused",
        arguments: [
            "%", "%4", "%G0", "a%", "%%41", "%+1", "%C0%A0", "%ED%A0%80", "%FF", "€", "caf\u{E9}",
            "\u{FFFD}",
            "%00", "%0A", "%0d%0a", "%7F", "%C2%85", "\"open", "\"open\\\"", "\u{1}",
        ]
    )
    func badValues(value: String) {
        let problem = #expect(throws: APIProblem.self) {
            try read(nil, Self.binary + [("ce-subject", value)], "")
        }
        #expect(problem?.status == 400)
        #expect(problem?.detail.contains("ce-subject") == true)
    }

    @Test(
        "headers that name no attribute are refused, and so is one that stands twice",
        arguments: [
            "ce-", "ce-a_b", "ce-a-b", "ce-é", "ce-data", "ce-datacontenttype", "ce-id", "CE-ID",
            "ce-source", "ce-" + String(repeating: "a", count: 65),
        ]
    )
    func badNames(name: String) {
        let problem = #expect(throws: APIProblem.self) {
            try read("text/plain", Self.binary + [(name, "x")], "x")
        }
        #expect(problem?.status == 400)
    }

    @Test("each attribute that must be there is missed", arguments: binary.indices)
    func missing(index: Int) {
        var headers = Self.binary
        let removed = headers.remove(at: index)
        let problem = #expect(throws: APIProblem.self) { try read(nil, headers, "") }
        // Without specversion it is no binary mode at all.
        #expect(problem?.status == (removed.name == "ce-specversion" ? 415 : 400))
    }

    // MARK: - What is refused

    @Test(
        "a content type that cannot be is 415, and is told shortly",
        arguments: [
            nil, "", "text/plain", "application/cloudevents", "application/cloudevents+avro",
            "application/cloudevents-batch+xml", "application/x-www-form-urlencoded", ";", "a;b;c",
            "application/json; charset=utf-16", "application/cloudevents+json; charset=latin1",
            String(repeating: "x", count: 10_000),
        ] as [String?]
    )
    func types(type: String?) {
        // Headers of binary mode make no other form of CloudEvents readable.
        let isEvents = type?.hasPrefix("application/cloudevents") == true
        let problem = #expect(throws: APIProblem.self) {
            try read(type, isEvents ? Self.binary : [], Self.event())
        }
        #expect(problem?.status == 415)
        #expect((problem?.detail.utf8.count ?? 0) < 500)
    }

    @Test(
        "what is no CloudEvent is 400",
        arguments: [
            "", " ", "{", "null", "1", "\"\"", "{}", "[]", event() + event(), "[\(event())]",
            event(more: #","id":"e2""#), event(more: #","data":1,"data_base64":"AA==""#),
            event(more: #","data_base64":"A""#), event(more: #","data_base64":7"#),
            event(more: #","time":"yesterday""#), event(more: #","subject":7"#),
            event(more: #","x":1,"x":2"#), event(""), event("a\\u0000b"),
            event(String(repeating: "i", count: 1025)),
            event().replacing("1.0", with: "0.3"),
            event().replacing("\"shop\"", with: "\"daybook\""),
            event(more: ",\"subject\":\"" + String(repeating: "s", count: 70_000) + "\""),
            event(
                more: ",\"data\":" + String(repeating: "[", count: 65)
                    + String(repeating: "]", count: 65)
            ),
            event(more: ",\"data\":\"\u{0}\""),
        ]
    )
    func malformed(text: String) {
        let problem = #expect(throws: APIProblem.self) { try read(Self.structured, [], text) }
        #expect(problem?.status == 400, "\(String(describing: problem))")
        #expect(problem?.index == nil)
    }

    @Test("bytes that are not UTF-8 are refused")
    func notUTF8() {
        var body = Array(Self.event().utf8)
        body[20] = 0xFF
        let problem = #expect(throws: APIProblem.self) {
            var reader = EventReader(reserved: [])
            return try reader.drafts(contentType: Self.structured, headers: [], body: body)
        }
        #expect(problem?.status == 400)
    }

    @Test(
        "of a batch with one bad event nothing is taken, and it is told which",
        arguments: [0, 1, 500, 999]
    )
    func badOne(bad: Int) {
        let events = (0..<1000).map { $0 == bad ? "{\"id\":1}" : Self.event("e\($0)") }
        let problem = #expect(throws: APIProblem.self) {
            try read(Self.batch, [], "[" + events.joined(separator: ",") + "]")
        }
        #expect(problem?.status == 400)
        #expect(problem?.index == bad)
        #expect(problem?.description.hasPrefix("event \(bad): ") == true)
    }

    @Test("a batch of more than 1,000 is refused by its number", arguments: [1001, 500_000])
    func tooMany(count: Int) {
        let text = "[" + [String](repeating: "1", count: count).joined(separator: ",") + "]"
        let problem = #expect(throws: APIProblem.self) { try read(Self.batch, [], text) }
        #expect(problem?.status == 413)
        #expect(problem?.detail.contains("\(count)") == true)
    }

    @Test("a batch is an array", arguments: ["{}", event(), "1", "[", "[1,]", ""])
    func noBatch(text: String) {
        let problem = #expect(throws: APIProblem.self) { try read(Self.batch, [], text) }
        #expect(problem?.status == 400)
    }

    @Test("nobody speaks for a configured source", arguments: ["stripe", "klaviyo-products"])
    func reserved(source: String) {
        let text = Self.event().replacing("\"shop\"", with: "\"\(source)\"")
        for (type, body, index) in [
            (Self.structured, text, nil), (Self.batch, "[\(Self.event()),\(text)]", 1),
        ] as [(String, String, Int?)] {
            let problem = #expect(throws: APIProblem.self) { try read(type, [], body) }
            #expect(problem?.status == 403)
            #expect(problem?.word == "reserved-source")
            #expect(problem?.index == index)
        }
        // Escapes do not get around it.
        let escaped = text.replacing(
            source,
            with: "\\u00" + String(source.utf8.first ?? 0, radix: 16) + source.dropFirst()
        )
        #expect(throws: APIProblem.self) { try read(Self.structured, [], escaped) }
        let headers =
            Self.binary.filter { $0.name != "ce-source" } + [
                ("ce-source", "%\(String(source.utf8.first ?? 0, radix: 16))\(source.dropFirst())")
            ]
        let problem = #expect(throws: APIProblem.self) { try read(nil, headers, "") }
        #expect(problem?.status == 403)
    }

    @Test("a sender cannot set what the log or the service says of an event")
    func ownAttributes() throws {
        let more =
            #","authid":"root","authtype":"token","kind":"admin","outcome":"failed","#
            + #""sequence":"00000000000000000000","prevhash":"0","recordedtime":"x","status":200"#
        let draft = try read(Self.structured, [], Self.event(more: more))[0]
        #expect(draft[.authid] == nil)
        #expect(draft[.kind] == "fact")
        #expect(draft.outcome == .accepted)
        let headers: Headers = Self.binary + [("ce-authid", "root"), ("ce-kind", "admin")]
        let other = try read(nil, headers, "")[0]
        #expect(other[.authid] == nil)
        #expect(other[.kind] == "fact")
    }

    // MARK: - Many

    @Test("what a sender encodes by the binding comes back, whatever characters it has")
    func encodingRoundTrip() throws {
        var chance = SeededChance(seed: 7)
        for _ in 0..<500 {
            var text = ""
            for _ in 0..<Int.random(in: 1...20, using: &chance) {
                let limit: UInt32 = Bool.random(using: &chance) ? 0x7F : 0x11_0000
                let code = UInt32.random(in: 0x20..<limit, using: &chance)
                guard let scalar = Unicode.Scalar(code),
                    scalar.properties.generalCategory != .control
                else { continue }
                text.unicodeScalars.append(scalar)
            }
            let value = text.utf8.map { byte -> String in
                let isPlain = (0x21..<0x7F).contains(byte) && byte != 0x22 && byte != 0x25
                return isPlain
                    ? String(UnicodeScalar(byte))
                    : "%" + (byte < 16 ? "0" : "")
                        + String(byte, radix: 16, uppercase: Bool.random(using: &chance))
            }
            let headers = Self.binary + [("ce-subject", value.joined())]
            #expect(try read(nil, headers, "")[0][.subject] == text)
        }
    }

    @Test("a body with bytes changed at random is read or refused, never more")
    func fuzz() {
        var chance = SeededChance(seed: 11)
        let texts = [
            Self.event(more: #","time":"2026-11-21T10:00:00Z","data":{"a":["\u00e9",1.5e3]}"#),
            "[\(Self.event()),\(Self.event("e2", more: #","data_base64":"AAEC""#))]",
        ]
        var outcomes = (read: 0, refused: 0)
        for round in 0..<4000 {
            var body = Array(texts[round % 2].utf8)
            for _ in 0..<Int.random(in: 1...4, using: &chance) {
                let place = Int.random(in: body.indices, using: &chance)
                switch Int.random(in: 0..<3, using: &chance) {
                case 0: body[place] = UInt8.random(in: 0...255, using: &chance)
                case 1: body.remove(at: place)
                default: body.insert(body[Int.random(in: body.indices, using: &chance)], at: place)
                }
            }
            do throws(APIProblem) {
                var reader = EventReader(reserved: [])
                let drafts = try reader.drafts(
                    contentType: "application/json",
                    headers: [],
                    body: body
                )
                #expect(drafts.count <= 2)
                outcomes.read += 1
            } catch {
                #expect(error.status == 400)
                outcomes.refused += 1
            }
        }
        #expect(outcomes.read > 100)
        #expect(outcomes.refused > 1000)
    }
}
