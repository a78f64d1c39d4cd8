import Bytes
import Foundation
import Testing
import Webhooks

/// A captured request with what it is known to be, most of them published by the providers.
struct Vector: Sendable, CustomTestStringConvertible {
    let id: String
    let isValid: Bool
    /// The request as one line of JSON.
    let line: [UInt8]
    var testDescription: String { id }

    static let all = Result { try read() }

    private static func read() throws -> [Vector] {
        let data = Data(try file("Fixtures/providers.json"))
        let vectors = try JSONSerialization.jsonObject(with: data) as? [[String: Any]] ?? []
        return try vectors.map { fields in
            Vector(
                id: fields["id"] as? String ?? "",
                isValid: fields["expect"] as? String == "valid",
                line: try Array(JSONSerialization.data(withJSONObject: fields))
            )
        }
    }

    /// The line with other values in it.
    func line(changing values: [String: Any]) throws -> [UInt8] {
        let fields = try fields.merging(values) { $1 }
        return try Array(JSONSerialization.data(withJSONObject: fields))
    }

    var fields: [String: Any] {
        get throws {
            try JSONSerialization.jsonObject(with: Data(line)) as? [String: Any] ?? [:]
        }
    }

    static func named(_ id: String) throws -> Vector {
        try #require(all.get().first { $0.id == id })
    }
}

@Suite("published vectors")
struct VectorTests {
    /// Why each invalid one is.
    static let words: [String: Refusal.Word] = [
        "in-house-oms-03": .signatureMismatch, "paypal-03": .signatureMismatch,
        "paypal-04": .signatureMismatch, "paypal-06": .certificateURL,
        "shopify-02": .signatureMismatch, "shopify-03": .missingHeader,
        "shopify-06": .signatureMismatch, "shopify-09": .signatureMismatch,
        "standard-webhooks-02": .signatureMismatch, "standard-webhooks-05": .signatureMismatch,
        "standard-webhooks-07": .missingSignature, "standard-webhooks-08": .tooOld,
        "standard-webhooks-11": .signatureMismatch, "standard-webhooks-13": .missingHeader,
        "standard-webhooks-17": .signatureMismatch, "stripe-02": .tooOld,
        "stripe-03": .signatureMismatch, "stripe-04": .malformedTimestamp,
        "stripe-05": .malformedTimestamp, "stripe-06": .malformedTimestamp,
        "stripe-15": .signatureMismatch, "stripe-17": .malformedTimestamp,
        "stripe-20": .malformedSignature, "svix-03": .signatureMismatch,
        "svix-05": .signatureMismatch, "woocommerce-02": .signatureMismatch,
    ]

    @Test("a captured request is what it is known to be", arguments: try Vector.all.get())
    func captured(vector: Vector) throws {
        let result = try checked(vector.line)
        #expect(result.id == vector.id)
        #expect(result.isValid == vector.isValid, "\(result.reason)")
        if !vector.isValid {
            let word = try #require(Self.words[vector.id])
            #expect(result.reason.hasPrefix("\(word.rawValue): "), "\(result.reason)")
        }
    }

    private func checked(_ line: [UInt8]) throws -> CapturedCheck.Result {
        var check = CapturedCheck(catalog: try embedded.get())
        return check.check(line.span)
    }

    @Test("all vectors of the five providers are here")
    func count() throws {
        #expect(try Vector.all.get().count == 49)
    }

