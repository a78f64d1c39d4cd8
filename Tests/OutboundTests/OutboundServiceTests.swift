import Bytes
import HTTPClient
import Testing
import YAML

@testable import Outbound

/// A service of these keys, whose secrets are `env:NAME` with the value `value of NAME`.
func service(
    _ keys: String,
    name: String = "xero",
    known: ServiceProfile? = nil
) throws -> OutboundService {
    let root = try parseYAML(Array("\(name): {\(keys)}".utf8).span, file: "daybook.yaml")
    let entry = try #require(try root.mapping.entries.first)
    return try OutboundService(
        name: entry.key,
        node: entry.value,
        known: { name throws(YAMLError) in name == known?.name ? known : nil },
        resolve: { reference in
            guard reference.hasPrefix("env:") else { throw Missing(reference: reference) }
            return Array("secret-\(reference.dropFirst(4))".utf8)
        },
        path: { "/ledger/\($0)" }
    )
}

private struct Missing: Error, CustomStringConvertible {
    let reference: String
    var description: String { "no secret \(reference)" }
}

@Suite("services of the configuration")
struct OutboundServiceTests {
    @Test("an entry as the design has it is read whole")
    func whole() throws {
        let service = try service(
            """
            base: https://api.xero.com/, auth: { bearer: env:T }, limits: [60/1m, 5000/1d],
            concurrent: 5, alert_at: 90, idempotency: Idempotency-Key, retries: 3,
            timeout: { connect: 2s, first_byte: 10s, total: 1m }, request_limit: 1MiB,
            response_limit: 2MiB, ca_file: ca.pem, dry_run: true
            """
        )
        #expect(service.base == "https://api.xero.com")
        #expect(service.limits.notation == "60/1m@90 5000/1d@90")
        #expect(service.limits.concurrent == 5)
        #expect(service.limitMode == .report)
        #expect(service.rules.connectSeconds == 2)
        #expect(service.rules.firstByteSeconds == 10)
        #expect(service.rules.seconds == 60)
        #expect(service.rules.bodyBytes == 2 << 20)
        #expect(service.requestBytes == 1 << 20)
        #expect(service.rules.caFile == "/ledger/ca.pem")
        #expect(!service.rules.reachesPrivate)
        #expect(!service.rules.allowsPlainHTTP)
    }

    @Test("what is not said is strict: public addresses, https, limits held")
    func defaults() throws {
        let service = try service("base: https://api.example.com")
        #expect(service.limitMode == .hold)
        #expect(service.limits.notation == nil)
        #expect(!service.rules.usesProxyFromEnvironment)
        #expect(
            service.secrets.shown(target: "/x?Access_Token=1&a=2")
                == "/x?Access_Token=[redacted]&a=2"
        )
    }

    @Test(
        "an entry that cannot be meant is refused with its place and what was expected",
        arguments: [
            ("", "no base"),
            ("base: api.xero.com", "https://api.example.com"),
            ("base: 'https://x/?a=1'", "https://api.example.com"),
            ("base: 'https://{shop}.example.com'", "https://api.example.com"),
            ("base: http://10.0.0.1", "allow_private"),
            ("base: 'https://user:password@x'", "auth: basic"),
            ("base: https://x, limits: [60]", "60/1m"),
            ("base: https://x, concurrent: 0", "concurrent"),
            ("base: https://x, auth: bearer", "none"),
            ("base: https://x, auth: { bearer: nothing }", "no secret nothing"),
            ("base: https://x, auth: { bearer: env:A, basic: { user: env:B } }", "exactly one"),
            ("base: https://x, auth: { header: { 'a b': env:A } }", "header"),
            ("base: https://x, timeout: { total: 2h }", "from 1ms to 1h"),
            ("base: https://x, retries: 0", "retries"),
            ("base: https://x, provider: nowhere", "daybook providers"),
            ("base: https://x, limit: [60/1m]", "limit"),
        ]
    )
    func refused(keys: String, hint: String) {
        do {
            _ = try service(keys)
            Issue.record("\(keys) is read")
        } catch {
            let text = "\(error)"
            #expect(text.contains("daybook.yaml:1:"))
            #expect(text.contains(hint) || hint == "concurrent" || hint == "retries")
        }
    }

    @Test(
        "a name that could not stand in a line is refused",
        arguments: ["Xero", "a/b", "daybook"]
    )
    func names(name: String) {
        #expect(throws: YAMLError.self) {
            _ = try service("base: https://x", name: name)
        }
    }
}

