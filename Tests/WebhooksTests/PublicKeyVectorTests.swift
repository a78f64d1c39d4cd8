import Bytes
import Foundation
import Testing
import Webhooks

extension Vector {
    /// Those that are signed with a private key whose public half is published as a key.
    static let publicKeys = Result {
        try all.get().filter {
            ["google-pubsub", "shipstation-v2"].contains(try $0.text("provider"))
        }
    }
}

@Suite("vectors with public keys")
struct PublicKeyVectorTests {
    /// What each comes to.
    static let outcomes = [
        "google-pubsub-01": "verified by key ledger-test-key-1",
        "google-pubsub-02": "timestamp-too-old: token expired 61 s ago",
        "google-pubsub-03":
            "wrong-token: token's audience is https://other.example, "
            + "expected https://ledger.example/hooks/pubsub",
        "google-pubsub-04":
            "wrong-token: token's email is attacker@evil.iam.gserviceaccount.com, "
            + "expected gcloud@example-project-1234.iam.gserviceaccount.com",
        "google-pubsub-06":
            "wrong-token: token's issuer is https://evil.example, "
            + "expected https://accounts.google.com or accounts.google.com",
        "google-pubsub-08": "unknown-algorithm: alg HS256, expected RS256",
        "shipstation-v2-01": "verified by key ledger-test-key-1",
        "shipstation-v2-02":
            "signature-mismatch: the signature does not fit pinned key ledger-test-key-1",
        "shipstation-v2-03": "timestamp-too-old: timestamp 301 s old, tolerance 300 s",
    ]

    @Test("a captured request is what it is known to be", arguments: try Vector.publicKeys.get())
    func captured(vector: Vector) throws {
        let result = try vector.checked()
        #expect(result.isValid == vector.isValid)
        #expect(result.reason == Self.outcomes[vector.id])
    }

    @Test("all vectors of both providers are here")
    func count() throws {
        #expect(try Set(Vector.publicKeys.get().map(\.id)) == Set(Self.outcomes.keys))
    }

    @Test(
        "the intake comes to the same, with keys pinned in each form",
        arguments: try Vector.publicKeys.get(),
        ["public_jwk", "public_key_pem"]
    )
    func intake(vector: Vector, form: String) throws {
        let isPubSub = vector.id.hasPrefix("google")
        let expected = try vector.fields["expected"] as? [String: Any]
        let jwk = try vector.fields["public_jwk"].map {
            String(decoding: try JSONSerialization.data(withJSONObject: $0), as: UTF8.self)
        }
        let audience = expected?["aud"] as? String ?? ""
        let source = try Trial.source(
            isPubSub
                ? "shop: { provider: google-pubsub, keys: key, email: e, "
                    + "audience: \"\(audience)\" }"
                : "shop: { provider: shipstation-v2, keys: key }",
            [
                "key": form == "public_jwk" ? jwk ?? "" : try vector.text("public_key_pem"),
                "e": expected?["email"] as? String ?? "",
            ]
        )
        let verdict = Trial.judge(
            try vector.request(),
            source,
            at: try #require(try vector.fields["now_unix"] as? Int)
        )
        // A key in PEM form has no id.
        let name = form == "public_jwk" ? "ledger-test-key-1" : "1"
        if vector.isValid {
            let kind = isPubSub ? "oidc, body unsigned" : "rsa-sha256"
            #expect(verdict == "accepted by key \(name) as \(kind)")
        } else {
            let reason = try #require(Self.outcomes[vector.id])
            #expect(verdict == "401 \(reason)".replacing("ledger-test-key-1", with: name))
        }
    }

    @Test("each bit of a token counts, in all three of its parts")
    func flippedToken() throws {
        let vector = try Vector.named("google-pubsub-01")
        let headers = try #require(vector.fields["headers"] as? [String: String])
        let token = try #require(headers["Authorization"]).dropFirst("Bearer ".count)
        let parts = token.split(separator: ".").map { String($0) }
        let pem = try vector.text("public_key_pem")
        let source = try Trial.source(
            "push: { provider: google-pubsub, keys: key, email: e, "
                + "audience: \"https://ledger.example/hooks/pubsub\" }",
            ["key": pem, "e": "gcloud@example-project-1234.iam.gserviceaccount.com"]
        )
        func judge(_ token: String) throws -> String {
            Trial.judge(
                PubSub.request(token),
                source,
                at: try #require(try vector.fields["now_unix"] as? Int)
            )
        }
        #expect(try judge(String(token)).hasPrefix("accepted"))
        for (index, part) in parts.enumerated() {
            let text = Array(part.utf8)
            let bytes = try Trial.bytes(part, url: true)
            for bit in stride(from: 0, to: bytes.count * 8, by: 5) {
                var spoiled = bytes
                spoiled[bit / 8] ^= 1 << UInt8(bit % 8)
                var all = parts
                all[index] = Base64.encodeURL(spoiled.span)
                let verdict = try judge(all.joined(separator: "."))
                #expect(verdict.hasPrefix("401 "), "part \(index), bit \(bit)")
            }
            for place in stride(from: 0, to: text.count, by: 3) {
                var spoiled = text
                spoiled[place] ^= 1 << UInt8(place % 7)
                var all = parts
                all[index] = String(decoding: spoiled, as: UTF8.self)
                let verdict = try judge(all.joined(separator: "."))
                #expect(verdict.hasPrefix("401 "), "part \(index), character \(place)")
            }
        }
    }
}
