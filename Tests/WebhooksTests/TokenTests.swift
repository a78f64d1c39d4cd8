import Bytes
import Ledger
import Testing
import Webhooks
import YAML

@Suite("secrets that come as they are")
struct TokenTests {
    /// A source of a provider with two secrets live.
    static func source(_ entry: String) throws -> Source {
        try WebhooksTests.source(
            "shop: { \(entry), secrets: [A, B] }",
            ["A": "first-token-1", "B": "second:token-2"]
        )
    }

    static func request(
        _ headers: [(name: String, value: String)],
        target: String = "/hooks/shop",
        body: String = "{}"
    ) -> InboundRequest {
        InboundRequest(method: "POST", target: target, headers: headers, body: Array(body.utf8))
    }

    /// What became of it, without what differs by provider.
    static func summary(_ request: InboundRequest, _ source: Source) -> String {
        let verdict = judge(request, source)
        return verdict.refusal?.word.rawValue ?? verdict.drafts.first?[.authid] ?? "nothing"
    }

    @Test("either of two live secrets counts, and the line names it and what it proves")
    func rotation() throws {
        let source = try Self.source("provider: okta")
        let body = #"{"eventId":"1","eventType":"t"}"#
        for (token, name) in [("first-token-1", "A"), ("second:token-2", "B")] {
            let verdict = judge(Self.request([("Authorization", token)], body: body), source)
            let line = try #require(verdict.drafts.first, "\(verdict.summary)")
            #expect(line[.authid] == name)
            #expect(line[.authtype] == "header token, body unsigned")
        }
    }

    @Test(
        "a token fits to the byte",
        arguments: [
            "", "first-token-", "first-token-12", "First-token-1", "first-token-1 ",
            " first-token-1", "first-token-1\u{0}", "first-token-1,second:token-2", "A", "plain",
        ]
    )
    func otherTokens(token: String) throws {
        let source = try Self.source("provider: okta")
        let verdict = judge(Self.request([("authorization", token)]), source)
        #expect(verdict.refusal?.word == .wrongToken, "\(verdict.summary)")
        #expect(verdict.answer == Answer(status: 401))
    }

    @Test("what stands before a token may be left out, but not be anything else")
    func prefix() throws {
        let source = try Self.source("provider: ws-form")
        for (value, expected) in [
            ("Bearer first-token-1", "A"), ("first-token-1", "A"), ("Bearer second:token-2", "B"),
            ("Bearer  first-token-1", "wrong-token"), ("Bearerfirst-token-1", "wrong-token"),
            ("Basic first-token-1", "wrong-token"), ("Bearer", "wrong-token"),
            ("Bearer ", "wrong-token"), ("Bearer Bearer first-token-1", "wrong-token"),
        ] {
            #expect(Self.summary(Self.request([("Authorization", value)]), source) == expected)
        }
    }

    @Test("of several headers that may have it, all that are there must")
    func severalHeaders() throws {
        let source = try Self.source("provider: datadog")
        let (one, other) = ("X-Daybook-Token", "X-Ledger-Token")
        for (headers, expected) in [
            ([(one, "first-token-1")], "A"), ([(other, "second:token-2")], "B"),
            ([(one, "first-token-1"), (other, "first-token-1")], "A"),
            ([(one, "first-token-1"), (other, "second:token-2")], "wrong-token"),
            ([(one, "first-token-1"), (other, "")], "wrong-token"),
            ([(one, "first-token-1"), (one, "first-token-1")], "doubled-header"),
            ([("Authorization", "first-token-1")], "missing-header"), ([], "missing-header"),
        ] {
            #expect(Self.summary(Self.request(headers), source) == expected, "\(headers)")
        }
    }

    @Test("a header of the source's own choice is for its token alone")
    func ownHeader() throws {
        let source = try Self.source(
            "provider: zoho-inventory, scheme: [hex, header], header: X-Own"
        )
        let signature = (name: "x-zoho-webhook-signature", value: "00")
        for (headers, expected) in [
            ([("x-own", "first-token-1")], "A"), ([("X-OWN", "Bearer second:token-2")], "B"),
            ([("x-own", "first-token-2")], "wrong-token"),
            ([("x-own", "first-token-1"), ("x-own", "first-token-1")], "missing-header"),
            ([("authorization", "first-token-1")], "missing-header"),
            ([("x-own", "first-token-1"), ("authorization", "x")], "A"),
            ([("x-own", "first-token-1"), signature], "signature-mismatch"),
            ([], "missing-signature"),
        ] {
            #expect(Self.summary(Self.request(headers), source) == expected, "\(headers)")
        }
    }

