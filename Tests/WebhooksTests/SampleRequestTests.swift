import Bytes
import Catalog
import Testing
import Webhooks

/// Samples as a person sends them to a source of their own.
@Suite("making samples")
struct SampleRequestTests {
    static let now = Timestamp(microseconds: Int64(WebhooksTests.now) * 1_000_000)

    /// The request, or in words why there is none.
    static func made(
        _ source: Source,
        _ body: String = "{\"id\":\"1\",\"type\":\"t\"}",
        url: String = "https://hooks.example.com/hooks/shop",
        key: String? = nil
    ) throws -> InboundRequest {
        try SampleRequest.make(
            for: source,
            body: Array(body.utf8),
            url: url,
            now: now,
            key: key.map { Array($0.utf8) }
        )
    }

    static func problem(_ source: Source, key: String? = nil) -> String? {
        do {
            _ = try made(source, key: key)
            return nil
        } catch {
            return "\(error)"
        }
    }

    @Test(
        "a secret passes whatever characters it has",
        arguments: ["plain", "a b", "a+b&c=d", "50%25", "ναι", "#?/", "\"'\\"]
    )
    func secrets(secret: String) throws {
        for entry in [
            "provider: yotpo, scheme: query", "provider: okta", "provider: pipedrive",
            "provider: stripe", "provider: slack",
        ] {
            let source = try source("shop: { \(entry), secrets: S }", ["S": secret])
            let sender = try #require(
                try Sender.usual.get().first { $0.provider == source.provider.name }
            )
            let body = String(decoding: try sender.body, as: UTF8.self)
            let verdict = judge(try Self.made(source, body), source, at: WebhooksTests.now)
            #expect(verdict.refusal == nil, "\(entry): \(verdict.summary)")
        }
    }

    @Test("without a private key nobody can sign as a provider that has its own")
    func keys() throws {
        let identity = try Identity.payPal.get()
        for provider in ["paypal", "shipstation-v2", "google-pubsub"] {
            let sender = try #require(try Sender.usual.get().first { $0.provider == provider })
            let source = try sender.source()
            let words = "only \(provider) can sign as itself"
            #expect(Self.problem(source)?.hasPrefix(words) == true)
            #expect(Self.problem(source, key: identity.key) == nil)
            let wrong = try #require(Self.problem(source, key: identity.pem))
            #expect(wrong.hasPrefix("the sample cannot be signed: "), "\(wrong)")
        }
    }

    @Test("a provider without a sample says so")
    func noSample() throws {
        let source = try source(
            "s: { provider: open }",
            providers: OwnProviderTests.providers(
                """
                provider: open
                about: Whoever knows the URL.
                webhooks: { scheme: none, id: hash:body, type: { is: t } }
                """
            )
        )
        #expect(Self.problem(source) == "the provider's entry has no sample")
    }

    @Test("each time is another, and the body as long as before")
    func fresh() throws {
        let sender = try #require(try Sender.usual.get().first { $0.provider == "stripe" })
        let body = try sender.body
        var bodies: Set<[UInt8]> = [body]
        for _ in 0..<20 {
            let request = try sender.request()
            #expect(request.body.count == body.count)
            bodies.insert(request.body)
        }
        #expect(bodies.count == 21)
    }
}
