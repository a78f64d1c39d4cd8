import Digest
import Foundation
import Testing

@Suite("RSA keys that sign")
struct RSASigningKeyTests {
    @Test("a generated key verifies what it signs, and nothing that was changed")
    func flipped() throws {
        let key = try RSASigningKey.generate()
        let message = noise(300)
        let signature = try key.sign(message.span)
        #expect(signature.count == 256)
        #expect(key.publicKey.verify(signature, message))
        for bit in stride(from: 0, to: signature.count * 8, by: 61) {
            var spoiled = signature
            spoiled[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.verify(spoiled, message), "bit \(bit) of the signature")
        }
        for bit in stride(from: 0, to: message.count * 8, by: 97) {
            var spoiled = message
            spoiled[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!key.publicKey.verify(signature, spoiled), "bit \(bit) of the message")
        }
        for other in [[], Array(signature.dropLast()), [0] + signature, signature + [0]] {
            #expect(!key.publicKey.verify(other, message))
        }
    }

    @Test("it signs as the openssl program does, whichever form its PEM has")
    func otherImplementation() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        func path(_ name: String) -> String { folder.appending(path: name).path() }
        try Data(noise(1000)).write(to: folder.appending(path: "message"))
        for form in ["-traditional", "-verbose"] {
            let pem = try run("openssl", ["genrsa", form, "3072"])
            try Data(pem.utf8).write(to: folder.appending(path: "key"))
            try run(
                "openssl",
                ["dgst", "-sha256", "-sign", path("key"), "-out", path("out"), path("message")]
            )
            let key = try RSASigningKey(pem: Array(pem.utf8))
            let expected = try Data(contentsOf: folder.appending(path: "out"))
            #expect(try key.sign(noise(1000)) == Array(expected))
            #expect(
                try key.publicPEM == Array(run("openssl", ["rsa", "-pubout"], input: pem).utf8)
            )
        }
    }

    @Test("its public half reads back from PEM and from its numbers")
    func publicHalf() throws {
        let key = try RSASigningKey.generate()
        let numbers = try key.publicKey.numbers
        #expect(numbers.exponent == [1, 0, 1])
        #expect(numbers.modulus.count == 256 && numbers.modulus[0] >= 0x80)
        let signature = try key.sign(noise(10))
        let forms = [
            try RSAKey(pem: key.publicPEM),
            try RSAKey(modulus: numbers.modulus, exponent: numbers.exponent),
            try RSAKey(modulus: [0] + numbers.modulus, exponent: [0, 0] + numbers.exponent),
        ]
        for form in forms {
            #expect(form.verify(signature, noise(10)))
            #expect(try form.numbers.modulus == numbers.modulus)
        }
    }

    @Test("keys of no use are not made", arguments: [-1, 0, 1024, 2047, 8193, Int.max])
    func lengths(bits: Int) {
        #expect(throws: DigestError.keyStrength(bits: bits)) {
            _ = try RSASigningKey.generate(bits: bits)
        }
    }

    @Test("what is no private RSA key is refused")
    func garbage() throws {
        let curve = try run("openssl", ["genpkey", "-algorithm", "ed25519"])
        #expect(throws: DigestError.keyKind(expected: "rsa")) {
            _ = try RSASigningKey(pem: Array(curve.utf8))
        }
        let short = try run("openssl", ["genrsa", "1024"])
        #expect(throws: DigestError.keyStrength(bits: 1024)) {
            _ = try RSASigningKey(pem: Array(short.utf8))
        }
        let secret = try run("openssl", ["genrsa", "2048"])
        let locked = try run(
            "openssl",
            ["pkey", "-aes128", "-passout", "pass:word"],
            input: secret
        )
        let public_ = try run("openssl", ["rsa", "-pubout"], input: secret)
        for text in ["", "no key", locked, public_, String(secret.prefix(800))] {
            #expect(throws: DigestError.self) { _ = try RSASigningKey(pem: Array(text.utf8)) }
        }
    }
}