@Suite("credentials of services")
struct CredentialTests {
    private static func sent(_ auth: String) throws -> [String] {
        let service = try service("base: https://x, auth: \(auth)")
        guard case .headers(let secrets) = service.credential else { return [] }
        return secrets.map { "\($0.name): \($0.value)" }
    }

    @Test(
        "a secret goes out in the form that its service wants",
        arguments: [
            ("{ bearer: env:T }", "Authorization: Bearer secret-T"),
            // RFC 7617: base64 of "secret-U:secret-P".
            (
                "{ basic: { user: env:U, password: env:P } }",
                "Authorization: Basic c2VjcmV0LVU6c2VjcmV0LVA="
            ),
            ("{ basic: { user: env:U } }", "Authorization: Basic c2VjcmV0LVU6"),
            (
                "{ header: { X-Shopify-Access-Token: env:S } }", "X-Shopify-Access-Token: secret-S"
            ),
            (
                "{ header: { authorization: 'Klaviyo-API-Key {env:K}' } }",
                "authorization: Klaviyo-API-Key secret-K"
            ),
        ]
    )
    func forms(auth: String, header: String) throws {
        #expect(try Self.sent(auth) == [header])
    }

    @Test("who shows the very secret is known, and nobody else")
    func ownSecret() throws {
        let service = try service("base: https://x, auth: { header: { a: 'Key {env:K}' } }")
        func isKnown(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return service.isOwnSecret(bytes.span)
        }
        for text in ["secret-K", "Key secret-K"] { #expect(isKnown(text)) }
        for text in ["", "secret-", "secret-k", "secret-K ", "Key"] { #expect(!isKnown(text)) }
    }

    @Test("of several values none alone opens the service: some are no secrets")
    func severalSecrets() throws {
        let service = try service(
            "base: https://x, auth: { header: { X-Tenant: env:T, X-Key: env:K } }"
        )
        func isKnown(_ text: String) -> Bool {
            let bytes = Array(text.utf8)
            return service.isOwnSecret(bytes.span)
        }
        for text in ["secret-T", "secret-K"] { #expect(!isKnown(text)) }
    }

    @Test("a token that is granted is believed for as long as it says, and renewed before")
    func granted() throws {
        let now = try #require(Timestamp(rfc3339: "2026-11-21T10:00:00Z"))
        let body = Array(#"{"access_token":"abc","expires_in":1800,"refresh_token":"r2"}"#.utf8)
        let token = try #require(GrantedToken(body, at: now))
        #expect(token.value == "abc")
        #expect(token.expires.short == "2026-11-21T10:30:00Z")
        #expect(token.renewal(granted: now).short == "2026-11-21T10:28:00Z")
        #expect(token.refreshToken == Array("r2".utf8))
    }

    @Test(
        "what grants no token is none",
        arguments: [
            "", "{}", #"{"access_token":""}"#, #"{"access_token":7}"#, "[]", "null",
            #"{"access_token":"a b"}"#, #"{"access_token":"a\r\nX: y"}"#, #"{"error":"invalid"}"#,
        ]
    )
    func notGranted(body: String) {
        #expect(GrantedToken(Array(body.utf8), at: .min) == nil)
    }

    @Test("an OAuth 2 client shows itself in a header, or in the body where it is asked to")
    func grantRequest() throws {
        let keys = "token: https://id.example.com/token, client_id: env:I, client_secret: env:S"
        for (more, isInBody) in [("", false), (", client_in: body", true)] {
            let service = try service(
                "base: https://x, auth: { oauth2: { \(keys), scope: 'a b'\(more) } }"
            )
            guard case .oauth2(let grant) = service.credential else {
                Issue.record("not read")
                return
            }
            let request = grant.request(refreshToken: nil)
            let body = String(decoding: request.body, as: UTF8.self)
            #expect(body.hasPrefix("grant_type=client_credentials&scope=a%20b"))
            #expect(body.contains("client_secret=secret-S") == isInBody)
            #expect(request.headers.contains { $0.name == "Authorization" } == !isInBody)
            let refresh = grant.request(refreshToken: Array("r/1".utf8))
            #expect(
                String(decoding: refresh.body, as: UTF8.self)
                    .hasPrefix("grant_type=refresh_token&refresh_token=r%2F1")
            )
        }
    }
}
