import Audit
import Bytes
import DaybookTesting
import Digest
import Foundation
import Ledger
import Merkle
import POSIX
import Testing

@Suite("A log that its witnesses know better") struct AnchorForkTests {
    /// Anchors, keeps a copy, goes on, anchors again, and puts the copy back.
    private func withOldCopy(_ body: (AnchorTrial) throws -> Void) throws {
        let trial = try AnchorTrial()
        try trial.ledger.fill(20)
        try trial.anchor()
        let copy = try trial.copyLedger()
        try trial.ledger.fill(9, from: 20)
        try trial.anchor()
        try trial.putBack(copy)
        try body(trial)
    }

    private func evidence(_ trial: AnchorTrial) throws -> [[String: Any]] {
        let folder = "\(trial.ledger.path)/anchors"
        return try Files.list(folder).map { name in
            let data = Data(try Files.read("\(folder)/\(name)"))
            return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
        }
    }

    @Test("is refused when it is an old copy, though nothing on this machine tells so")
    func rollback() throws {
        try withOldCopy { trial in
            let error = #expect(throws: LedgerError.self) { try trial.start() }
            let text = error?.description ?? ""
            #expect(text.contains("the log has 22 events, but witness w0 knows of 31"))
            #expect(text.contains("daybook restore"))
            // Nothing was appended, and what the witness signed is kept.
            let open = try trial.ledger.open(appends: false)
            #expect(try open.read { try $0.size } == 22)
            let kept = try #require(try evidence(trial).first)
            #expect(kept["witness"] as? String == "w0")
        }
    }

    @Test("is refused when it was continued in another way, and both signed checkpoints are kept")
    func fork() throws {
        try withOldCopy { trial in
            // As long as the witnesses know it and longer, with other events, one commit each.
            for number in 100..<112 { try trial.ledger.fill(1, from: number) }
            let error = #expect(throws: LedgerError.self) { try trial.start() }
            #expect(error?.description.contains("first 31 events are not those") == true)
            let kept = try #require(try evidence(trial).first)
            let ours = try #require(kept["ours"] as? [String: Any])
            let theirs = try #require(kept["theirs"] as? [String: Any])
            #expect(ours["size"] as? Int == 31)
            #expect(theirs["size"] as? Int == 31)
            // Both notes are of one size, of this origin, signed by the log, with different roots.
            let key = try VKey(
                try trial.ledger.open(appends: false).firstKey,
                using: SHA256.self
            )
            var roots: Set<Hash256> = []
            for side in [ours, theirs] {
                let text = try #require(side["note"] as? String)
                let note = try SignedNote(text.utf8Span.span)
                _ = try note.verify(with: [key]) { key, signature, message in
                    let bytes = [UInt8](copying: key)
                    let verifier = try? VerifyingKey(publicKey: bytes)
                    return verifier?.verify(signature, message) ?? false
                }
                let signed = note.text
                let checkpoint = try Checkpoint(signed.span)
                #expect(checkpoint.size == 31)
                roots.insert(checkpoint.root)
            }
            #expect(roots.count == 2)
        }
    }

