import Audit
import Bytes
import Digest
import Foundation
import Ledger
import Merkle
import POSIX
import Synchronization
import Testing

@Suite("A witness") struct WitnessTests {
    private let vectors: WitnessVectors
    private let folder: ScratchFolder
    /// The moment of the vectors' cosignatures.
    private let moment: UInt64 = 1_767_139_200

    init() throws {
        vectors = try WitnessVectors.read()
        folder = try ScratchFolder()
    }

    private func witness() throws -> Witness {
        try Witness(key: vectors.witnessKey(), logs: [vectors.log], folder: folder.path)
    }

    private func text(_ answer: Witness.Answer) -> String {
        String(decoding: answer.body, as: UTF8.self)
    }

    /// The size on record.
    private func size() throws -> UInt64 {
        let hash = Witness.hash(try vectors.log.name)
        let answer = try witness().checkpoint(ofOrigin: hash)
        guard answer.status == 200 else { return 0 }
        let note = try SignedNote(answer.body.span)
        let text = note.text
        return try Checkpoint(text.span).size
    }

    /// Goes through the published conversation up to a step.
    private func talk(_ witness: Witness, through last: String) throws {
        for step in vectors.steps where step.step <= last {
            _ = try witness.addCheckpoint(Array(step.body.utf8), at: moment)
        }
    }

    @Test("answers the published conversation step by step, started anew before each")
    func conversation() throws {
        var recorded: UInt64 = 0
        for step in vectors.steps {
            let answer = try witness().addCheckpoint(Array(step.body.utf8), at: moment)
            #expect(answer.status == step.status, "step \(step.step): \(text(answer))")
            if let body = step.responseBody { #expect(text(answer) == body) }
            if let type = step.contentType { #expect(answer.contentType == type) }
            recorded = step.stateAfter ?? recorded
            #expect(try size() == recorded, "after step \(step.step)")
        }
    }

    @Test("gives the published cosignatures, byte for byte")
    func cosignatures() throws {
        let witness = try witness()
        let lines = vectors.expectedCosignaturesAtFixedTime.lines
        for (step, line) in zip(["a", "f", "l"], lines) {
            let answer = try witness.addCheckpoint(vectors.body(step), at: line.timestamp)
            #expect(text(answer) == line.line)
        }
    }

    @Test("serves the checkpoint that it cosigned last, with both signatures")
    func monitored() throws {
        let witness = try witness()
        let hash = Witness.hash(try vectors.log.name)
        #expect(try witness.checkpoint(ofOrigin: hash).status == 404)
        try talk(witness, through: "f")
        let served = try witness.checkpoint(ofOrigin: hash).body
        let note = try SignedNote(served.span)
        let keys = [try vectors.log, witness.vkey]
        let verified = try note.verify(with: keys) { key, signature, message in
            let bytes = [UInt8](copying: key)
            return (try? VerifyingKey(publicKey: bytes))?.verify(signature, message) ?? false
        }
        #expect(verified.map(\.key) == keys)
        for other in ["", "..", "../\(hash)", hash.uppercased(), "0"] {
            #expect(try witness.checkpoint(ofOrigin: other).status == 404)
        }
    }

    @Test("never goes back when two requests race, here or in another process")
    func race() throws {
        for _ in 0..<20 {
            let folder = try ScratchFolder()
            let (log, key) = (try vectors.log, try vectors.witnessKey())
            let begin = try Witness(key: key, logs: [log], folder: folder.path)
            _ = try begin.addCheckpoint(vectors.body("a"), at: moment)
            // Request A is from 1 to 3; B is the same log's from 1 to 5, so old 1 in both.
            let larger = try growth(from: 1)
            let bodies = [try vectors.body("f"), larger, try vectors.body("f"), larger]
            let next = Mutex(0)
            let statuses = Mutex<[Int]>([])
            try runThreads(bodies.count) {
                let index = next.withLock { next in
                    next += 1
                    return next - 1
                }
                // Each has its own witness over the one folder, as processes have.
                let witness = try? Witness(key: key, logs: [log], folder: folder.path)
                let answer = try? witness?.addCheckpoint(bodies[index], at: moment)
                statuses.withLock { $0.append(answer?.status ?? 0) }
            }
            #expect(statuses.withLock { $0.sorted() } == [200, 409, 409, 409])
        }
    }

    /// The published log's request from an older size to 5, with a proof made here.
    private func growth(from old: UInt64) throws -> [UInt8] {
        let body = try vectors.body("l")
        let request = try WitnessRequest(body.span)
        let leaves = (0..<5).map { number in
            var bytes = [UInt8](repeating: 0, count: 32)
            bytes[0] = 0x2a
            bytes[1] = UInt8(number)
            return Hash256(bytes.span) ?? .zero
        }
        let proof = MerkleTree<SHA256>.consistencyProof(oldSize: old, newSize: 5) { level, index in
            Self.node(leaves, level, index)
        }
        return WitnessRequest(
            old: old,
            path: try #require(proof).path,
            checkpoint: request.checkpoint
        ).bytes
    }

    private static func node(_ leaves: [Hash256], _ level: Int, _ index: UInt64) -> Hash256 {
        guard level > 0 else { return leaves[Int(index)] }
        return SHA256.node(
            node(leaves, level - 1, index * 2),
            node(leaves, level - 1, index * 2 + 1)
        )
    }

    @Test("keeps the signed checkpoints of a fork, each once")
    func fork() throws {
        let witness = try witness()
        try talk(witness, through: "i")
        for _ in 0..<3 { _ = try witness.addCheckpoint(vectors.body("j"), at: moment) }
        let forks = try Files.list(folder.path).filter { $0.contains(".fork-") }
        #expect(forks.count == 1)
        let kept = try Files.read("\(folder.path)/\(try #require(forks.first))")
        let body = try vectors.body("j")
        let request = try WitnessRequest(body.span)
        #expect(kept == request.checkpoint)
        #expect(try size() == 3)
    }

    @Test("signs no time before one that it signed, and nothing when its clock went far back")
    func clock() throws {
        let witness = try witness()
        #expect(try witness.addCheckpoint(vectors.body("a"), at: moment).status == 200)
        let little = try witness.addCheckpoint(vectors.body("f"), at: moment - 60)
        // 1767139200 is 0x69546780: the time of the first, not an earlier one.
        #expect(text(little).contains(" EKHAGQAAAABpVGeA"))
        let far = try witness.addCheckpoint(vectors.body("l"), at: moment - 61)
        #expect(far.status == 503)
        #expect(try size() == 3)
    }

    @Test("signs nothing when what it knows cannot be read, rather than begin anew")
    func damagedState() throws {
        let witness = try witness()
        try talk(witness, through: "f")
        let hash = Witness.hash(try vectors.log.name)
        let file = "\(folder.path)/\(hash).checkpoint"
        let good = try Files.read(file)
        var changed = good
        changed[changed.count - 20] ^= 1
        for bytes in [[], Array("nothing".utf8), changed, Array(good.dropLast(30))] {
            try Files.replace(file, with: bytes)
            #expect(throws: (any Error).self) {
                try witness.addCheckpoint(vectors.body("a"), at: moment)
            }
            #expect(throws: (any Error).self) { try witness.checkpoint(ofOrigin: hash) }
            #expect(try Files.read(file) == bytes)
        }
        // What another witness signed is not this one's.
        let other = try Witness(
            key: WitnessKey.generate(name: "other"),
            logs: [vectors.log],
            folder: folder.path
        )
        try Files.replace(file, with: good)
        #expect(throws: (any Error).self) {
            try other.addCheckpoint(vectors.body("l"), at: moment)
        }
    }

