import Digest
import Testing

@Suite("public keys in PEM form")
struct RSAKeyPEMTests {
    private static let expected = DigestError.keyKind(
        expected: "a public key or a certificate in pem form"
    )

    @Test("keys and certificates are read in order, and what stands between them is skipped")
    func all() throws {
        let first = try RSASigningKey.generate()
        let second = try Identity("two", key: .rsa2048)
        let pem =
            "one\n" + String(decoding: try first.publicPEM, as: UTF8.self) + "\ntwo\n" + second.pem
        let keys = try RSAKey.parseAll(pem: Array(pem.utf8))
        #expect(keys.count == 2)
        #expect(try keys[0].numbers.modulus == first.publicKey.numbers.modulus)
        let secret = try RSASigningKey(pem: Array(second.key.utf8))
        #expect(try keys[1].numbers.modulus == secret.publicKey.numbers.modulus)
    }

    @Test("a text without either is refused", arguments: ["", "no key", "{}", "-----BEGIN"])
    func none(text: String) {
        #expect(throws: Self.expected) { _ = try RSAKey.parseAll(pem: Array(text.utf8)) }
    }

    @Test("a private key is refused, even after a public one")
    func privateKey() throws {
        let secret = try run("openssl", ["genrsa", "2048"])
        let pem = try run("openssl", ["rsa", "-pubout"], input: secret)
        for text in [secret, pem + secret, secret + pem] {
            #expect(throws: Self.expected) { _ = try RSAKey.parseAll(pem: Array(text.utf8)) }
        }
    }

    @Test("damage is refused, not skipped")
    func damaged() throws {
        let good = String(decoding: try RSASigningKey.generate().publicPEM, as: UTF8.self)
        let lines = good.split(separator: "\n")
        let inner = lines[1...3].joined(separator: "\n")
        let junk = [
            "-----BEGIN PUBLIC KEY-----\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\n\(inner)\n-----END PUBLIC KEY-----\n",
            "-----BEGIN PUBLIC KEY-----\n\(inner)\n",
            "-----BEGIN PUBLIC KEY-----\n****\n-----END PUBLIC KEY-----\n",
            "-----BEGIN CERTIFICATE-----\n\(inner)\n-----END CERTIFICATE-----\n",
        ]
        for text in junk {
            for whole in [text, good + text] {
                #expect(throws: DigestError.self, "\(text)") {
                    _ = try RSAKey.parseAll(pem: Array(whole.utf8))
                }
            }
        }
    }

    @Test("keys of other kinds and lengths are refused by their kind")
    func kinds() throws {
        for (arguments, error) in [
            (["-algorithm", "ed25519"], DigestError.keyKind(expected: "rsa")),
            (
                ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"],
                .keyKind(expected: "rsa")
            ),
            (["-algorithm", "RSA-PSS"], .keyKind(expected: "rsa")),
            (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:1024"], .keyStrength(bits: 1024)),
            (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_pubexp:3"], Self.exponent),
            (["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_pubexp:65535"], Self.exponent),
        ] {
            let secret = try run("openssl", ["genpkey"] + arguments)
            let pem = Array(try run("openssl", ["pkey", "-pubout"], input: secret).utf8)
            #expect(throws: error) { _ = try RSAKey.parseAll(pem: pem) }
            #expect(throws: error) { _ = try RSAKey(pem: pem) }
        }
    }

    private static let exponent = DigestError.keyKind(
        expected: "rsa with an odd exponent from 65537 to 2^64 - 1"
    )

    @Test("an exponent counts if it is odd and from 65537 to 2^64 - 1")
    func exponents() throws {
        let modulus = [UInt8](repeating: 0xff, count: 256)
        for good: [UInt8] in [
            [1, 0, 1], [0, 1, 0, 1], [1, 0, 3], [UInt8](repeating: 0xff, count: 8),
        ] {
            _ = try RSAKey(modulus: modulus, exponent: good)
        }
        for bad: [UInt8] in [
            [], [0], [1], [3], [0xff, 0xff], [1, 0, 0], [1, 0, 2],
            [1] + [UInt8](repeating: 0, count: 7) + [1], [UInt8](repeating: 0xff, count: 1 << 20),
        ] {
            #expect(throws: Self.exponent, "\(bad.prefix(16))") {
                _ = try RSAKey(modulus: modulus, exponent: bad)
            }
        }
    }

    @Test("a modulus counts from 2048 to 8192 bits, whatever zeros stand before it")
    func moduli() throws {
        for count in [256, 1024] {
            let modulus = [UInt8](repeating: 0xff, count: count)
            _ = try RSAKey(modulus: modulus, exponent: [1, 0, 1])
            _ = try RSAKey(modulus: [0, 0] + modulus, exponent: [1, 0, 1])
        }
        for (modulus, bits) in [
            ([], 0), ([0, 0, 0], 0), ([0x7f] + [UInt8](repeating: 0xff, count: 255), 2047),
            ([1] + [UInt8](repeating: 0xff, count: 1024), 8193),
            ([UInt8](repeating: 0xff, count: 1 << 20), 8 << 20),
        ] {
            #expect(throws: DigestError.keyStrength(bits: bits)) {
                _ = try RSAKey(modulus: modulus, exponent: [1, 0, 1])
            }
        }
    }

    @Test(
        "keys that are no product of primes verify nothing, and do no harm",
        arguments: [0, 0xff]
    )
    func nonsense(last: UInt8) throws {
        let modulus = [UInt8](repeating: 0xff, count: 255) + [last]
        let key = try RSAKey(modulus: modulus, exponent: [1, 0, 1])
        for byte: UInt8 in [0, 1, 0xff] {
            #expect(!key.verify([UInt8](repeating: byte, count: 256), [1]))
        }
    }
}
