import Bytes
import Catalog
import Digest
import JSON
import Ledger
import Testing
import Webhooks

@Suite("several events in one request")
struct PartsTests {
    /// A source of a provider that anybody may send as, with these lines in its entry.
    static func source(_ parts: String, content: String = "json") throws -> Source {
        let entry = """
            provider: batch
            about: Several at once.
            webhooks:
              scheme: none
              content: \(content)
              id: hash:body
              type: { is: batch }
              parts:
            \(parts.split(separator: "\n").map { "    \($0)" }.joined(separator: "\n"))
            """
        return try WebhooksTests.source(
            "shop: { provider: batch }",
            providers: OwnProviderTests.providers(entry)
        )
    }

    static func judged(_ body: String, _ source: Source, query: String = "") -> Verdict {
        judge(
            InboundRequest(
                method: "POST",
                target: "/hooks/shop\(query)",
                headers: [("x-shop", "eu")],
                body: Array(body.utf8)
            ),
            source
        )
    }

    /// The facts that a body makes, the webhook itself left out.
    static func facts(_ body: String, _ source: Source, query: String = "") throws -> [Draft] {
        let verdict = judged(body, source, query: query)
        guard case .accepted(let drafts, _) = verdict else {
            Issue.record("\(verdict.summary)")
            return []
        }
        #expect(drafts.first?[.kind] == "webhook" && drafts.first?.body != nil)
        #expect(drafts.dropFirst().allSatisfy { $0.cause == 0 && $0.body == nil })
        return Array(drafts.dropFirst())
    }

    static func digest(_ text: String) -> String {
        SHA256.hash(Array(text.utf8).span).withSpan { "sha256:" + Hex.encode($0) }
    }

