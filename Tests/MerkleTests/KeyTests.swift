import Bytes
import Merkle
import Testing

@Suite("Keys")
struct KeyTests {
    @Test(
        "published keys are read, written and have the published ids",
        arguments: NoteVectors.all.vkeysValid
    )
    func published(vector: NoteVectors.Key) throws {
        let key = try VKey(vector.vkey, using: SHA256.self)
        #expect(key.name == vector.name)
        #expect(key.type.rawValue == vector.type)
        #expect(Hex.encode(key.publicKey.span) == vector.publicHex)
        #expect(String(key.keyID, radix: 16) == vector.keyIdHex)
        #expect(key.description == vector.vkey)
        let made = try VKey(
            name: key.name,
            type: key.type,
            publicKey: key.publicKey,
            using: SHA256.self
        )
        #expect(made == key)
    }

    @Test("published bad keys are refused", arguments: NoteVectors.all.vkeysInvalid)
    func publishedBad(vector: NoteVectors.BadKey) {
        #expect(throws: KeyError.self) { try VKey(vector.vkey, using: SHA256.self) }
    }

    @Test(
        "each rule has its own error",
        arguments: [
            ("", .notAKey), ("PeterNeumann", .notAKey), ("PeterNeumann+c74f20a3", .notAKey),
            ("+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .badName),
            ("Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .badName),
            ("PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .notAKey),
            ("PeterNeumann+c74f20a+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .notAKey),
            ("PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW\n", .notAKey),
            ("PeterNeumann+c74f20a3+", .notAKey),
            ("PeterNeumann+c74f20a3+AQ==", .wrongLength(count: 0)),
            ("PeterNeumann+c74f20a3+Bhpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", .unknownType(6)),
            (
                "PeterNeumanm+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW",
                .wrongID(found: 0xc74f_20a3, expected: 0x5496_81aa)
            ),
        ] as [(String, KeyError)]
    )
    func errors(text: String, expected: KeyError) {
        #expect(throws: expected) { try VKey(text, using: SHA256.self) }
    }

    @Test("one public key has another id for each type")
    func typesDiffer() throws {
        let note = try VKey(
            "Wit1+55ee4561+AVhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk",
            using: SHA256.self
        )
        let cosigner = try VKey(
            name: note.name,
            type: .cosignature,
            publicKey: note.publicKey,
            using: SHA256.self
        )
        #expect(
            cosigner.description == "Wit1+9b3fb2d5+BFhZSmQj9+SoL+p/nN0Hh76xXmF7QcHfytUrI1XfSClk"
        )
    }

    @Test(
        "published private keys are read and written, and know their public half",
        arguments: NoteVectors.all.skeys
    )
    func privateKeys(vector: NoteVectors.Private) throws {
        let skey = try SKey(utf8(vector.skey).span)
        let vkey = try VKey(vector.vkey, using: SHA256.self)
        #expect(Hex.encode(skey.seed.span) == vector.seedHex)
        #expect(skey.privateText == vector.skey)
        #expect(try skey.vkey(publicKey: vkey.publicKey, using: SHA256.self) == vkey)
        #expect(try SKey(seed: skey.seed, of: vkey).privateText == vector.skey)
        let other = try VKey(name: vkey.name, publicKey: skey.seed, using: SHA256.self)
        #expect(throws: KeyError.wrongID(found: skey.keyID, expected: other.keyID)) {
            try skey.vkey(publicKey: skey.seed, using: SHA256.self)
        }
    }

    @Test("a private key is never shown by printing it or what holds it")
    func secrecy() throws {
        let vector = NoteVectors.all.skeys[0]
        let skey = try SKey(utf8(vector.skey).span)
        var dumped = ""
        dump((1, [skey]), to: &dumped)
        let secret = vector.skey.suffix(20)
        for shown in [
            "\(skey)", String(reflecting: skey), "\([skey])", "\(Optional(skey) as Any)", dumped,
        ] {
            #expect(shown.contains("PeterNeumann"))
            #expect(!shown.contains(secret))
            #expect(!shown.contains("129"), "the seed's first byte")
        }
    }

    @Test("a private key without its prefix, or of another length, is refused")
    func badPrivateKeys() throws {
        let vkey = NoteVectors.all.vkeysValid[0].vkey
        #expect(throws: KeyError.notAKey) { try SKey(utf8(vkey).span) }
        #expect(throws: KeyError.notAKey) { try SKey(utf8("PRIVATE+KEY+").span) }
        #expect(throws: KeyError.wrongLength(count: 31)) {
            try SKey(seed: Array(repeating: 0, count: 31), of: VKey(vkey, using: SHA256.self))
        }
    }
}
