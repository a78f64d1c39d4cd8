import Bytes
import Merkle
import Testing

/// A stand-in for Ed25519 that needs no curve: hash of key and message, twice for 64 bytes.
func toySign(_ publicKey: [UInt8], _ message: [UInt8]) -> [UInt8] {
    var signature: [UInt8] = []
    SHA256.hash((publicKey + message).span).append(to: &signature)
    SHA256.hash((message + publicKey).span).append(to: &signature)
    return signature
}

func toyCheck(_ publicKey: Span<UInt8>, _ signature: Span<UInt8>, _ message: Span<UInt8>) -> Bool {
    toySign([UInt8](copying: publicKey), [UInt8](copying: message)) == [UInt8](copying: signature)
}

struct NoteVectors: Decodable, Sendable {
    struct Key: Decodable, Sendable {
        var vkey: String
        var name: String
        var keyIdHex: String
        var type: UInt8
        var publicHex: String
    }
    struct BadKey: Decodable, Sendable {
        var vkey: String
        var why: String
    }
    struct Private: Decodable, Sendable {
        var skey: String
        var seedHex: String
        var vkey: String
    }
    struct Note: Decodable, Sendable {
        var msg: String
        var verifyWith: [String]
        var valid: Bool
        var expect: String?
    }
    struct Malformed: Decodable, Sendable {
        var why: String
        var msg: String?
        var msgHex: String?
        var msgRule: String?
    }
    var vkeysValid: [Key]
    var vkeysInvalid: [BadKey]
    var skeys: [Private]
    var notes: [Note]
    var malformed: [Malformed]

    static let all: NoteVectors = fixture("signed_note")
}

