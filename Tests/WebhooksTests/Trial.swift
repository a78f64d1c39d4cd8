import Bytes
import Catalog
import Digest
import Foundation
import Ledger
import Webhooks
import YAML

/// Keys of our own, in the place of a provider's.
enum Trial {
    /// The moment of the tests, in Unix seconds: 2026-02-01T10:00:30Z.
    static let now = 1_769_940_030

    static let key = Result { try RSASigningKey.generate() }
    static let other = Result { try RSASigningKey.generate() }

    static func moment(_ seconds: Int) -> Timestamp {
        Timestamp(microseconds: Int64(seconds) * 1_000_000)
    }

    /// Reads `NAME: { … }` as in `daybook.yaml`; references have their values in `values`.
    static func source(_ yaml: String, _ values: [String: String] = [:]) throws -> Source {
        let root = try parseYAML(yaml.utf8Span.span, file: "daybook.yaml")
        let entry = try root.mapping.entries[0]
        return try Source(
            name: entry.key,
            node: entry.value,
            providers: Providers(Systems())
        ) { reference in
            guard let value = values[reference] else { throw Missing(reference: reference) }
            return Array(value.utf8)
        }
    }

    struct Missing: Error {
        let reference: String
    }

    /// What a request is found to be: `accepted`, `needs …`, or the reason of its refusal.
    static func judge(
        _ request: InboundRequest,
        _ source: Source,
        at seconds: Int = now,
        fetched: FetchedTrust = FetchedTrust()
    ) -> String {
        var intake = Intake()
        let verdict = intake.receive(
            request,
            from: source,
            at: moment(seconds),
            fetched: fetched
        )
        return switch verdict {
        case .accepted(let drafts, _):
            "accepted by \(drafts[0][.authid] ?? "nobody") as \(drafts[0][.authtype] ?? "nothing")"
        case .rejected(_, let answer, let refusal): "\(answer.status) \(refusal.reason)"
        case .handshake: "handshake"
        case .needs(let document): "needs \(document)"
        }
    }

    /// A public key as a JSON Web Key, with members added or put in place of others.
    static func jwk(_ key: RSASigningKey, _ members: [String: Any] = [:]) throws -> [String: Any] {
        let numbers = try key.publicKey.numbers
        let members = members.merging([
            "kty": "RSA", "n": Base64.encodeURL(numbers.modulus.span),
            "e": Base64.encodeURL(numbers.exponent.span),
        ]) { given, _ in given }
        return members.filter { !($0.value is NSNull) }
    }

    static func jwks(_ keys: [[String: Any]]) throws -> String {
        let data = try JSONSerialization.data(withJSONObject: ["keys": keys])
        return String(decoding: data, as: UTF8.self)
    }

    /// The bytes of a text in base64, of the `url` alphabet without padding or the standard one.
    static func bytes(_ text: String, url: Bool = false) throws -> [UInt8] {
        let bytes =
            url
            ? Base64.decode(text.utf8Span.span, padding: .refused, alphabet: .url)
            : Base64.decode(text.utf8Span.span)
        guard let bytes else { throw Missing(reference: "base64") }
        return bytes
    }

    static func pem(_ key: RSASigningKey) throws -> String {
        String(decoding: try key.publicPEM, as: UTF8.self)
    }
}

/// A Pub/Sub push with a token of our own making.
enum PubSub {
    static let audience = "https://hooks.example.com/hooks/push"
    static let email = "push@example-project.iam.gserviceaccount.com"
    static let keysURL = "https://www.googleapis.com/oauth2/v3/certs"
    static let header = #"{"alg":"RS256","kid":"one","typ":"JWT"}"#
    static let accepted = "accepted by key one as oidc, body unsigned"

    /// A source whose key is pinned, or nothing if that is `nil`.
    static func source(keys: String? = "set") throws -> Source {
        let key = try Trial.key.get()
        return try Trial.source(
            "push: { provider: google-pubsub, audience: \"\(audience)\", email: address"
                + (keys.map { ", keys: \($0)" } ?? "") + " }",
            [
                "address": email, "set": try Trial.jwks([Trial.jwk(key, ["kid": "one"])]),
                "pem": try Trial.pem(key), "other": try Trial.pem(Trial.other.get()),
            ]
        )
    }

    /// The claims of a good token as JSON, with others in place of some; `nil` takes one away.
    static func claims(_ changes: [String: String?] = [:]) -> String {
        var claims: [String: String?] = [
            "aud": "\"\(audience)\"", "azp": "\"113774264463038321964\"", "email": "\"\(email)\"",
            "email_verified": "true", "exp": "\(Trial.now + 3600)", "iat": "\(Trial.now)",
            "iss": "\"https://accounts.google.com\"", "sub": "\"113774264463038321964\"",
        ]
        claims.merge(changes) { $1 }
        let members = claims.compactMap { name, value in value.map { "\"\(name)\":\($0)" } }
        return "{\(members.sorted().joined(separator: ","))}"
    }

    static func part(_ text: String) -> String { Base64.encodeURL(text.utf8Span.span) }

    /// A token over any two texts.
    static func token(
        _ claims: String = claims(),
        header: String = header,
        key: RSASigningKey? = nil
    ) throws -> String {
        let signed = "\(part(header)).\(part(claims))"
        let signature = try (key ?? Trial.key.get()).sign(signed.utf8Span.span)
        return "\(signed).\(Base64.encodeURL(signature.span))"
    }

    static func request(_ token: String, prefix: String = "Bearer ") -> InboundRequest {
        InboundRequest(
            method: "POST",
            target: "/hooks/push",
            headers: [("Content-Type", "application/json"), ("Authorization", prefix + token)],
            body: Array(body.utf8)
        )
    }

    static let body =
        #"{"message":{"data":"eyJza3UiOiJHUi0xIn0=","messageId":"2070443601311540","#
        + #""publishTime":"2026-02-01T10:00:00.105Z"},"subscription":"projects/p/subscriptions/s"}"#

    static func judge(
        _ token: String,
        _ source: Source? = nil,
        at seconds: Int = Trial.now,
        fetched: FetchedTrust = FetchedTrust()
    ) throws -> String {
        let source = try source ?? PubSub.source()
        return Trial.judge(request(token), source, at: seconds, fetched: fetched)
    }
}
