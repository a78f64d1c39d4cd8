import Foundation
import Testing

/// The questions that providers ask before they send.
@Suite("Providers' questions") struct QuestionTests {
    private static let configuration = """
        origin: shop.example.com/log
        sources:
          meta: { provider: meta, secrets: [plain:app], verify_token: "plain:verify-1" }
          linkedin: { provider: linkedin, secrets: [plain:li_client_secret] }
          okta: { provider: okta, secrets: [plain:okta-hook] }
          graph: { provider: microsoft-graph, secrets: [plain:state] }
          xero: { provider: xero, secrets: [plain:key] }
          slack: { provider: slack, secrets: [plain:shh] }

        """

    struct Question: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let request: @Sendable () -> Request
        let status: Int
        let text: String
        let type: String?

        init(
            _ name: String,
            _ status: Int,
            _ text: String,
            _ type: String? = nil,
            request: @escaping @Sendable () -> Request
        ) {
            testDescription = name
            self.status = status
            self.text = text
            self.type = type
            self.request = request
        }
    }

    private static let plain = "text/plain; charset=utf-8"

    private static func xero(_ key: String) -> Request {
        let body = Array(#"{"events":[],"firstEventSequence":0,"lastEventSequence":0}"#.utf8)
        let code = base64(hmac(Array(key.utf8), body))
        return Request(target: "/hooks/xero", headers: [("x-xero-signature", code)], body: body)
    }

    private static func slack() -> Request {
        let body = #"{"token":"t","challenge":"3eZbrw1aBm2r","type":"url_verification"}"#
        let time = Int(Date().timeIntervalSince1970)
        let code = hmac(Array("shh".utf8), Array("v0:\(time):\(body)".utf8))
        let hex = code.map { String(format: "%02x", $0) }.joined()
        return Request(
            target: "/hooks/slack",
            headers: [
                ("X-Slack-Request-Timestamp", "\(time)"), ("X-Slack-Signature", "v0=\(hex)"),
                ("Content-Type", "application/json"),
            ],
            body: Array(body.utf8)
        )
    }

    static let asked: [Question] = [
        Question("Meta's", 200, "1158201444", plain) {
            Request(
                method: "GET",
                target: "/hooks/meta?hub.mode=subscribe&hub.verify_token=verify-1"
                    + "&hub.challenge=1158201444"
            )
        },
        Question(
            "LinkedIn's",
            200,
            #"{"challengeCode":"890e4665-4dfe-4ab1-b689-ed553bceeed0","#
                + #""challengeResponse":"3ceda89cb18cf5471b844e08c4b771bc"#
                + #"ab6f5bec8ab1b0837ca04ab05c909d8c"}"#,
            "application/json"
        ) {
            Request(
                method: "GET",
                target: "/hooks/linkedin?challengeCode=890e4665-4dfe-4ab1-b689-ed553bceeed0"
            )
        },
        Question("Okta's", 200, #"{"verification":"Zxkj38dj2kd9"}"#, "application/json") {
            Request(
                method: "GET",
                target: "/hooks/okta",
                headers: [("x-okta-verification-challenge", "Zxkj38dj2kd9")]
            )
        },
        Question("Microsoft Graph's", 200, "Validation: a b", plain) {
            Request(target: "/hooks/graph?validationToken=Validation%3A+a%20b")
        },
        Question("Xero's", 200, "") { xero("key") },
        Question("Slack's", 200, "3eZbrw1aBm2r", plain) { slack() },
    ]

    @Test("is answered as it must be, and recorded as a question", arguments: asked)
    func answered(_ question: Question) throws {
        try withTrial(configuration: Self.configuration) { trial in
            let server = try trial.serve()
            let request = question.request()
            let answer = try server.send(request)
            #expect(answer.status == question.status, "\(answer)")
            #expect(answer.text == question.text)
            #expect(answer.headers["content-type"] == question.type)
            if question.type != nil {
                #expect(answer.headers["x-content-type-options"] == "nosniff")
            }
            #expect(answer.headers["set-cookie"] == nil)
            let events = try trial.log("--type", "webhook.handshake")
            #expect(events.count == 1)
            #expect(events.first?["kind"] == "webhook")
            #expect(try !trial.daybook("show", "1", "--meta").output.contains("verify-1"))
        }
    }

    @Test("that does not show what it must is refused without a word, and why stands in the log")
    func refused() throws {
        try withTrial(configuration: Self.configuration) { trial in
            let server = try trial.serve()
            let meta = Request(
                method: "GET",
                target: "/hooks/meta?hub.mode=subscribe&hub.verify_token=no&hub.challenge=1"
            )
            let answers = try [meta, Self.xero("other")].map { try server.send($0) }
            #expect(answers.map(\.status) == [403, 401])
            #expect(answers.allSatisfy { $0.body.isEmpty })
            let reasons = try trial.log("--outcome", "rejected").compactMap { $0["reason"] }
            #expect(
                reasons.map { String($0.prefix { $0 != ":" }) } == [
                    "handshake-refused", "signature-mismatch",
                ]
            )
        }
    }

    @Test("a challenge that is no plain text is not sent back")
    func hostileChallenge() throws {
        try withTrial(configuration: Self.configuration) { trial in
            let server = try trial.serve()
            for challenge in [
                "%0d%0aSet-Cookie:%20a=b", String(repeating: "a", count: 3000), "%00",
            ] {
                let answer = try server.send(
                    Request(target: "/hooks/graph?validationToken=\(challenge)")
                )
                #expect(answer.text == "", "\(answer)")
                #expect(answer.headers["set-cookie"] == nil)
            }
        }
    }

    @Test("methods that a provider does not use are refused with those it does")
    func methods() throws {
        try withTrial(configuration: Self.configuration) { trial in
            let server = try trial.serve()
            let xero = try server.send(Request(method: "GET", target: "/hooks/xero"))
            #expect(xero.status == 405)
            #expect(xero.headers["allow"] == "POST")
            let meta = try server.send(Request(method: "PUT", target: "/hooks/meta"))
            #expect(meta.headers["allow"] == "POST, GET")
        }
    }
}
