import Bytes
import Foundation
import Ledger
import Testing
import Webhooks

/// What questions are answered with, and what keeps the answers from being misused.
@Suite("answers to questions")
struct HandshakeAnswerTests {
    static func ask(
        _ source: Source,
        _ query: String,
        method: String = "GET",
        headers: [(name: String, value: String)] = [],
        body: String = ""
    ) -> Verdict {
        judge(
            InboundRequest(
                method: method,
                target: "/hooks/shop\(query)",
                headers: headers,
                body: Array(body.utf8)
            ),
            source
        )
    }

    static func meta(_ more: String = "") throws -> Source {
        try source(
            "shop: { provider: meta, secrets: [S, T]\(more) }",
            ["S": "one", "T": "two", "V": "verify", "EMPTY": ""]
        )
    }

    static func subscribe(_ token: String, _ challenge: String = "42") -> String {
        "?hub.mode=subscribe&hub.verify_token=\(token)&hub.challenge=\(challenge)"
    }

    /// The text of an answer to a question; `nil` if there was none.
    static func text(_ verdict: Verdict) -> String? {
        guard case .handshake(_, let answer) = verdict else { return nil }
        return String(decoding: answer.body, as: UTF8.self)
    }

    @Test("a challenge is sent back as it is, once its encoding is undone")
    func echo() throws {
        for (written, text) in [
            ("1158201444", "1158201444"), ("a+b%20c", "a b c"), ("%3Cb%3E", "<b>"),
            ("%CE%BD", "ν"), ("%", "%"), ("%zz", "%zz"), ("a=b", "a=b"),
        ] {
            let verdict = Self.ask(try Self.meta(), Self.subscribe("one", written))
            #expect(Self.text(verdict) == text)
            #expect(verdict.answer?.contentType == "text/plain; charset=utf-8")
            #expect(verdict.isRateBounded)
        }
    }

    @Test("up to 2 KiB are sent back, and nothing of what is longer", arguments: [2048, 2049])
    func echoLimit(count: Int) throws {
        let challenge = String(repeating: "7", count: count)
        let verdict = Self.ask(try Self.meta(), Self.subscribe("one", challenge))
        let text = Self.text(verdict) ?? ""
        #expect(text == (count == 2048 ? challenge : ""))
    }

    @Test(
        "control characters are never sent back",
        arguments: ["%00", "%0A", "%0D", "%0D%0ASet-Cookie:a", "%1B[2J", "%7F", "a%09b"]
    )
    func controls(challenge: String) throws {
        let verdict = Self.ask(try Self.meta(), Self.subscribe("one", challenge))
        #expect((Self.text(verdict) ?? "") == "")
    }

    @Test("any live secret answers where the source names no token, and only those then")
    func verifyTokens() throws {
        for (more, tokens) in [
            ("", ["one", "two"]), (", verify_token: V", ["verify"]),
            (", verify_token: [T, V]", ["two", "verify"]),
        ] {
            for token in ["one", "two", "verify", "", "on", "onee", "ONE"] {
                let verdict = Self.ask(try Self.meta(more), Self.subscribe(token))
                #expect((Self.text(verdict) == "42") == tokens.contains(token), "\(more) \(token)")
                if !tokens.contains(token) {
                    #expect(verdict.answer == Answer(status: 403))
                    #expect(verdict.refusal?.word == .handshakeRefused)
                }
            }
        }
    }

    @Test("a token that is missing, or there twice, is wrong")
    func verifyTokenTwice() throws {
        for query in [
            "?hub.mode=subscribe&hub.challenge=42",
            "?hub.mode=subscribe&hub.challenge=42&hub.verify_token=one&hub.verify_token=one",
        ] {
            #expect(Self.ask(try Self.meta(), query).answer == Answer(status: 403))
        }
    }

    @Test("an empty token would answer everybody, so it is none")
    func emptyVerifyToken() throws {
        #expect(throws: (any Error).self) { try Self.meta(", verify_token: EMPTY") }
    }

    @Test(
        "what is not the question is not answered",
        arguments: [
            ("POST", subscribe("one")), ("GET", "?hub.mode=unsubscribe&hub.challenge=42"),
            ("GET", "?hub.mode=subscribe&hub.verify_token=one&hub.challenge="),
            ("GET", "?hub.verify_token=one&hub.challenge=42"), ("GET", ""),
            ("HEAD", subscribe("one")), ("get", subscribe("one")),
            ("GET", "?hub.mode=subscribe&hub.mode=subscribe&hub.verify_token=one&hub.challenge=1"),
        ]
    )
    func otherQuestions(method: String, query: String) throws {
        let verdict = Self.ask(try Self.meta(), query, method: method)
        #expect(verdict.refusal?.status == 401, "\(verdict.summary)")
        #expect(verdict.answer == Answer(status: 401))
    }

