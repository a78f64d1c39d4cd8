import Bytes
import Merkle
import Testing

@Suite("Offline proofs")
struct TLogProofTests {
    struct Vectors: Decodable, Sendable {
        struct Syntax: Decodable, Sendable {
            var index: UInt64
            var hashesB64: [String]
            var extraB64: String?
            var checkpoint: String
            var text: String
        }
        struct Bad: Decodable, Sendable {
            var why: String
            var text: String
        }
        struct Full: Decodable, Sendable {
            var leafAscii: String
            var leafHashHex: String
            var logVkey: String
            var witnessVkey: String
            var timestamp: UInt64
            var text: String
        }
        var syntax: [Syntax]
        var bad: [Bad]
        var full: Full
    }

    static let vectors: Vectors = fixture("tlog_proof")

    @Test("published proofs are read and written", arguments: vectors.syntax)
    func syntax(vector: Vectors.Syntax) throws {
        let proof = try TLogProof(utf8(vector.text).span)
        #expect(proof.index == vector.index)
        #expect(proof.path == vector.hashesB64.compactMap { hash(base64: $0) })
        #expect(proof.path.count == vector.hashesB64.count)
        #expect(proof.extra == vector.extraB64.flatMap { Base64.decode($0.utf8Span.span) })
        #expect(string(proof.checkpoint) == vector.checkpoint)
        #expect(string(proof.bytes) == vector.text)
    }

    @Test("published bad proofs are refused", arguments: vectors.bad)
    func bad(vector: Vectors.Bad) {
        #expect(throws: TLogProofError.self) { try TLogProof(utf8(vector.text).span) }
    }

    static let header = "c2sp.org/tlog-proof@v1\n"
    static let hashLine = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n"

    @Test(
        "each line has its own error",
        arguments: [
            ("", .unknownFormat), ("c2sp.org/tlog-proof@v2\nindex 0\n\nx", .unknownFormat),
            (header, .badIndex), (header + "extra AA=\nindex 0\n\nx", .badExtra),
            (header + "extra AA==\n", .badIndex),
            (header + "extra AA==\nextra AA==\nindex 0\n\nx", .badIndex),
            (header + "index 00\n\nx", .badIndex),
            (header + "index 18446744073709551616\n\nx", .badIndex),
            (header + "index 0\n", .noCheckpoint), (header + "index 0\n\n", .noCheckpoint),
            (header + "index 0\n" + hashLine + "x\n\nx", .badHash(line: 4)),
            (header + "index 0\n" + hashLine, .noCheckpoint),
            (header + "index 0\nx", .badHash(line: 3)),
            (header + "index 0\n" + String(repeating: hashLine, count: 65) + "\nx", .tooManyHashes),
        ] as [(String, TLogProofError)]
    )
    func errors(text: String, expected: TLogProofError) {
        #expect(throws: expected) { try TLogProof(utf8(text).span) }
    }

    /// Follows a proof to the signed root; the curve is left to the check.
    private func verify(_ text: String, leaf: Hash256, check: SignedNote.Check) throws -> Int {
        let keys = try [Self.vectors.full.logVkey, Self.vectors.full.witnessVkey].map {
            try VKey($0, using: SHA256.self)
        }
        let proof = try TLogProof(utf8(text).span)
        let note = try SignedNote(proof.checkpoint.span)
        let verified = try note.verify(with: keys, check)
        let checkpoint = try Checkpoint(note.text.span)
        try InclusionProof(index: proof.index, size: checkpoint.size, path: proof.path)
            .verify(leaf: leaf, root: checkpoint.root, using: SHA256.self)
        return verified.count
    }

    @Test("the full proof leads from the entry to the signed and cosigned root")
    func full() throws {
        let full = Self.vectors.full
        let leaf = leafHash(full.leafAscii)
        #expect(leaf.description == full.leafHashHex)
        var messages: [[UInt8]] = []
        let count = try verify(full.text, leaf: leaf) { _, _, message in
            messages.append([UInt8](copying: message))
            return true
        }
        #expect(count == 2)
        let proof = try TLogProof(utf8(full.text).span)
        let text = try SignedNote(proof.checkpoint.span).text
        #expect(
            messages == [text, Cosignature.message(timestamp: full.timestamp, text: text.span)]
        )
    }

    @Test("the full proof fails for another entry, another index or another size")
    func fullMustFail() throws {
        let full = Self.vectors.full
        let leaf = leafHash(full.leafAscii)
        #expect(throws: ProofError.rootDiffers) {
            _ = try verify(full.text, leaf: leafHash("six")) { _, _, _ in true }
        }
        let moved = full.text.replacing("index 6\n", with: "index 7\n")
        #expect(throws: ProofError.rootDiffers) {
            _ = try verify(moved, leaf: leaf) { _, _, _ in true }
        }
        // Another size is another text, so the signed bytes are no longer these.
        let proof = try TLogProof(utf8(full.text).span)
        let signed = try SignedNote(proof.checkpoint.span).text
        let resized = full.text.replacing("\n15\n", with: "\n14\n")
        #expect(throws: NoteVerificationError.self) {
            _ = try verify(resized, leaf: leaf) { _, _, message in message.equals(signed.span) }
        }
    }

    @Test("what a log makes is read back")
    func roundTrip() throws {
        let proof = TLogProof(
            extra: [],
            index: .max,
            path: Array(repeating: .zero, count: InclusionProof.longestPath),
            checkpoint: utf8("a\n\nb\n")
        )
        #expect(try TLogProof(proof.bytes.span) == proof)
    }
}