    @Test("HTTP Basic has user and password in one")
    func basic() throws {
        let source = try Self.source("provider: pipedrive")
        func value(_ text: String) -> String { base64(Array(text.utf8)) }
        for (header, expected) in [
            ("Basic \(value("second:token-2"))", "missing-id"),
            ("Basic \(value("second:token-3"))", "wrong-token"),
            ("Basic \(value("second:"))", "wrong-token"), ("Basic ", "wrong-token"),
            ("Basic \(value("second:token-2"))=", "malformed-token"),
            ("Basic second:token-2", "malformed-token"), ("second:token-2", "malformed-token"),
            ("Bearer \(value("second:token-2"))", "malformed-token"),
        ] {
            #expect(Self.summary(Self.request([("authorization", header)]), source) == expected)
        }
    }

    @Test("a secret in the path is all that follows the source there")
    func path() throws {
        let entry = "s: { provider: afterpay, secrets: [A, B] }"
        let source = try WebhooksTests.source(entry, ["A": "first-token-1", "B": "second.token_2"])
        for (target, expected) in [
            ("/hooks/shop/first-token-1", "A"), ("/hooks/shop/first-token-1?x=1", "A"),
            ("/hooks/shop/first-token-1/", "wrong-token"), ("/hooks/shop/second.token_2", "B"),
            ("/hooks/shop", "missing-signature"), ("/hooks/shop/", "missing-signature"),
            ("/hooks/shop/x/first-token-1", "wrong-token"),
            ("/hooks/shop/first-token-1/x", "wrong-token"),
            ("/hooks/shop/first-token-2", "wrong-token"),
            ("/hooks/shop?/first-token-1", "missing-signature"),
            ("/other/shop/first-token-1", "missing-signature"),
        ] {
            #expect(Self.summary(Self.request([], target: target), source) == expected, "\(target)")
        }
    }

    @Test("a secret that could not stand in a path is refused, and not told")
    func unfitPath() throws {
        for secret in ["with space", "per%cent", "sla/sh", "umläut", "que?ry"] {
            let error = #expect(throws: YAMLError.self) {
                try WebhooksTests.source("s: { provider: afterpay, secrets: A }", ["A": secret])
            }
            let text = try #require(error).description
            #expect(text.contains("cannot stand in a path") && !text.contains(secret))
        }
    }

    @Test("a secret in the URL's query is decoded, and there once")
    func query() throws {
        let source = try Self.source("provider: yotpo, scheme: query")
        for (query, expected) in [
            ("?token=first-token-1", "missing-type"),
            ("?a=b&token=second%3Atoken-2", "missing-type"),
            ("?token=first-token-2", "wrong-token"), ("?token=", "wrong-token"),
            ("?Token=first-token-1", "missing-signature"), ("", "missing-signature"),
            ("?token=first-token-1&token=first-token-1", "missing-signature"),
        ] {
            let request = Self.request([], target: "/hooks/shop\(query)")
            #expect(Self.summary(request, source) == expected, "\(query)")
        }
    }

    @Test("a secret in the body must be in every element, and there must be one")
    func body() throws {
        let source = try Self.source("provider: microsoft-graph")
        let (a, b) = (#"{"clientState":"first-token-1"}"#, #"{"clientState":"second:token-2"}"#)
        for (value, expected) in [
            ("[\(a)]", "A"), ("[\(a),\(a)]", "A"), ("[\(b),\(b)]", "B"),
            ("[\(a),\(b)]", "wrong-token"), ("[\(a),{}]", "wrong-token"),
            (#"[{"clientState":""}]"#, "wrong-token"), (#"[{"clientState":null}]"#, "wrong-token"),
            (#"[{"clientState":["first-token-1"]}]"#, "wrong-token"), ("[]", "missing-token"),
            (a, "wrong-token"), ("null", "wrong-token"), (#""first-token-1""#, "wrong-token"),
        ] {
            let request = Self.request([], body: "{\"value\":\(value)}")
            #expect(Self.summary(request, source) == expected, "\(value)")
        }
        #expect(Self.summary(Self.request([], body: "{}"), source) == "wrong-token")
        #expect(Self.summary(Self.request([], body: a), source) == "wrong-token")
        #expect(Self.summary(Self.request([], body: "{"), source) == "not-json")
    }

    @Test("a source without a secret takes nothing")
    func noSecret() throws {
        for entry in ["provider: okta", "provider: yotpo", "provider: pipedrive"] {
            #expect(throws: (any Error).self) {
                try WebhooksTests.source("shop: { \(entry), secrets: E }", ["E": ""])
            }
            #expect(throws: (any Error).self) {
                try WebhooksTests.source(
                    "shop: { \(entry), secrets: [A, E] }",
                    ["A": "a", "E": ""]
                )
            }
        }
    }
}
