import Bytes
import DaybookTesting
import Digest
import Ledger
import Merkle
import POSIX
import Testing

/// Checks a tlog-proof as a stranger does: with the log's key, the witness's, and the entry.
private struct Stranger {
    var vkeys: [String]
    /// Signatures there must be.
    var quorum = 1

    enum Refusal: Error { case tooFewSignatures }

    func check(_ text: [UInt8], _ entry: [UInt8]) throws {
        let proof = try TLogProof(text.span)
        let note = try SignedNote(proof.checkpoint.span)
        let keys = try vkeys.map { try VKey($0, using: SHA256.self) }
        let verified = try note.verify(with: keys) { publicKey, signature, message in
            let key = try? VerifyingKey(publicKey: [UInt8](copying: publicKey))
            return key?.verify(signature, message) == true
        }
        guard verified.count >= quorum else { throw Refusal.tooFewSignatures }
        let checkpoint = try Checkpoint(note.text.span)
        try InclusionProof(index: proof.index, size: checkpoint.size, path: proof.path)
            .verify(leaf: SHA256.leaf(entry.span), root: checkpoint.root, using: SHA256.self)
    }
}

@Suite("Offline proofs") struct ProofVectorTests {
    private let vector: Vectors.FullProof
    private let entry: [UInt8]
    private let stranger: Stranger

    init() throws {
        vector = try Vectors.loaded.get().tlogProof
        entry = Array(vector.leafAscii.utf8)
        stranger = Stranger(vkeys: [vector.logVkey, vector.witnessVkey], quorum: 2)
    }

    @Test("the full proof verifies, and its cosignature tells its time")
    func full() throws {
        #expect(SHA256.leaf(entry.span).description == vector.leafHashHex)
        try stranger.check(Array(vector.text.utf8), entry)
        let proof = try TLogProof(vector.text.utf8Span.span)
        let note = try SignedNote(proof.checkpoint.span)
        let witness = try VKey(vector.witnessVkey, using: SHA256.self)
        let verified = try note.verify(with: [witness]) { publicKey, signature, message in
            let key = try? VerifyingKey(publicKey: [UInt8](copying: publicKey))
            return key?.verify(signature, message) == true
        }
        #expect(verified.map(\.timestamp) == [vector.timestamp])
    }

    @Test("any other entry fails")
    func otherEntries() throws {
        for other in try Vectors.loaded.get().checkpointLog15.entriesAscii
        where other != vector.leafAscii {
            let failed = Result { try stranger.check(Array(vector.text.utf8), Array(other.utf8)) }
            #expect(throws: ProofError.rootDiffers) { try failed.get() }
        }
    }

    @Test("any other index fails", arguments: (0...20).filter { $0 != 6 })
    func otherIndexes(index: Int) {
        let text = vector.text.replacing("index 6\n", with: "index \(index)\n")
        #expect(throws: ProofError.self) { try stranger.check(Array(text.utf8), entry) }
    }

    @Test("without the witness's line it does not satisfy a policy that asks for one")
    func withoutWitness() throws {
        let kept = vector.text.split(separator: "\n", omittingEmptySubsequences: false)
            .filter { !$0.hasPrefix("— Wit1") }.joined(separator: "\n")
        #expect(kept != vector.text)
        #expect(throws: Stranger.Refusal.tooFewSignatures) {
            try stranger.check(Array(kept.utf8), entry)
        }
        try Stranger(vkeys: [vector.logVkey]).check(Array(kept.utf8), entry)
    }

    @Test("another size in the checkpoint fails", arguments: [0, 6, 7, 14, 16, 150])
    func otherSizes(size: Int) {
        let text = vector.text.replacing("\n15\n", with: "\n\(size)\n")
        #expect(throws: NoteVerificationError.self) {
            try stranger.check(Array(text.utf8), entry)
        }
    }

    @Test("a flipped bit in any byte fails")
    func flipped() {
        let text = Array(vector.text.utf8)
        for byte in text.indices {
            var forged = text
            forged[byte] ^= 1 << UInt8(byte % 8)
            #expect(throws: (any Error).self, "byte \(byte)") {
                try stranger.check(forged, entry)
            }
        }
    }

    @Test("every event of a ledger has a proof that a stranger accepts, for its own line only")
    func ownProofs() throws {
        let ledger = try Template.mixed.get().ledger()
        let open = try ledger.open(appends: false)
        let keys = try open.keys()
        let stranger = Stranger(vkeys: [try #require(keys.last).vkey])
        for sequence in stride(from: 0 as UInt64, through: 601, by: 7) {
            let text = Array(try open.inclusionProofText(of: sequence).utf8)
            let line = try open.event(at: sequence).line
            try stranger.check(text, line)
            #expect(throws: ProofError.rootDiffers) { try stranger.check(text, line + [32]) }
        }
        #expect(throws: (any Error).self) { try open.inclusionProofText(of: 602) }
    }

    @Test("every checkpoint of a ledger is consistent with the newest")
    func consistency() throws {
        let ledger = try Template.mixed.get().ledger()
        let open = try ledger.open(appends: false)
        for record in try RawLog(path: ledger.path).read()[.checkpoints] {
            let old = try checkpoint(record.value)
            let text = try open.consistencyProofText(from: old.size)
            let parts = text.split(separator: "\n", omittingEmptySubsequences: false)
            let end = try #require(parts.firstIndex(of: ""))
            let path = try parts[1..<end].map { line in
                let hash = Hash256(base64: line.utf8Span.span)
                return try #require(hash)
            }
            let new = try checkpoint(
                Array(parts[(end + 1)...].joined(separator: "\n").utf8)
            )
            try ConsistencyProof(oldSize: old.size, newSize: new.size, path: path)
                .verify(oldRoot: old.root, newRoot: new.root, using: SHA256.self)
        }
        #expect(throws: (any Error).self) { try open.consistencyProofText(from: 603) }
    }

    private func checkpoint(_ note: [UInt8]) throws -> Checkpoint {
        let text = try SignedNote(note.span).text
        return try Checkpoint(text.span)
    }
}
