import Digest
import Ledger
import Testing
import Webhooks

@Suite("signatures by public keys")
struct Ed25519Tests {
    static let seed = [UInt8](0..<32)

    static func key(_ seed: [UInt8] = seed) throws -> SigningKey { try SigningKey(seed: seed) }

    /// The public key as the standard writes it.
    static func secret(_ seed: [UInt8] = seed) throws -> String {
        "whpk_\(base64(try key(seed).publicKey))"
    }

    static func source(_ secrets: String...) throws -> Source {
        let names = secrets.indices.map { "env:S\($0)" }
        return try WebhooksTests.source(
            "shop: { provider: standard, secrets: [\(names.joined(separator: ", "))] }",
            Dictionary(uniqueKeysWithValues: zip(names, secrets))
        )
    }

    /// The standard's sample, signed by a private key.
    static func request(_ seed: [UInt8] = seed) throws -> InboundRequest {
        var request = try Vendor.standard.request()
        let message = Array("evt_1.\(now - 10).".utf8) + request.body
        let signature = try key(seed).sign(message.span)
        request["webhook-signature"] = "v1a,\(base64(signature))"
        return request
    }

    @Test("a public key verifies, and the line says so")
    func accepted() throws {
        let draft = try #require(judge(try Self.request(), try Self.source(Self.secret())).accepted)
        #expect(draft[.authtype] == "ed25519")
        #expect(draft[.authid] == "env:S0")
    }

    @Test("what is signed cannot be changed")
    func changed() throws {
        let source = try Self.source(Self.secret())
        let expected = "401 signature-mismatch: the signature does not fit the secret"
        let request = try Self.request()
        for index in request.body.indices {
            var changed = request
            changed.body[index] ^= 1
            #expect(judge(changed, source).summary == expected)
        }
        for (name, value) in [("webhook-id", "evt_2"), ("webhook-timestamp", "\(now)")] {
            var changed = request
            changed[name] = value
            #expect(judge(changed, source).summary == expected)
        }
        #expect(judge(try Self.request([UInt8](1..<33)), source).summary == expected)
    }

    @Test("its time must be within the tolerance")
    func time() throws {
        let source = try Self.source(Self.secret())
        #expect(judge(try Self.request(), source, at: now + 290).accepted != nil)
        #expect(judge(try Self.request(), source, at: now + 291).refusal?.word == .tooOld)
        #expect(judge(try Self.request(), source, at: now - 311).refusal?.word == .tooNew)
    }

    @Test("shared secrets and public keys may be live at once")
    func both() throws {
        let source = try Self.source(Vendor.standard.secret, Self.secret())
        let shared = try #require(judge(try Vendor.standard.request(), source).accepted)
        #expect(shared[.authtype] == "hmac-sha256")
        #expect(shared[.authid] == "env:S0")
        var request = try Self.request()
        #expect(judge(request, source).accepted?[.authid] == "env:S1")
        let code = base64(Vendor.standard.code(request.body))
        request["webhook-signature"]? += " v1,\(code)"
        #expect(judge(request, source).accepted?[.authtype] == "hmac-sha256")
        request["webhook-signature"] = "v1,AAAA v1a,AAAA"
        #expect(
            judge(request, source).summary
                == "401 signature-mismatch: the signature does not fit any of 2 secrets"
        )
    }

    @Test("a key of one kind does not verify signatures of the other")
    func kinds() throws {
        let none =
            "401 missing-signature: "
            + "header webhook-signature has no signature of the known kind"
        #expect(
            judge(try Vendor.standard.request(), try Self.source(Self.secret())).summary == none
        )
        #expect(judge(try Self.request(), try Vendor.standard.source()).summary == none)
    }

    @Test("a public key is never taken for a shared secret")
    func confusion() throws {
        let publicKey = try Self.key().publicKey
        var request = try Vendor.standard.request()
        let forged = code(publicKey, Array("evt_1.\(now - 10).".utf8), request.body)
        for value in ["v1,\(base64(forged))", "v1a,\(base64(forged))"] {
            request["webhook-signature"] = value
            #expect(judge(request, try Self.source(Self.secret())).refusal?.status == 401)
        }
    }

    @Test("malformed signatures are refused")
    func malformed() throws {
        var request = try Self.request()
        let source = try Self.source(Self.secret())
        request["webhook-signature"] = "v1a,*"
        #expect(
            judge(request, source).summary
                == "401 malformed-signature: the signature is not base64"
        )
        for bytes in [[], [1], [UInt8](repeating: 0, count: 64), [UInt8](repeating: 0, count: 65)] {
            request["webhook-signature"] = "v1a,\(base64(bytes))"
            #expect(judge(request, source).refusal?.word == .signatureMismatch)
        }
    }

    @Test("8 signatures are checked, 9 refused")
    func limit() throws {
        let request = try Self.request()
        let signature = try #require(request["webhook-signature"])
        for (count, expected) in [
            (7, "200 accepted"),
            (8, "401 malformed-signature: more than 8 signatures in one request"),
        ] {
            var request = request
            let wrong = Array(repeating: "v1a,AAAA", count: count)
            request["webhook-signature"] = (wrong + [signature]).joined(separator: " ")
            #expect(judge(request, try Self.source(Self.secret())).summary == expected)
        }
    }
}