@Suite("Signed notes")
struct NoteTests {
    @Test("published notes are read and written byte for byte", arguments: NoteVectors.all.notes)
    func published(vector: NoteVectors.Note) throws {
        let note = try SignedNote(utf8(vector.msg).span)
        #expect(string(note.bytes) == vector.msg)
        #expect(note.text.last == 10)
        let lines = vector.msg.split(separator: "\n").filter { $0.hasPrefix("— ") }
        #expect(note.signatures.count == lines.count)
        for (signature, line) in zip(note.signatures, lines) {
            #expect(line.hasPrefix("— \(signature.name) "))
            #expect(
                (signature.bytes.count == 64) == (vector.expect != "known key, signature fails")
            )
        }
    }

    @Test(
        "known keys are found, unknown ones ignored and none at all refused",
        arguments: NoteVectors.all.notes
    )
    func keysOfPublished(vector: NoteVectors.Note) throws {
        let note = try SignedNote(utf8(vector.msg).span)
        let keys = try vector.verifyWith.map { try VKey($0, using: SHA256.self) }
        // The curve is not this module's business: the check says what the vector does.
        let isGenuine = vector.valid || keys.isEmpty
        if vector.valid {
            let verified = try note.verify(with: keys) { _, _, _ in isGenuine }
            #expect(verified.map(\.key) == keys)
        } else {
            let expected: NoteVerificationError =
                keys.isEmpty
                ? .noKnownSignature : .wrongSignature(name: keys[0].name, keyID: keys[0].keyID)
            #expect(throws: expected) { try note.verify(with: keys) { _, _, _ in isGenuine } }
        }
    }

    @Test("published malformed notes are refused", arguments: NoteVectors.all.malformed)
    func malformed(vector: NoteVectors.Malformed) throws {
        var note = vector.msg.map(utf8) ?? bytes(hex: vector.msgHex ?? "")
        if vector.msgRule != nil {
            let good = try SignedNote(utf8(NoteVectors.all.notes[0].msg).span)
            note = good.text + [10]
            for _ in 0..<101 { good.signatures[0].append(to: &note) }
        }
        #expect(!note.isEmpty)
        #expect(throws: NoteError.self) { try SignedNote(note.span) }
    }

    @Test(
        "each rule has its own error",
        arguments: [
            ("text\n", .noSignatures), ("text\n\n", .noSignatures), ("", .noSignatures),
            ("text\n\n— k AAAAAAA=", .noSignatures),
            ("te\txt\n\n— k AAAAAAA=\n", .notText(offset: 2)),
            ("text\n\n\n", .noSignatures), ("text\n\nk AAAAAAA=\n", .notASignature(line: 3)),
            ("text\n\n— k AAAAAAA=\n—k AAAAAAA=\n", .notASignature(line: 4)),
            ("a\nb\n\n— k AAAAAA==\n", .notASignature(line: 4)),
            ("text\n\n— k AAAAAAA\n", .notASignature(line: 3)),
            ("text\n\n— k AAAAAAA= \n", .notASignature(line: 3)),
            ("text\n\n— k+ AAAAAAA=\n", .notASignature(line: 3)),
            ("text\n\n—  AAAAAAA=\n", .notASignature(line: 3)),
            ("text\n\n— k\u{a0}l AAAAAAA=\n", .notASignature(line: 3)),
            ("text\n\n— k\u{2003} AAAAAAA=\n", .notASignature(line: 3)),
            ("text\n\n- k AAAAAAA=\n", .notASignature(line: 3)),
        ] as [(String, NoteError)]
    )
    func errors(note: String, expected: NoteError) {
        #expect(throws: expected) { try SignedNote(utf8(note).span) }
    }

    @Test("the text ends at the last empty line, so it may have empty lines itself")
    func lastEmptyLine() throws {
        let note = try SignedNote(utf8("a\n\n— k AAAAAAA=\n\nb\n\n— k AAAAAAA=\n").span)
        #expect(string(note.text) == "a\n\n— k AAAAAAA=\n\nb\n")
        #expect(note.signatures.count == 1)
        #expect(throws: NoteError.notASignature(line: 3)) {
            try SignedNote(utf8("a\n\n\u{2014} k AAAAAAA=x\n").span)
        }
    }

    @Test("a note beyond a mebibyte is refused, 100 signatures are taken")
    func limits() throws {
        let long = [UInt8](repeating: 65, count: SignedNote.longestNote + 1)
        #expect(throws: NoteError.tooLong(count: long.count)) { try SignedNote(long.span) }
        let signature = try SignedNote.Signature(name: "k", keyID: 7, bytes: [1])
        let note = try SignedNote(
            text: [65, 10],
            signatures: Array(repeating: signature, count: 100)
        )
        let read = try SignedNote(note.bytes.span)
        #expect(read == note)
        var full = read
        #expect(throws: NoteError.tooManySignatures) { try full.add(signature) }
    }

    @Test("what could not be read back cannot be made")
    func made() throws {
        #expect(throws: NoteError.textNotEnded) {
            try SignedNote(text: utf8("text"), signatures: [])
        }
        #expect(throws: NoteError.textNotEnded) { try SignedNote(text: [], signatures: []) }
        #expect(throws: NoteError.notText(offset: 1)) {
            try SignedNote(text: [65, 0, 10], signatures: [])
        }
        #expect(throws: NoteError.notText(offset: 0)) {
            try SignedNote(text: [255, 10], signatures: [])
        }
        for name in ["", "a b", "a+b", "a\nb", "\u{3000}"] {
            #expect(throws: NoteError.badKeyName) {
                try SignedNote.Signature(name: name, keyID: 0, bytes: [1])
            }
        }
    }

    @Test("no note with any one byte changed reads as the same note")
    func changedBytes() throws {
        let bytes = utf8(NoteVectors.all.notes[1].msg)
        let note = try SignedNote(bytes.span)
        for i in bytes.indices {
            var changed = bytes
            changed[i] ^= 1
            let read = try? SignedNote(changed.span)
            #expect(read != note)
            #expect(read == nil || read?.bytes == changed)
        }
    }
}
