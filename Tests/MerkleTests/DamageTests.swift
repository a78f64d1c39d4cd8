import Bytes
import Merkle
import Testing

/// What a parser makes of damaged input: nothing, or a value whose text is that very input.
///
/// So no two texts mean the same, and no input makes a parser trap.
@Suite("Damaged input")
struct DamageTests {
    @Test("notes, checkpoints, proofs and keys have one spelling each")
    func texts() throws {
        let proof: TLogProofTests.Vectors = fixture("tlog_proof")
        let note = proof.full.text.split(separator: "\n\n", maxSplits: 1)[1]
        let checkpoint = note.split(separator: "\n\n")[0] + "\nmore\n"
        check(utf8(proof.full.text)) { try TLogProof($0).bytes }
        check(utf8(String(note))) { try SignedNote($0).bytes }
        check(utf8(String(checkpoint))) { try Checkpoint($0).text }
        for key in NoteVectors.all.skeys {
            check(utf8(key.skey)) { utf8(try SKey($0).privateText) }
            check(utf8(key.vkey)) { utf8(try VKey($0, using: SHA256.self).description) }
        }
    }

    @Test("tile paths and entry bundles have one spelling each")
    func tiles() throws {
        for path in ["tile/63/x999/x123/001.p/255", "tile/entries/x001/000", "tile/0/000.p/1"] {
            check(utf8(path)) { TilePath($0).map { utf8($0.text) } }
        }
        let log: PublishedLogTests.Vectors = fixture("checkpoint_log15")
        check(bytes(hex: log.entryBundle.hex)) { bundle in
            var again: [UInt8] = []
            for range in try EntryBundle.entries(of: bundle) {
                try EntryBundle.append(bundle.extracting(range), to: &again)
            }
            return again
        }
    }

    /// Damages `valid` in 3,000 ways; `rewrite` reads and writes it again, or throws.
    private func check(_ valid: [UInt8], _ rewrite: (Span<UInt8>) throws -> [UInt8]?) {
        var chance = SeededGenerator(seed: UInt64(valid.count))
        #expect((try? rewrite(valid.span)) == valid)
        var read = 0
        for _ in 0..<3_000 {
            var damaged = valid
            for _ in 0..<Int.random(in: 1...3, using: &chance) { damage(&damaged, &chance) }
            guard let rewritten = try? rewrite(damaged.span) else { continue }
            read += 1
            if rewritten != damaged {
                Issue.record("read \(string(damaged)) as \(string(rewritten))")
                return
            }
        }
        #expect(read < 3_000)
    }

    private func damage(_ bytes: inout [UInt8], _ chance: inout SeededGenerator) {
        let at = Int.random(in: 0...bytes.count, using: &chance)
        let some = Array("\n +-=09azAZx/.p".utf8) + [0, 13, 0x7f, 0x80, 0xe2, 0xff]
        let byte = some.randomElement(using: &chance) ?? 0
        switch Int.random(in: 0..<5, using: &chance) {
        case 0: bytes.insert(byte, at: at)
        case 1: bytes.removeSubrange(at...)
        case 2 where at < bytes.count: bytes.remove(at: at)
        case 3 where at < bytes.count: bytes[at] = byte
        default:
            let end = min(bytes.count, at + Int.random(in: 0...8, using: &chance))
            bytes.insert(contentsOf: bytes[at..<end], at: at)
        }
    }
}
