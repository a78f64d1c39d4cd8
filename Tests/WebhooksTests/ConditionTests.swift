import Bytes
import Digest
import Testing
import Webhooks
import YAML

/// What decides which of several schemes is asked never lets in what none of them covers.
@Suite("conditions of schemes")
struct ConditionTests {
    static func sender(_ provider: String, _ scheme: String?) throws -> Sender {
        try #require(
            try Sender.all.get().first { $0.provider == provider && $0.scheme == scheme }
        )
    }

    @Test(
        "HubSpot's older signatures count only under the version that made them",
        arguments: ["", "v3", "V1", "v2 ", "v1", "v2", nil]
    )
    func version(version: String?) throws {
        for (scheme, own) in [("v1", "v1"), ("v2", "v2")] {
            let sender = try Self.sender("hubspot", scheme)
            var request = try sender.request()
            request["x-hubspot-signature-version"] = version
            for source in [try sender.source(), try sender.source(asksForScheme: false)] {
                let verdict = judge(request, source)
                #expect((verdict.refusal == nil) == (version == own), "\(verdict.summary)")
                #expect(verdict.refusal == nil || verdict.answer?.status == 401)
            }
            request.headers.append(("X-HubSpot-Signature-Version", own))
            if version != nil {
                #expect(judge(request, try sender.source(asksForScheme: false)).refusal != nil)
            }
        }
    }

    @Test(
        "the best signature decides where it is there, whatever a weaker one says",
        arguments: [
            ("hubspot", "v1", "x-hubspot-signature-v3"), ("github", "sha1", "x-hub-signature-256"),
            ("github", "sha512", "x-hub-signature-256"),
        ]
    )
    func best(provider: String, weaker: String, header: String) throws {
        let sender = try Self.sender(provider, weaker)
        let source = try sender.source(asksForScheme: false)
        var request = try sender.request()
        #expect(judge(request, source).refusal == nil)
        let code = [UInt8](repeating: 0, count: 32)
        for value in ["", "x", base64(code), "sha256=", "sha256=\(hex(code))"] {
            request[header] = value
            let verdict = judge(request, source)
            #expect(verdict.refusal?.status == 401, "\(verdict.summary)")
        }
    }

    @Test("a signature of Twilio's for a JSON request does not let in a form")
    func twilioForm() throws {
        let sender = try Self.sender("twilio", "json")
        let source = try sender.source(asksForScheme: false)
        var request = try sender.request()
        #expect(judge(request, source).refusal == nil)
        request.body = []
        #expect(judge(request, source).refusal?.word == .signatureMismatch)
        request.body = Array("MessageSid=SM1&MessageStatus=sent".utf8)
        #expect(judge(request, source).refusal?.word == .signatureMismatch)
        // Twice there it is not there once, and no form either.
        request = try sender.request()
        request.target += "&bodySHA256=00"
        #expect(judge(request, source).refusal?.status == 401)
    }

    @Test("a signature over a form without fields does not let in a body that is no form")
    func emptyForm() throws {
        for (provider, scheme) in [("twilio", "form"), ("mailchimp-transactional", nil)] {
            let sender = try Self.sender(provider, scheme)
            let source = try sender.source()
            var request = try sender.request([])
            for type in ["application/json", "text/plain", "multipart/form-data", ""] {
                request["content-type"] = type
                request.body = try sender.body
                let verdict = judge(request, source)
                #expect(verdict.refusal?.status == 401, "\(provider) \(type): \(verdict.summary)")
            }
        }
    }

    @Test("a form of too many fields is refused, not passed over")
    func manyFields() throws {
        let fields = Array(repeating: "a=1", count: 10_001).joined(separator: "&")
        for (provider, scheme) in [("twilio", "form"), ("zoho-inventory", "hex")] {
            let sender = try Self.sender(provider, scheme)
            var request = try sender.request([])
            request["content-type"] = "application/x-www-form-urlencoded"
            let isForm = provider == "twilio"
            let text =
                isForm ? fields : "{\"salesorder\":{\"salesorder_id\":1},\"x\":\"\(fields)\"}"
            request.body = Array(text.utf8)
            let verdict = judge(request, try sender.source())
            #expect(verdict.refusal != nil, "\(provider): \(verdict.summary)")
        }
    }

    @Test("a JSON body cannot be rewritten by calling it a form")
    func jsonAsForm() throws {
        let sender = try Self.sender("zoho-inventory", "hex")
        var request = try sender.request(Array(#"{"salesorder":{"salesorder_id":"1 2"}}"#.utf8))
        #expect(judge(request, try sender.source()).refusal == nil)
        request["content-type"] = "application/x-www-form-urlencoded"
        request.body = Array(#"{"salesorder":{"salesorder_id":"1+2"}}"#.utf8)
        let verdict = judge(request, try sender.source())
        #expect(verdict.refusal != nil, "\(verdict.summary)")
    }

    @Test("a source that asks for a scheme takes no other, be it the provider's usual one")
    func asked() throws {
        let hmac = try Self.sender("chatwoot", "signed")
        let path = try Self.sender("chatwoot", "path")
        #expect(judge(try path.request(), try path.source()).refusal == nil)
        #expect(judge(try hmac.request(), try path.source()).refusal?.status == 401)
        #expect(judge(try path.request(), try hmac.source(asksForScheme: false)).refusal != nil)
        let both = try source(
            "shop: { provider: chatwoot, scheme: [signed, path], secrets: S }",
            ["S": hmac.secret()]
        )
        #expect(judge(try path.request(), both).refusal == nil)
        #expect(judge(try hmac.request(), both).refusal == nil)
        // The first whose place is filled decides, not the first that fits.
        var spoiled = try hmac.request()
        spoiled["x-chatwoot-signature"] = "sha256=00"
        spoiled.target = try path.request().target
        #expect(judge(spoiled, both).refusal?.word == .signatureMismatch)
    }

    @Test("none is believed only by a source that says so")
    func none() throws {
        var count = 0
        for open in try Sender.all.get() where open.kind == "none" {
            count += 1
            #expect(open.isOptional, "\(open)")
            let request = try open.request()
            #expect(judge(request, try open.source()).refusal == nil, "\(open)")
            let usual = try #require(
                try Sender.usual.get().first { $0.provider == open.provider }
            )
            let verdict = judge(request, try usual.source(asksForScheme: false))
            #expect(verdict.refusal?.status == 401, "\(open): \(verdict.summary)")
        }
        #expect(count >= 15, "\(count)")
    }
}
