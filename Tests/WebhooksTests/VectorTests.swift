import Foundation
import Ledger
import Testing
import Webhooks

@Suite("published vectors")
struct VectorTests {
    @Test("all vectors are here, and each invalid one has its word")
    func count() throws {
        let vectors = try Vector.all.get()
        #expect(vectors.count == 159)
        #expect(Set(vectors.map(\.id)).count == 159)
        let invalid = vectors.filter { !$0.isValid }.map(\.id)
        #expect(VectorWords.refusals.values.joined().sorted() == invalid.sorted())
        #expect(try Vector.handshakes.get().count == 9)
    }

    @Test("a captured request is what it is known to be", arguments: try Vector.all.get())
    func captured(vector: Vector) throws {
        let result = try vector.checked()
        #expect(result.id == vector.id)
        #expect(result.isValid == vector.isValid, "\(result.reason)")
        if let word = VectorWords.word(of: vector.id) {
            #expect(result.reason.hasPrefix("\(word.rawValue): "), "\(result.reason)")
        }
    }

    /// Some have no id, no type or another body than a webhook's: their signatures fit all the same.
    static let unreadable: [Refusal.Word] = [.missingID, .missingType, .notJSON, .notForm, .notXML]

    @Test("the intake comes to the same", arguments: try Vector.all.get())
    func intake(vector: Vector) throws {
        let verdict = try vector.judged()
        let word = VectorWords.word(of: vector.id)
        if let word {
            #expect(verdict.refusal?.word == word, "\(verdict.summary)")
            #expect(verdict.answer?.status == (word == .handshakeRefused ? 403 : 401))
            #expect(verdict.answer?.body == [])
        } else if let refusal = verdict.refusal {
            #expect(Self.unreadable.contains(refusal.word), "\(verdict.summary)")
            #expect(refusal.status == 400)
        }
    }

