import Digest
import Testing

private struct RFC8032: Decodable {
    struct Vector: Decodable {
        var seedHex: String
        var publicHex: String
        var messageHex: String
        var signatureHex: String
    }
    var vectors: [Vector]
}

@Suite("Ed25519")
struct Ed25519Tests {
    @Test("the examples of RFC 8032 come out")
    func published() throws {
        for vector in try fixture("ed25519_rfc8032", as: RFC8032.self).vectors {
            let message = unhex(vector.messageHex)
            let key = try SigningKey(seed: unhex(vector.seedHex))
            #expect(hex(key.publicKey) == vector.publicHex)
            #expect(try hex(key.seed) == vector.seedHex)
            #expect(try hex(key.sign(message)) == vector.signatureHex)
            let verifier = try VerifyingKey(publicKey: unhex(vector.publicHex))
            #expect(verifier.verify(unhex(vector.signatureHex), message))
        }
    }

    @Test("a flipped bit in signature or message is refused")
    func flipped() throws {
        let key = try SigningKey.generate()
        let verifier = try VerifyingKey(publicKey: key.publicKey)
        let message = noise(40)
        let signature = try key.sign(message)
        #expect(verifier.verify(signature, message))
        for i in 0..<signature.count {
            var other = signature
            other[i] ^= 1
            #expect(!verifier.verify(other, message))
        }
        for i in 0..<message.count {
            var other = message
            other[i] ^= 1
            #expect(!verifier.verify(signature, other))
        }
    }

    @Test("a signature of another length is refused", arguments: [0, 63, 65])
    func signatureLength(count: Int) throws {
        let key = try SigningKey.generate()
        let verifier = try VerifyingKey(publicKey: key.publicKey)
        var signature = try key.sign([1]) + [0]
        signature.removeLast(signature.count - count)
        #expect(!verifier.verify(signature, [1]))
    }

    @Test("another key's signature is refused")
    func otherKey() throws {
        let verifier = try VerifyingKey(publicKey: SigningKey.generate().publicKey)
        #expect(!verifier.verify(try SigningKey.generate().sign([1]), [1]))
    }

    @Test("keys of another length are refused", arguments: [0, 31, 33, 64])
    func keyLength(count: Int) {
        #expect(throws: DigestError.keyLength(expected: 32, found: count)) {
            try SigningKey(seed: noise(count))
        }
        #expect(throws: DigestError.keyLength(expected: 32, found: count)) {
            try VerifyingKey(publicKey: noise(count))
        }
    }
}