    @Test(
        "parts are found where the entry says, and the line says where each stood",
        arguments: [
            ("/events", #"{"events":[{"id":"a"},{"id":"b"}]}"#, ["/events/0", "/events/1"]),
            ("", #"[{"id":"a"},{"id":"b"}]"#, ["/0", "/1"]),
            ("/a~1b/c~0d", #"{"a/b":{"c~d":[{"id":"a"}]}}"#, ["/a~1b/c~0d/0"]),
            (
                "/a/*/b", #"{"a":[{"b":[{"id":"a"}]},{},{"b":[]},{"b":[{"id":"b"},{"id":"c"}]}]}"#,
                ["/a/0/b/0", "/a/3/b/0", "/a/3/b/1"]
            ),
            ("/a/1/b", #"{"a":[{"b":[{"id":"a"}]},{"b":[{"id":"b"}]}]}"#, ["/a/1/b/0"]),
            ("/events", #"{"events":{"id":"a"}}"#, []), ("/events", "{}", []),
            ("/events", #"{"events":[]}"#, []), ("/events", #"{"events":null}"#, []),
            ("", #"{"id":"a"}"#, []), ("/a/*/b", #"{"a":{"b":[{"id":"a"}]}}"#, []),
        ]
    )
    func places(each: String, body: String, expected: [String]) throws {
        let source = try Self.source("each: \"\(each)\"\nid: /id\ntype: { is: t }")
        let facts = try Self.facts(body, source)
        #expect(facts.map { $0[.part] } == expected)
        #expect(Set(facts.map(\.id)).count == expected.count)
    }

    @Test("a part's values come from itself, from above it, from the request and from its headers")
    func values() throws {
        let source = try Self.source(
            """
            each: /entry/*/changes
            id: "{2/id}:{/n}"
            type: ["{request:/object}.{/field}", { is: t }]
            time: [{ from: /at, as: unix }, { from: 2/time, as: unix }]
            subject: "shop:{header:x-shop}/{query:q}/{1/0/n}/{hash:part}"
            """
        )
        let body = #"""
            {"object":"page","entry":[{"id":"e0","time":1772446530,"changes":
            [{"field":"feed","n":1},{"n":2,"at":1772446531}]}]}
            """#
        let facts = try Self.facts(body, source, query: "?q=z")
        #expect(facts.map(\.id) == ["e0:1", "e0:2"])
        #expect(facts.map { $0[.type] } == ["page.feed", "t"])
        #expect(facts.map { $0[.time] } == ["2026-03-02T10:15:30Z", "2026-03-02T10:15:31Z"])
        let first = Self.digest(#"{"field":"feed","n":1}"#)
        #expect(facts[0][.subject] == "shop:eu/z/1/\(first)")
        let second = Self.digest(#"{"at":1772446531,"n":2}"#)
        #expect(facts[1][.subject] == "shop:eu/z/1/\(second)")
    }

    @Test("as many levels up as there are, and none beyond")
    func levels() throws {
        for (pointer, expected) in [
            ("1/0/id", "a"), ("2/id", "r"), ("2/list/1/id", "b"), ("3/id", nil), ("9/id", nil),
            ("1/id", nil), ("2/none", nil),
        ] {
            let source = try Self.source(
                "each: /list\nid: [\(pointer), { is: x }]\ntype: { is: t }"
            )
            let facts = try Self.facts(#"{"id":"r","list":[{"id":"a"},{"id":"b"}]}"#, source)
            #expect(facts.map(\.id) == [expected ?? "x", expected ?? "x"], "\(pointer)")
        }
    }

    @Test("a part without an id is known by what it says, however that is written")
    func hash() throws {
        let source = try Self.source("each: /events\nid: /id\ntype: /type")
        let one = try Self.facts(#"{"events":[{"b":1,"a":[1.0,"x"]}]}"#, source)
        let other = try Self.facts(
            #"{"events": [ {"a" : [1, "\u0078"], "b":1} ], "more":2}"#,
            source
        )
        #expect(one.map(\.id) == [Self.digest(#"{"a":[1,"x"],"b":1}"#)])
        #expect(one.map(\.id) == other.map(\.id))
        #expect(one.map { $0[.type] } == ["webhook.part"])
        #expect(one.map { $0[.subject] } == [nil])
    }

    @Test("no part keeps the others or the webhook out, whatever it lacks")
    func poorParts() throws {
        let source = try Self.source("each: /events\nid: /id\ntype: /type\nsubject: 'a:{/id}'")
        let long = String(repeating: "i", count: 257)
        let body = #"""
            {"events":[null,1,"x",[],{},{"id":"","type":""},{"id":{},"type":[]},
            {"id":"\#(long)","type":"\#(long)"},
            {"id":"a\u0000","type":"t"},{"id":"good","type":"t"}]}
            """#
        let facts = try Self.facts(body, source)
        #expect(facts.count == 10)
        #expect(facts.dropLast().allSatisfy { $0.id.hasPrefix("sha256:") && $0.id.count == 71 })
        #expect(Set(facts.map(\.id)).count == 10)
        #expect(facts.prefix(8).allSatisfy { $0[.type] == "webhook.part" })
        #expect(facts.last?.id == "good" && facts.last?[.subject] == "a:good")
        let outcomes = try Recorded.outcomes(of: [Self.judged(body, source).drafts])
        #expect(outcomes == [Array(repeating: .accepted, count: 11)])
    }

    @Test("two parts that say the same are one")
    func twins() throws {
        let source = try Self.source("each: \"\"\nid: hash:part\ntype: { is: t }")
        let drafts = Self.judged(#"[{"a":1},{"a":2},{"a":1}]"#, source).drafts
        #expect(
            try Recorded.outcomes(of: [drafts]) == [[.accepted, .accepted, .accepted, .duplicate]]
        )
    }

    @Test("parts of several kinds come one kind after the other")
    func kinds() throws {
        let source = try Self.source(
            """
            - { each: /a, id: /id, type: { is: first } }
            - { each: /b, id: /id, type: { is: second } }
            """
        )
        let facts = try Self.facts(#"{"b":[{"id":"1"}],"a":[{"id":"2"},{"id":"3"}]}"#, source)
        #expect(facts.map(\.id) == ["2", "3", "1"])
        #expect(facts.map { $0[.type] } == ["first", "first", "second"])
    }

    @Test("2,000 parts are taken, more are refused as a whole", arguments: [2000, 2001, 4000])
    func limit(count: Int) throws {
        let source = try Self.source("each: /events/*/list\nid: /id\ntype: { is: t }")
        let half = (0..<count / 2).map { #"{"id":"a\#($0)"}"# }.joined(separator: ",")
        let rest = (count / 2..<count).map { #"{"id":"a\#($0)"}"# }.joined(separator: ",")
        let verdict = Self.judged(#"{"events":[{"list":[\#(half)]},{"list":[\#(rest)]}]}"#, source)
        if count == 2000 {
            #expect(verdict.drafts.count == 2001)
        } else {
            #expect(
                verdict.summary
                    == "413 too-many-parts: more than 2000 events in one request"
            )
            #expect(verdict.drafts.count == 1 && verdict.drafts[0].outcome == .rejected)
        }
    }

    @Test("where an id is new each time, nothing is a redelivery")
    func new() throws {
        let source = try Self.source("each: \"\"\nid: [/id, { new: true }]\ntype: { is: t }")
        let body = #"[{"id":"a"},{},{}]"#
        let facts = try Self.facts(body, source) + Self.facts(body, source)
        #expect(facts.filter { $0.id == "a" }.count == 2)
        #expect(facts.filter { isUUIDv7($0.id) }.count == 4)
        #expect(Set(facts.map(\.id)).count == 5)
    }

    // MARK: - Other contents

    static let xml =
        "each: /Envelope/Body/list/item\nid: /id\ntype: /@kind\nsubject: 'item:{/name/#text}'"

    @Test("in XML one element or several are read in the same way")
    func xml() throws {
        let source = try Self.source(Self.xml, content: "xml")
        func item(_ id: String) -> String {
            "<i:item xmlns:i=\"urn:i\" kind=\"k\"><id>\(id)</id>"
                + "<name lang=\"el\">ν&amp;\(id)</name></i:item>"
        }
        for ids in [["1"], ["1", "2"], ["1", "2", "3"]] {
            let items = ids.map(item).joined(separator: "\n ")
            let body =
                "<?xml version=\"1.0\"?><s:Envelope xmlns:s=\"urn:s\"><s:Body>"
                + "<list>\(items)</list></s:Body></s:Envelope>"
            let facts = try Self.facts(body, source)
            #expect(facts.map(\.id) == ids)
            #expect(facts.allSatisfy { $0[.type] == "k" })
            #expect(facts.map { $0[.subject] } == ids.map { "item:ν&\($0)" })
        }
    }

    @Test(
        "XML that would fetch or grow is refused",
        arguments: [
            "<!DOCTYPE a [<!ENTITY x \"y\">]><a>&x;</a>", "<a>", "", "{}", "<a/><b/>",
            "<a>&nbsp;</a>",
        ]
    )
    func badXML(body: String) throws {
        let verdict = Self.judged(body, try Self.source(Self.xml, content: "xml"))
        #expect(verdict.refusal?.word == .notXML, "\(verdict.summary)")
        #expect(verdict.answer == Answer(status: 400))
    }

    @Test("in a form, a field that holds JSON is that JSON")
    func form() throws {
        let source = try Self.source(
            """
            each: /payload/list
            id: "{/id}:{request:/user[id]}:{request:/tag/1}"
            type: { is: t }
            """,
            content: "form"
        )
        let json = #"{"list":[{"id":"a+b"},{"id":7}]}"#.utf8.map { "%" + hex([$0]) }.joined()
        let body = "user%5Bid%5D=u+1&tag=x&payload=\(json)&tag=y&empty="
        let facts = try Self.facts(body, source)
        #expect(facts.map(\.id) == ["a+b:u 1:y", "7:u 1:y"])
        #expect(facts.map { $0[.part] } == ["/payload/list/0", "/payload/list/1"])
        // What is no JSON is a text, and has no parts.
        #expect(try Self.facts("payload=%7B", source).isEmpty)
        #expect(try Self.facts("", source).isEmpty)
    }
}
