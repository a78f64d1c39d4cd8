import Bytes
import Merkle
import Testing

@Suite("Verifying signed notes")
struct NoteVerificationTests {
    let log: VKey
    let witness: VKey
    let stranger: VKey
    let text = utf8("log\n1\nroot\n")

    init() throws {
        log = try VKey(name: "log", publicKey: [UInt8](repeating: 1, count: 32), using: SHA256.self)
        witness = try VKey(
            name: "witness",
            type: .cosignature,
            publicKey: [UInt8](repeating: 2, count: 32),
            using: SHA256.self
        )
        stranger = try VKey(
            name: "x",
            publicKey: [UInt8](repeating: 3, count: 32),
            using: SHA256.self
        )
    }

    private func signature(_ key: VKey, over text: [UInt8]) throws -> SignedNote.Signature {
        try SignedNote.Signature(
            name: key.name,
            keyID: key.keyID,
            bytes: toySign(key.publicKey, text)
        )
    }

    private func cosignature(_ key: VKey, at time: UInt64) throws -> SignedNote.Signature {
        let message = Cosignature.message(timestamp: time, text: text.span)
        let made = Cosignature(timestamp: time, signature: toySign(key.publicKey, message))
        let cosignature = try #require(made)
        return try SignedNote.Signature(name: key.name, keyID: key.keyID, bytes: cosignature.bytes)
    }

    @Test("a note and a witness's cosignature verify together, in their order")
    func both() throws {
        var note = try SignedNote(text: text, signatures: [signature(stranger, over: text)])
        try note.add(signature(log, over: text))
        try note.add(cosignature(witness, at: 1_767_139_200))
        let read = try SignedNote(note.bytes.span)
        let verified = try read.verify(with: [witness, log], toyCheck)
        #expect(verified.map(\.key) == [log, witness])
        #expect(verified.map(\.timestamp) == [nil, 1_767_139_200])
    }

    @Test("one wrong signature of a known key refuses the note, right ones or not")
    func oneWrong() throws {
        let wrong = try signature(witness, over: text)
        let note = try SignedNote(text: text, signatures: [signature(log, over: text), wrong])
        #expect(throws: NoteVerificationError.wrongSignature(name: "witness", keyID: witness.keyID))
        {
            try note.verify(with: [log, witness], toyCheck)
        }
        #expect(try note.verify(with: [log], toyCheck).count == 1)
    }

    @Test("a second signature of the same key must be right too")
    func secondWrong() throws {
        let other = utf8("log\n2\nroot\n")
        let signatures = try [signature(log, over: text), signature(log, over: other)]
        let note = try SignedNote(text: text, signatures: signatures)
        #expect(throws: NoteVerificationError.wrongSignature(name: "log", keyID: log.keyID)) {
            try note.verify(with: [log], toyCheck)
        }
    }

    @Test("a signature under another name, or another id, is a stranger's")
    func strangers() throws {
        let bytes = toySign(log.publicKey, text)
        let signatures = try [
            SignedNote.Signature(name: "Log", keyID: log.keyID, bytes: bytes),
            SignedNote.Signature(name: "log", keyID: log.keyID ^ 1, bytes: bytes),
        ]
        let note = try SignedNote(text: text, signatures: signatures)
        #expect(throws: NoteVerificationError.noKnownSignature) {
            try note.verify(with: [log], toyCheck)
        }
        #expect(throws: NoteVerificationError.noKnownSignature) {
            try note.verify(with: [], toyCheck)
        }
    }

    @Test("names that look alike but differ in bytes are different keys")
    func composedNames() throws {
        let key = try VKey(name: "caf\u{e9}", publicKey: log.publicKey, using: SHA256.self)
        let signature = try SignedNote.Signature(
            name: "cafe\u{301}",
            keyID: key.keyID,
            bytes: toySign(key.publicKey, text)
        )
        let note = try SignedNote(text: text, signatures: [signature])
        #expect(throws: NoteVerificationError.noKnownSignature) {
            try note.verify(with: [key], toyCheck)
        }
    }

    @Test(
        "a signature of the wrong length is wrong, and is not even checked",
        arguments: [1, 63, 65, 71, 72, 73]
    )
    func wrongLength(count: Int) throws {
        let bytes = [UInt8](repeating: 0, count: count)
        for key in [log, witness] where !(key == witness && count == 72) {
            let signature = try SignedNote.Signature(name: key.name, keyID: key.keyID, bytes: bytes)
            let note = try SignedNote(text: text, signatures: [signature])
            #expect(throws: NoteVerificationError.wrongSignature(name: key.name, keyID: key.keyID))
            {
                try note.verify(with: [log, witness]) { _, _, _ in
                    Issue.record("a signature of \(count) bytes was checked")
                    return true
                }
            }
        }
    }

    @Test("a cosignature's time is covered, and beyond 63 bits refused")
    func cosignatureTime() throws {
        var bytes = try cosignature(witness, at: 5).bytes
        bytes[7] = 6
        let later = try SignedNote.Signature(name: witness.name, keyID: witness.keyID, bytes: bytes)
        let note = try SignedNote(text: text, signatures: [later])
        #expect(throws: NoteVerificationError.wrongSignature(name: "witness", keyID: witness.keyID))
        {
            try note.verify(with: [witness], toyCheck)
        }
        #expect(Cosignature(timestamp: 1 << 63, signature: Array(repeating: 0, count: 64)) == nil)
        bytes[0] = 0x80
        #expect(Cosignature(bytes.span) == nil)
    }

    struct CosignatureVectors: Decodable, Sendable {
        struct Vector: Decodable, Sendable {
            var vkey: String
            var note: String
            var timestamp: UInt64
            var signedMessage: String
            var sigPayloadHex: String
        }
        var vectors: [Vector]
    }

    @Test("published cosignatures have the published message and payload")
    func publishedCosignatures() throws {
        let all: CosignatureVectors = fixture("cosignature")
        #expect(all.vectors.count == 3)
        for vector in all.vectors {
            let note = try SignedNote(utf8(vector.note).span)
            let key = try VKey(vector.vkey, using: SHA256.self)
            let line = try #require(note.signatures.first { $0.keyID == key.keyID })
            #expect(Hex.encode(line.bytes.span) == vector.sigPayloadHex)
            let verified = try note.verify(with: [key]) { publicKey, signature, message in
                #expect([UInt8](copying: publicKey) == key.publicKey)
                #expect([UInt8](copying: signature) == Array(line.bytes[8...]))
                #expect(String(repairing: message) == vector.signedMessage)
                return true
            }
            #expect(verified.map(\.timestamp) == [vector.timestamp])
        }
    }
}
