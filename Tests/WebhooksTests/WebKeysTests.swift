import Bytes
import Digest
import Foundation
import Testing
import Webhooks

@Suite("public keys as they are published")
struct WebKeysTests {
    private func parse(_ text: String) throws -> [WebKey] {
        try WebKeys.parse(Array(text.utf8).span)
    }

    /// What is wrong with a text, or nothing.
    private func fault(_ text: String) -> String? {
        do throws(WebKeyError) {
            _ = try WebKeys.parse(Array(text.utf8).span)
            return nil
        } catch {
            return error.description
        }
    }

    private func text(_ value: Any) throws -> String {
        String(decoding: try JSONSerialization.data(withJSONObject: value), as: UTF8.self)
    }

    @Test("a set, a single key, PEM and a certificate are read")
    func forms() throws {
        let key = try Trial.key.get()
        let other = try Trial.other.get()
        let set = try Trial.jwks([Trial.jwk(key, ["kid": "one"]), Trial.jwk(other)])
        #expect(try parse(set).map(\.id) == ["one", nil])
        #expect(try parse(" \n\t\r" + set).count == 2)
        #expect(try parse(text(Trial.jwk(key, ["kid": "one"]))).map(\.id) == ["one"])
        #expect(try parse(Trial.pem(key) + Trial.pem(other)).map(\.id) == [nil, nil])
        #expect(try parse(Identity.payPal.get().pem).count == 1)
        for text in [set, try text(Trial.jwk(key)), try Trial.pem(key)] {
            let modulus = try parse(text)[0].key.numbers.modulus
            #expect(try modulus == key.publicKey.numbers.modulus)
        }
    }

    @Test("of a set only the keys that may verify RS256 signatures are taken")
    func mixed() throws {
        let key = try Trial.key.get()
        let curve: [String: Any] = ["kty": "EC", "crv": "P-256", "x": "AQAB", "y": "AQAB"]
        let set = try Trial.jwks([
            curve, Trial.jwk(key, ["kid": "enc", "use": "enc"]),
            Trial.jwk(key, ["kid": "ps", "alg": "PS256"]), ["kty": "oct", "k": "AAAA"], [:],
            Trial.jwk(key, ["kid": "short", "n": String(repeating: "_", count: 172)]),
            Trial.jwk(key, ["kid": "good", "use": "sig", "alg": "RS256", "x5c": ["AAAA"]]),
            Trial.jwk(key, ["kid": "also", "key_ops": ["verify"], "x": ["a": ["b": 1.5]]]),
        ])
        #expect(try parse(set).map(\.id) == ["good", "also"])
    }

    static let unusableCases: [(name: String, value: any Sendable, problem: String)] = [
        ("kty", "EC", "kty EC, expected RSA"), ("kty", "rsa", "kty rsa, expected RSA"),
        ("kty", NSNull(), "kty is missing, expected RSA"),
        ("kty", 7, "kty that is no short plain text, expected RSA"),
        ("use", "enc", "use enc, expected sig"), ("alg", "RS512", "alg RS512, expected RS256"),
        ("alg", "none", "alg none, expected RS256"),
        ("key_ops", ["sign"], "key_ops without verify"),
        ("key_ops", "verify", "key_ops without verify"),
        ("kid", 7, "kid is no text of 1 to 256 bytes"),
        ("kid", "", "kid is no text of 1 to 256 bytes"),
        ("kid", String(repeating: "k", count: 257), "kid is no text of 1 to 256 bytes"),
        ("n", NSNull(), "n is not base64url"), ("n", "AA==", "n is not base64url"),
        ("n", "a+/a", "n is not base64url"), ("n", 65537, "n is not base64url"),
        ("e", NSNull(), "e is not base64url"), ("e", "AQAB=", "e is not base64url"),
        ("n", "", "rsa key has 0 bits"),
        ("n", String(repeating: "_", count: 172), "rsa key has 1032 bits"),
        ("n", String(repeating: "_", count: 1368), "rsa key has 8208 bits"),
        ("e", "Aw", "key is of another kind, expected rsa with an odd exponent"),
        ("e", "", "key is of another kind, expected rsa with an odd exponent"),
    ]

    @Test("a key that cannot be used says why", arguments: unusableCases.indices)
    func unusable(index: Int) throws {
        let (name, value, problem) = Self.unusableCases[index]
        let jwk = try Trial.jwk(Trial.key.get(), [name: value])
        let prefix = "none of 1 keys verifies RS256; the first: \(problem)"
        #expect(try #require(fault(try text(jwk))).hasPrefix(prefix))
        #expect(try #require(fault(try Trial.jwks([jwk]))).hasPrefix(prefix))
    }

    @Test("a text without keys is refused")
    func none() throws {
        #expect(fault("{\"keys\":[]}") == "none of 0 keys verifies RS256")
        #expect(
            fault("{\"keys\":[7,null,[]]}")
                == "none of 3 keys verifies RS256; the first: kty is missing, expected RSA"
        )
        let malformed =
            "not a json web key, a set of them, or a public key in pem form: "
        for text in ["{\"keys\":{}}", "{\"keys\":null}", "{\"keys\":7}"] {
            #expect(fault(text) == "\(malformed)keys is no array")
        }
        for text in ["", " ", "junk", "[]", "[{}]", "{", "{\"keys\":[", "-----BEGIN", "\u{feff}{}"]
        {
            #expect(try #require(fault(text)).hasPrefix(malformed), "\(text)")
        }
    }

    @Test("a name that appears twice makes the whole text unusable")
    func repeated() throws {
        let jwk = try text(Trial.jwk(Trial.key.get(), ["kid": "one"]))
        let twice = "{\"kid\":\"two\"," + jwk.dropFirst()
        for text in [twice, "{\"keys\":[\(twice)]}", "{\"keys\":[],\"keys\":[\(jwk)]}"] {
            #expect(try #require(fault(text)).hasPrefix("not a json web key"))
        }
    }

    @Test("a private key is not taken for a public one")
    func privateKey() throws {
        let pem = try Trial.pem(Trial.key.get())
        let secret = pem.replacing("PUBLIC KEY", with: "PRIVATE KEY")
        #expect(
            fault(secret) == "not a json web key, a set of them, or a public key in pem form: "
                + "key is of another kind, expected a public key or a certificate in pem form"
        )
    }

    @Test("a set has a limited number of keys, and of bytes")
    func limits() throws {
        let key = try Trial.key.get()
        let one = try text(Trial.jwk(key))
        func set(_ count: Int, _ key: String) -> String {
            "{\"keys\":[\(Array(repeating: key, count: count).joined(separator: ","))]}"
        }
        #expect(try parse(set(64, one)).count == 64)
        #expect(fault(set(65, one)) == "key set has 65 keys, expected at most 64")
        let small = #"{"kty":"EC"}"#
        #expect(fault(set(10_000, small)) == "key set has 10000 keys, expected at most 64")
        let large = set(10_000, one)
        #expect(
            fault(large) == "key set has \(large.utf8.count) bytes, expected at most 262144"
        )
        let pem = try Trial.pem(key)
        #expect(
            fault(String(repeating: pem, count: 65)) == "key set has 65 keys, expected at most 64"
        )
        let padded = one + String(repeating: " ", count: 262_144 - one.utf8.count)
        #expect(try parse(padded).count == 1)
        #expect(fault(padded + " ") == "key set has 262145 bytes, expected at most 262144")
        let deep = String(repeating: "[", count: 40) + String(repeating: "]", count: 40)
        #expect(fault("{\"keys\":[\(one)],\"x\":\(deep)}")?.hasPrefix("not a json") == true)
    }
}