    @Test("a question is answered as its provider expects", arguments: try Vector.handshakes.get())
    func handshake(vector: Vector) throws {
        let response = try #require(try vector.fields["expect_response"] as? [String: Any])
        let verdict = try vector.judged()
        let answer = try #require(verdict.answer, "\(verdict.summary)")
        #expect(answer.status == response["status"] as? Int)
        if vector.isValid {
            guard case .handshake(let draft, _) = verdict else {
                Issue.record("\(verdict.summary)")
                return
            }
            #expect(draft[.type] == "webhook.handshake")
            #expect(isUUIDv7(draft.id))
            #expect(verdict.isRateBounded)
        } else {
            #expect(answer.body.isEmpty && verdict.refusal != nil)
        }
        if let body = response["body"] as? String { #expect(answer.body == Array(body.utf8)) }
        if let type = response["content_type"] as? String {
            #expect(answer.contentType?.split(separator: ";").first.map { String($0) } == type)
        }
        if let json = response["body_json"] as? [String: String] {
            let found = try JSONSerialization.jsonObject(with: Data(answer.body))
            #expect(found as? [String: String] == json)
        }
        if response["body"] == nil, response["body_json"] == nil { #expect(answer.body == []) }
    }

    @Test("a question is described with its answer", arguments: try Vector.handshakes.get())
    func describedHandshake(vector: Vector) throws {
        guard vector.isValid else { return }
        let body = String(decoding: try vector.judged().answer?.body ?? [], as: UTF8.self)
        let reason = "handshake, answered 200" + (body.isEmpty ? "" : " \(body)")
        #expect(try vector.checked().reason == reason)
    }

    @Test("either of two live secrets verifies, and the result says which")
    func previousSecret() throws {
        let current = try Vector.named("shopify-04")
        #expect(try current.checked().reason == "verified by secret 1")
        let previous = try Vector.named("shopify-06")
        let result = try previous.checked(changing: ["previous_secret": "old_secret"])
        #expect(result.isValid)
        #expect(result.reason == "verified by secret 2")
    }

    @Test("an unsigned question is valid and named as what it is")
    func unsignedQuestion() throws {
        let result = try Vector.named("woocommerce-04").checked()
        #expect(
            String(decoding: result.line, as: UTF8.self)
                == "{\"id\":\"woocommerce-04\",\"result\":\"valid\","
                + "\"reason\":\"handshake, answered 200\"}\n"
        )
    }

    @Test("without a moment the signed time counts as now, and a tolerance may be given")
    func moments() throws {
        let old = try Vector.named("stripe-02")
        #expect(try old.checked(changing: ["now_unix": NSNull()]).isValid)
        #expect(try old.checked(changing: ["tolerance_s": 400]).isValid)
        #expect(try old.checked(changing: ["tolerance_s": 399]).isValid == false)
        let ahead = try Vector.named("stripe-19")
        #expect(try ahead.checked(changing: ["tolerance_s": 1]).isValid)
    }

    @Test("a scheme may be named, and one that is optional must be")
    func namedScheme() throws {
        let klaviyo = try Vector.named("klaviyo-02")
        #expect(try klaviyo.checked().isValid == false)
        #expect(try klaviyo.checked(changing: ["use_scheme": "body"]).isValid)
        let hubspot = try Vector.named("hubspot-05")
        #expect(try hubspot.checked(changing: ["use_scheme": "v3"]).isValid)
        #expect(try hubspot.checked(changing: ["use_scheme": "v1"]).isValid == false)
        let unknown = try hubspot.checked(changing: ["use_scheme": "v4"])
        #expect(!unknown.isValid)
    }

    @Test(
        "what cannot be checked says why",
        arguments: [
            (
                "",
                "not a captured request: not JSON: found nothing but white space, expected a value"
            ),
            (
                "{\"id\":7,\"provider\":\"acme\"}",
                "no provider is called acme; see daybook providers"
            ),
            (
                "{\"id\":7,\"provider\":\"netsuite\"}",
                "no provider is called netsuite; see daybook providers"
            ),
            ("{\"provider\":\"stripe\"}", "no secret is given, or none in the form of stripe"),
            (
                "{\"provider\":\"svix\",\"secret\":\"whsec_!\"}",
                "no secret is given, or none in the form of svix"
            ),
            (
                "{\"provider\":\"paypal\",\"public_key_pem\":\"none\"}",
                "not a json web key, a set of them, or a public key in pem form: key is of another "
                    + "kind, expected a public key or a certificate in pem form"
            ),
            (
                "{\"provider\":\"paypal\"}",
                "missing-header: header paypal-transmission-sig is missing"
            ),
        ]
    )
    func unusable(line: String, reason: String) throws {
        var check = CapturedCheck(providers: try embedded.get())
        let line = Array(line.utf8)
        let result = check.check(line.span)
        #expect(!result.isValid)
        #expect(result.reason == reason)
    }

    @Test("a certificate, or keys, have to come with the request")
    func keysNeeded() throws {
        for id in ["paypal-01", "shipstation-v2-01", "google-pubsub-01"] {
            let result = try Vector.named(id).checked(changing: [
                "public_key_pem": NSNull(), "public_jwk": NSNull(),
            ])
            #expect(!result.isValid)
            #expect(
                result.reason.hasSuffix(" is needed as public_key_pem or public_jwk"),
                "\(result.reason)"
            )
        }
    }

    @Test("a header may be given as a list, and one that is doubled is refused")
    func doubledHeader() throws {
        let vector = try Vector.named("shopify-01")
        let headers = try #require(try vector.fields["headers"] as? [String: String])
        let signature = try #require(headers["X-Shopify-Hmac-Sha256"])
        let one = try vector.checked(changing: [
            "headers": ["X-Shopify-Hmac-Sha256": [signature]]
        ])
        #expect(one.isValid)
        let two = try vector.checked(changing: [
            "headers": ["X-Shopify-Hmac-Sha256": [signature, signature]]
        ])
        #expect(two.reason == "doubled-header: header x-shopify-hmac-sha256 appears twice")
    }
}
