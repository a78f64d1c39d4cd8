import Digest
import Foundation
import Testing

private struct RS256: Decodable {
    var publicKeyPem: String
    var modulus: String
    var exponent: String
    var vectors: [RSAVector]
}

struct RSAVector: Decodable {
    var id: String
    var expect: String
    var message: String
    var signatureBase64: String

    var signature: [UInt8] { Array(Data(base64Encoded: signatureBase64) ?? Data()) }
}

private func base64url(_ text: String) -> [UInt8] {
    let plain = text.replacing("-", with: "+").replacing("_", with: "/")
    let padded = plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)
    return Array(Data(base64Encoded: padded) ?? Data())
}

@Suite("RSA keys")
struct RSAKeyTests {
    @Test("a key verifies the same from PEM and from a JSON Web Key")
    func forms() throws {
        let vectors = try fixture("rs256", as: RS256.self)
        let keys = [
            try RSAKey(pem: Array(vectors.publicKeyPem.utf8)),
            try RSAKey(
                modulus: base64url(vectors.modulus),
                exponent: base64url(vectors.exponent)
            ),
        ]
        for key in keys {
            for vector in vectors.vectors {
                let isValid = key.verify(vector.signature, vector.message)
                #expect(isValid == (vector.expect == "valid"), "\(vector.id)")
            }
        }
    }

    @Test("a flipped bit and a wrong length are refused")
    func flipped() throws {
        let vectors = try fixture("rs256", as: RS256.self)
        let key = try RSAKey(pem: Array(vectors.publicKeyPem.utf8))
        let vector = try #require(vectors.vectors.first)
        var signature = vector.signature
        signature[100] ^= 1
        #expect(!key.verify(signature, vector.message))
        let short = Array(vector.signature.dropLast())
        #expect(!key.verify(short, vector.message))
        #expect(!key.verify([], vector.message))
    }

    @Test("a key under 2048 bits is refused")
    func weak() throws {
        let secret = try run("openssl", ["genrsa", "1024"])
        let pem = try run("openssl", ["rsa", "-pubout"], input: secret)
        #expect(throws: DigestError.keyStrength(bits: 1024)) { try RSAKey(pem: Array(pem.utf8)) }
        #expect(throws: DigestError.keyStrength(bits: 2040)) {
            try RSAKey(modulus: [UInt8](repeating: 0xff, count: 255), exponent: [1, 0, 1])
        }
    }

    @Test("a key of another kind is refused")
    func kind() throws {
        let secret = try run("openssl", ["genpkey", "-algorithm", "ed25519"])
        let pem = try run("openssl", ["pkey", "-pubout"], input: secret)
        #expect(throws: DigestError.keyKind(expected: "rsa")) { try RSAKey(pem: Array(pem.utf8)) }
    }

    @Test("what is no key is refused", arguments: ["", "no key", "-----BEGIN PUBLIC KEY-----\n"])
    func garbage(text: String) {
        #expect(throws: DigestError.self) { try RSAKey(pem: Array(text.utf8)) }
    }
}