    @Test("makes no file for a log that it does not know, or for no request at all")
    func strangers() throws {
        let witness = try witness()
        #expect(try witness.addCheckpoint(vectors.body("c"), at: moment).status == 404)
        #expect(try witness.addCheckpoint(vectors.body("b"), at: moment).status == 403)
        for body in ["", "old 1", "old 0\n\nx\n", String(repeating: "\n", count: 5000)] {
            #expect(try witness.addCheckpoint(Array(body.utf8), at: moment).status == 400)
        }
        let names = try Files.list(folder.path)
        #expect(names.filter { !$0.hasSuffix(".lock") } == [])
        #expect(names.count <= 1)
    }

    @Test("takes no log's key for a witness's, and no witness's for a log's")
    func keys() throws {
        let key = try vectors.witnessKey()
        #expect(throws: AuditProblem.self) {
            try Witness(key: key, logs: [key.vkey], folder: folder.path)
        }
        let decoded = Hex.decode(vectors.logSeedHex.utf8Span.span)
        let seed = try #require(decoded)
        let secret = try SKey(seed: seed, of: vectors.log)
        #expect(throws: AuditProblem.self) {
            try WitnessKey(privateText: Array(secret.privateText.utf8), from: "x")
        }
        let file = "\(folder.path)/key"
        try key.store(at: file)
        #expect(try WitnessKey(file: file).vkey == key.vkey)
        #expect(throws: SystemError.self) { try key.store(at: file) }
        try Files.replace(file, with: Files.read(file), mode: 0o644)
        #expect(throws: AuditProblem.self) { try WitnessKey(file: file) }
    }
}
