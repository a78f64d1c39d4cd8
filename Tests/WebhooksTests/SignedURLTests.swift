import Digest
import Testing
import Webhooks

/// How a URL is written before it is signed.
@Suite("signed URLs")
struct SignedURLTests {
    /// Whether a request to `sent` passes whose signature is over `signed`.
    static func passes(_ setting: String, sent: String, signed: String) throws -> Bool {
        let entry = """
            provider: links
            about: Signs where it posts to.
            webhooks:
              scheme:
                hmac:
                  algorithm: sha256
                  encoding: hex
                  signed: "{url}"
                  signature: { header: x-signature }
                  \(setting)
              content: any
              id: hash:body
              type: { is: t }
            """
        let url = String(sent.prefix { $0 != "?" })
        let source = try source(
            "s: { provider: links, secrets: S, url: \"\(url)\" }",
            ["S": "k"],
            providers: OwnProviderTests.providers(entry)
        )
        let request = InboundRequest(
            method: "POST",
            target: "/hooks/s\(sent.dropFirst(url.count))",
            headers: [("x-signature", hex(code([0x6b], Array(signed.utf8))))],
            body: []
        )
        return judge(request, source).refusal == nil
    }

    @Test(
        "the port may be written or not where the entry says so",
        arguments: [
            ("https://a.example/x?b=1", "https://a.example:443/x?b=1", true),
            ("https://a.example:443/x", "https://a.example/x", true),
            ("https://a.example:8443/x?b=1", "https://a.example/x?b=1", true),
            ("http://a.example/x", "http://a.example:80/x", true),
            ("http://a.example/x", "http://a.example:443/x", false),
            ("https://a.example/x", "https://a.example:80/x", false),
            ("https://a.example/x", "https://a.example:8443/x", false),
            ("https://a.example/x?c=d:80", "https://a.example/x?c=d", false),
            ("https://[::1]/x", "https://[/x", false),
        ]
    )
    func ports(sent: String, signed: String, isEither: Bool) throws {
        #expect(try Self.passes("url: { ports: both }", sent: sent, signed: signed) == isEither)
        #expect(try Self.passes("url: { ports: both }", sent: sent, signed: sent))
        #expect(try Self.passes("", sent: sent, signed: signed) == false)
        #expect(try Self.passes("", sent: sent, signed: sent))
    }

    @Test(
        "only the bytes that are named are decoded",
        arguments: [
            ("?a=%3A%2F", "?a=:/", true), ("?a=%3a%2f", "?a=:/", true), ("?a=%20", "?a=%20", true),
            ("?a=%3A", "?a=%3A", false), ("?a=%20", "?a= ", false), ("?a=%253A", "?a=%253A", true),
            ("?a=%253A", "?a=%3A", false), ("?a=%3", "?a=%3", true), ("?a=%", "?a=%", true),
            ("?a=%zz%3A", "?a=%zz:", true), ("?a=%%3A", "?a=%:", true), ("?a=+", "?a=+", true),
        ]
    )
    func decoding(sent: String, signed: String, passes: Bool) throws {
        let base = "https://a.example/x"
        let setting = "url: { decode: [\"%3A\", \"%2F\"] }"
        #expect(try Self.passes(setting, sent: base + sent, signed: base + signed) == passes)
        #expect(try Self.passes("", sent: base + sent, signed: base + sent))
    }
}
