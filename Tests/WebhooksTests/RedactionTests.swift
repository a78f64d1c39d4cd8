import Bytes
import Ledger
import Testing
import Webhooks
import YAML

/// What a request's record has of the secrets that come with it: nothing.
@Suite("secrets in records")
struct RedactionTests {
    private func meta(_ verdict: Verdict) throws -> String {
        let body = try #require(verdict.drafts.first?.body)
        return try #require(body.parts).meta
    }

    static let carriers = Result {
        try Sender.proving.get().filter {
            ["token", "oidc"].contains($0.kind) && $0.entry["body"] == nil
        }
    }

    @Test(
        "a token is not recorded, be the request accepted or not",
        arguments: try carriers.get()
    )
    func tokens(sender: Sender) throws {
        let request = try sender.request()
        let token = request[sender.signatureHeader ?? ""]?.split(separator: " ").last
        for source in [try sender.source(), try sender.source(salt: 1)] {
            let meta = try meta(judge(request, source))
            #expect(!meta.contains(sender.secret()))
            #expect(!meta.contains(token ?? "never"))
            #expect(meta.contains("[redacted]"))
            // All else is, in the sender's order.
            let recorded = try #require(RecordedRequest(meta))
            #expect(recorded.headers.map { $0[0] } == request.headers.map(\.name))
        }
    }

    @Test(
        "a secret in the path is not recorded, whatever stands around it",
        arguments: ["S", "S/", "S?a=b", "S/more", "/S", "S/S", "xS", "Sx?S=1"]
    )
    func path(form: String) throws {
        let secret = "a1b2c3d4e5f6"
        let source = try source("shop: { provider: yotpo, secrets: S }", ["S": secret])
        let path = form.prefix { $0 != "?" }.replacing("S", with: secret)
        let query = form.drop { $0 != "?" }
        let request = InboundRequest(
            method: "POST",
            target: "/hooks/shop/\(path)\(query)",
            headers: [],
            body: []
        )
        let target = try #require(RecordedRequest(try meta(judge(request, source)))).target
        #expect(!target.contains(secret), "\(target)")
        #expect(target.hasPrefix("/hooks/shop/") && target.hasSuffix(query), "\(target)")
    }

    @Test(
        "a secret in the URL's query is not recorded, however its name is written",
        arguments: [
            "?token=S", "?a=b&token=S", "?token=S&token=T", "?%74oken=S", "?to%6Ben=S&x=1",
            "?token=", "?token", "?x?&token=S", "?&&token=S&", "?token=S=S", "?token=%53S",
        ]
    )
    func query(form: String) throws {
        let secret = "a1b2c3d4e5f6"
        let source = try source(
            "shop: { provider: yotpo, scheme: query, secrets: S }",
            ["S": secret]
        )
        let request = InboundRequest(
            method: "POST",
            target: "/hooks/shop" + form.replacing("S", with: secret),
            headers: [],
            body: []
        )
        let target = try #require(RecordedRequest(try meta(judge(request, source)))).target
        #expect(!target.contains(secret), "\(target)")
        #expect(target.hasPrefix("/hooks/shop?"))
        #expect(target.ranges(of: "[redacted]").count == form.ranges(of: /oken|6Ben/).count)
    }

    @Test("a token in a header of the source's own choice is not recorded")
    func ownHeader() throws {
        let sender = try ConditionTests.sender("okta", "header")
        var request = try sender.request()
        request["authorization"] = nil
        let source = try sender.source(and: ", header: X-Okta-Secret")
        #expect(judge(request, source).refusal?.status == 401)
        request.headers.append(("x-OKTA-secret", sender.secret()))
        let verdict = judge(request, source)
        #expect(verdict.refusal == nil, "\(verdict.summary)")
        let meta = try meta(verdict)
        #expect(meta.contains(#"["x-OKTA-secret","[redacted]"]"#))
        #expect(!meta.contains(sender.secret()))
    }

    @Test("a token that a question is verified by is not recorded, right or wrong")
    func verifyToken() throws {
        let source = try source(
            "shop: { provider: meta, secrets: S, verify_token: [V, W] }",
            ["S": "app secret", "V": "verify-1", "W": "verify-2"]
        )
        for (token, status) in [("verify-1", 200), ("verify-2", 200), ("verify-3", 403)] {
            let request = InboundRequest(
                method: "GET",
                target: "/hooks/shop?hub.mode=subscribe&hub.verify_token=\(token)&hub.challenge=7",
                headers: [],
                body: []
            )
            let verdict = judge(request, source)
            #expect(verdict.answer?.status == status)
            let target = try #require(RecordedRequest(try meta(verdict))).target
            #expect(
                target == "/hooks/shop?hub.mode=subscribe&hub.verify_token=[redacted]"
                    + "&hub.challenge=7"
            )
        }
    }

    @Test("a signature is recorded, since it proves the request for good")
    func signatures() throws {
        for sender in try Sender.proving.get() where ["hmac", "rsa"].contains(sender.kind) {
            let request = try sender.request()
            let name = try #require(sender.signatureHeader)
            let meta = try meta(judge(request, try sender.source()))
            let recorded = try #require(RecordedRequest(meta))
            let value = recorded.headers.first { $0[0].lowercased() == name }?[1]
            #expect(value == request[name], "\(sender)")
            #expect(!meta.contains(sender.secret()))
        }
    }
}