    @Test("shows a fork by a later checkpoint and a proof where no commit ended at that size")
    func forkBetweenCommits() throws {
        try withOldCopy { trial in
            try trial.ledger.fill(40, groupSize: 40, from: 100)
            #expect(throws: LedgerError.self) { try trial.start() }
            let kept = try #require(try evidence(trial).first)
            let ours = try #require(kept["ours"] as? [String: Any])
            let text = try #require(ours["note"] as? String)
            let note = try SignedNote(text.utf8Span.span)
            let signed = note.text
            let checkpoint = try Checkpoint(signed.span)
            #expect(checkpoint.size == 62)
            let path = try #require(ours["path"] as? String).split(separator: "\n").compactMap {
                Hash256(base64: String($0).utf8Span.span)
            }
            let root = try #require(ours["root"] as? String)
            let theirs = try #require(kept["theirs"] as? [String: Any])
            #expect(root != theirs["root"] as? String)
            let read = Hash256(hex: root.utf8Span.span)
            let oldRoot = try #require(read)
            let proof = ConsistencyProof(oldSize: 31, newSize: 62, path: path)
            #expect(throws: Never.self) {
                try proof.verify(oldRoot: oldRoot, newRoot: checkpoint.root, using: SHA256.self)
            }
        }
    }

    @Test("is told of once when it shows while the log is being written")
    func whileRunning() throws {
        try withOldCopy { trial in
            try trial.ledger.fill(40, from: 100)
            for _ in 0..<3 {
                let round = try trial.anchor()
                #expect(AnchorTrial.results(round) == ["w0 fork", "w1 fork"])
                #expect(!round.hasQuorum)
            }
            let open = try trial.ledger.open(appends: false)
            var refused = 0
            try open.forEachLine(from: 0) { _, line in
                if line.text(.type) == AnchorEvent.refusedType { refused += 1 }
                return true
            }
            #expect(refused == 2)
            #expect(try trial.ledger.verify().isSound)
        }
    }

    @Test("goes on after a restore that names what the witnesses know")
    func restored() throws {
        try withOldCopy { trial in
            let open = try trial.ledger.open(appends: false)
            let survey = try WitnessSurvey.ask(
                trial.policy(),
                about: open.origin,
                send: trial.send
            )
            #expect(survey.outsideHeads.map(\.size) == [31, 31])
            let options = Ledger.Options(appends: true, headFile: trial.ledger.headFile)
            let restore = { () throws -> Receipt? in
                try Ledger.restore(
                    path: trial.ledger.path,
                    options: options,
                    reason: "the disk failed",
                    outside: survey.outsideHeads
                )
            }
            let receipt = try #require(try restore())
            let event = try trial.ledger.open(appends: false).event(at: receipt.sequence)
            let text = Line(event.line.span).text(.reason)
            let reason = try #require(text)
            #expect(reason.hasPrefix("events 22 to 30 are lost; witness w0 knows 31 events, root "))
            #expect(reason.hasSuffix("; the disk failed"))
            // A second time there is nothing to do, and a start only warns.
            #expect(try restore() == nil)
            let warnings = try trial.start()
            #expect(warnings.count == 2)
            #expect(warnings[0].contains("event \(receipt.sequence) tells of"))
            // The witnesses do not forget by themselves.
            try trial.ledger.fill(40, from: 200)
            let round = try trial.anchor()
            #expect(AnchorTrial.results(round)[0].contains("before the restore"))
            // When their operators make them forget, all is well again.
            for number in 0..<2 { Files.removeTree("\(trial.folder.path)/w\(number)") }
            for number in 0..<2 { try Files.makeFolder("\(trial.folder.path)/w\(number)") }
            #expect(try trial.start() == [])
            #expect(try trial.anchor().isComplete)
            #expect(try trial.check().isSound)
        }
    }

    @Test(
        "is not refused on the word of one who is not the witness, or has no signature of the log"
    )
    func hostileHeads() throws {
        let trial = try AnchorTrial(witnesses: 1)
        try trial.anchor()
        let origin = try trial.ledger.open(appends: false).origin
        let root = SHA256.hash("x".utf8Span.span)
        let text = try Checkpoint(origin: origin, size: 1000, root: root).text
        let stranger = try WitnessKey.generate(name: "w0.example")
        let signature = try stranger.cosign(text.span, at: trial.now)
        let forged = try SignedNote(text: text, signatures: [signature]).bytes
        let other = try Checkpoint(origin: "other", size: 1000, root: root).text
        let second = try stranger.cosign(other.span, at: 1)
        let elsewhere = try SignedNote(text: other, signatures: [second]).bytes
        for body in [forged, elsewhere, [], Array("\n\n".utf8), text] {
            trial.network.answer { request in request.method == "GET" ? (200, body) : nil }
            let warnings = try trial.start()
            #expect(warnings.count == 1)
            #expect(warnings.first?.contains("gave a checkpoint") == true)
        }
    }

    @Test("differs from the root that was cosigned, for who writes it anew with stolen keys")
    func rewritten() throws {
        try withOldCopy { trial in
            // The thief writes other events and then the anchor that was there.
            let thief = try trial.ledger.open(appends: true)
            let stolen = try trial.witnesses[0].checkpoint(ofOrigin: Witness.hash(thief.origin))
                .body
            let writer = try #require(thief.writer)
            for number in 100..<115 { _ = try writer.append([.sample(number)]) }
            var draft = AdminEvent.draft(type: AnchorEvent.type)
            draft[.subject] = "checkpoint:31"
            draft[.datacontenttype] = "text/plain; charset=utf-8"
            let meta = Array("{}".utf8)
            draft.body = Body(meta: meta.span, content: stolen.span)
            _ = try writer.append([draft])
            thief.close()
            let report = try trial.check()
            #expect(!report.isSound)
            #expect(report.findings.map(\.what) == ["the log's first 31 events"])
            // Left out, only the witnesses themselves tell.
            let open = try trial.ledger.open(appends: false)
            let survey = try WitnessSurvey.ask(trial.policy(), about: open.origin, send: trial.send)
            var asked = try AnchorCheck.run(open, policy: nil, roots: [])
            try asked.compare(open, with: survey)
            #expect(asked.findings.count(where: { $0.place == .ledger("witness w1") }) == 1)
        }
    }
}