    @Test("an unsigned question has at most 4 KiB", arguments: [4096, 4097])
    func questionLimit(count: Int) throws {
        let source = try source("shop: { provider: microsoft-graph, secrets: S }", ["S": "state"])
        let body = String(repeating: " ", count: count)
        let verdict = Self.ask(source, "?validationToken=a+b", method: "POST", body: body)
        #expect(Self.text(verdict) == (count == 4096 ? "a b" : nil))
    }

    @Test("a question that only its body tells is answered unsigned, if it is short")
    func bodyQuestion() throws {
        let source = try source("shop: { provider: usps, secrets: S }", ["S": "key"])
        func text(_ body: String, method: String = "POST") -> String? {
            Self.text(Self.ask(source, "", method: method, body: body))
        }
        #expect(text(#"{"challenge":"a b"}"#) == #"{"challenge":"a b"}"#)
        #expect(text(#"{"challenge":7}"#) == #"{"challenge":"7"}"#)
        #expect(text(#"{"challenge":"a\u000ab"}"#) == #"{"challenge":""}"#)
        let space = String(repeating: " ", count: 4096 - 17)
        #expect(text(#"{"challenge":"a"}"# + space) == #"{"challenge":"a"}"#)
        for body in [
            "", "{}", "{", #"{"challenge":""}"#, #"{"challenge":{}}"#, #"["challenge"]"#,
            #"{"challenge":"a"}"# + space + " ",
        ] {
            #expect(text(body) == nil, "\(body.prefix(40))")
        }
        #expect(text(#"{"challenge":"a"}"#, method: "PUT") == nil)
    }

    @Test("JSON answers are JSON, whatever is sent back in them")
    func json() throws {
        let source = try source("shop: { provider: okta, secrets: S }", ["S": "token"])
        for challenge in ["Zxkj38", "\"}", "\\", "<script>", "ν", " a "] {
            let verdict = Self.ask(
                source,
                "",
                headers: [("X-Okta-Verification-Challenge", challenge)]
            )
            let answer = try #require(verdict.answer)
            #expect(answer.contentType == "application/json")
            let found = try JSONSerialization.jsonObject(with: Data(answer.body))
            #expect(found as? [String: String] == ["verification": challenge])
        }
    }

    @Test("LinkedIn's question gets a code of its challenge")
    func linkedIn() throws {
        let source = try source("shop: { provider: linkedin, secrets: S }", ["S": "app secret"])
        let challenge = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
        let verdict = Self.ask(source, "?challengeCode=\(challenge)")
        let response = hex(code(Array("app secret".utf8), Array(challenge.utf8)))
        #expect(
            Self.text(verdict)
                == #"{"challengeCode":"\#(challenge)","challengeResponse":"\#(response)"}"#
        )
    }

    @Test("nobody gets a webhook signed by asking LinkedIn's question")
    func signingOracle() throws {
        let source = try source("shop: { provider: linkedin, secrets: S }", ["S": "app secret"])
        let body = #"{"type":"ORGANIZATION_SOCIAL_ACTION_NOTIFICATIONS","notifications":[]}"#
        let message = "hmacsha256=\(body)"
        let signature = hex(code(Array("app secret".utf8), Array(message.utf8)))
        var forged = InboundRequest(
            method: "POST",
            target: "/hooks/shop",
            headers: [("X-LI-Signature", signature)],
            body: Array(body.utf8)
        )
        // Such a signature would be good.
        #expect(judge(forged, source).refusal == nil)
        let escaped = message.utf8.map { "%" + hex([$0]) }.joined()
        for challenge in [escaped, message, "hmacsha256="] {
            let verdict = Self.ask(source, "?challengeCode=\(challenge)")
            #expect(verdict.answer == Answer(status: 403), "\(verdict.summary)")
            let answer = String(decoding: verdict.answer?.body ?? [], as: UTF8.self)
            #expect(!answer.contains(signature))
        }
        forged.body.append(0x20)
        #expect(judge(forged, source).refusal?.word == .signatureMismatch)
    }

    @Test("a signed question counts only if it is signed")
    func signed() throws {
        let sender = try ConditionTests.sender("slack", nil)
        let question = Array(#"{"type":"url_verification","challenge":"3eZb"}"#.utf8)
        var request = try sender.request(question)
        let verdict = judge(request, try sender.source())
        #expect(Self.text(verdict) == "3eZb")
        #expect(verdict.drafts.first?[.authtype] == "hmac-sha256")
        #expect(verdict.drafts.first?[.authid] == "SECRET")
        request.body = Array(#"{"type":"url_verification","challenge":"4eZb"}"#.utf8)
        let forged = judge(request, try sender.source())
        #expect(forged.refusal?.word == .signatureMismatch)
        #expect(forged.answer == Answer(status: 401))
    }
}