    @Test("the intake comes to the same", arguments: try Vector.all.get())
    func intake(vector: Vector) throws {
        let fields = try vector.fields
        func text(_ name: String) -> String { fields[name] as? String ?? "" }
        let headers = try #require(fields["headers"] as? [String: String])
        let entry =
            text("provider") == "paypal"
            ? "webhook_id: ID, certificates: PEM" : "secrets: SECRET"
        let source = try source(
            "shop: { provider: \(text("provider")), \(entry) }",
            [
                "SECRET": text("secret"), "ID": text("webhook_id"),
                "PEM": text("public_key_pem"),
            ]
        )
        let request = InboundRequest(
            method: "POST",
            target: "/hooks/shop",
            headers: headers.map { ($0.key, $0.value) },
            body: Array(text("body").utf8)
        )
        let verdict = judge(request, source, at: fields["now_unix"] as? Int ?? now)
        if vector.isValid {
            // Some have no id or another body than a webhook's: their signatures fit all the same.
            let allowed: [Refusal.Word?] = [nil, .missingID, .notJSON]
            #expect(allowed.contains(verdict.refusal?.word), "\(verdict.summary)")
        } else {
            #expect(verdict.refusal?.word == Self.words[vector.id])
            #expect(verdict.answer?.status == 401)
        }
        if let response = fields["expect_response"] as? [String: Any] {
            #expect(response["status"] as? Int == verdict.answer?.status)
            #expect(response.count == 1 && verdict.answer?.body == [])
        }
    }

    @Test("either of two live secrets verifies, and the result says which")
    func previousSecret() throws {
        let current = try Vector.named("shopify-04").line
        #expect(try checked(current).reason == "verified by secret 1")
        let previous = try Vector.named("shopify-06").line(changing: [
            "previous_secret": "old_secret"
        ])
        let result = try checked(previous)
        #expect(result.isValid)
        #expect(result.reason == "verified by secret 2")
    }

    @Test("an unsigned question is valid and named as what it is")
    func handshake() throws {
        let result = try checked(Vector.named("woocommerce-04").line)
        #expect(
            String(decoding: result.line, as: UTF8.self)
                == "{\"id\":\"woocommerce-04\",\"result\":\"valid\",\"reason\":\"handshake\"}\n"
        )
    }

    @Test("without a moment the signed time counts as now, and a tolerance may be given")
    func moments() throws {
        let old = try Vector.named("stripe-02")
        #expect(try checked(old.line(changing: ["now_unix": NSNull()])).isValid)
        #expect(try checked(old.line(changing: ["tolerance_s": 400])).isValid)
        let ahead = try Vector.named("stripe-19")
        #expect(try checked(ahead.line(changing: ["tolerance_s": 1])).isValid)
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
                "no provider is called acme; see daybook hooks providers"
            ),
            ("{\"provider\":\"stripe\"}", "no secret is given, or none in the form of stripe"),
            (
                "{\"provider\":\"svix\",\"secret\":\"whsec_!\"}",
                "no secret is given, or none in the form of standard"
            ),
            (
                "{\"provider\":\"paypal\",\"public_key_pem\":\"none\"}",
                "no certificate in pem form found"
            ),
            (
                "{\"provider\":\"paypal\"}",
                "missing-header: header paypal-auth-algo is missing"
            ),
        ]
    )
    func unusable(line: String, reason: String) throws {
        let result = try checked(Array(line.utf8))
        #expect(!result.isValid)
        #expect(result.reason == reason)
    }

    @Test("PayPal's certificate has to come with the request")
    func certificate() throws {
        let line = try Vector.named("paypal-01").line(changing: ["public_key_pem": NSNull()])
        let result = try checked(line)
        #expect(!result.isValid)
        #expect(result.reason.hasSuffix(" is needed as public_key_pem"))
    }

    @Test("a header may be given as a list, and one that is doubled is refused")
    func doubledHeader() throws {
        let vector = try Vector.named("shopify-01")
        let headers = try #require(try vector.fields["headers"] as? [String: String])
        let signature = try #require(headers["X-Shopify-Hmac-Sha256"])
        let one = try vector.line(changing: ["headers": ["X-Shopify-Hmac-Sha256": [signature]]])
        #expect(try checked(one).isValid)
        let two = try vector.line(changing: [
            "headers": ["X-Shopify-Hmac-Sha256": [signature, signature]]
        ])
        #expect(
            try checked(two).reason
                == "doubled-header: header x-shopify-hmac-sha256 appears twice"
        )
    }
}
