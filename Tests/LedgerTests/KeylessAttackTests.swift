import DaybookTesting
import Ledger
import Merkle
import POSIX
import Testing

/// An attacker who may write every file of the ledger and computes all that can be computed, but
/// has no private key of the log.
///
/// What takes the log's key, and so cannot be done: a checkpoint for other lines than were
/// committed; a checkpoint for lines after the last commit; handing over to another key.
/// What takes no key: cutting the log back to an earlier checkpoint with every trace of what came
/// after. Only knowledge from outside tells: the head file, a receipt, a witness.
@Suite("Forging without the key") struct KeylessAttackTests {
    @Test("a log that is put together again unchanged is sound")
    func control() throws {
        var log = try ForgedLog()
        log.forger.change(3) { $0 }
        #expect(log.forger.changes.isEmpty)
        #expect(try log.verify().findings == [])
    }

    @Test("a changed line with all hashes after it is told by the checkpoints' roots")
    func changedLine() throws {
        var log = try ForgedLog()
        log.forger.change(5) { Forger.replace("stock.counted", with: "stock.removed", in: $0) }
        let report = try log.verify()
        let wrong = report.findings.filter { $0.what == "root" }.map(\.place)
        #expect(wrong == (6...14).map { .checkpoint($0) })
    }

    @Test("a line in another form, with all hashes and roots after it, is told by the signatures")
    func changedRoots() throws {
        var log = try ForgedLog()
        log.forger.change(5) { Forger.replace("\"source\":", with: "\"source\": ", in: $0) }
        for size in 6...14 {
            let bytes = log.forger.original.value(.checkpoints, UInt64(size)) ?? []
            let checkpoint = try Checkpoint(
                origin: log.forger.origin,
                size: UInt64(size),
                root: log.forger.root(size)
            )
            let signatures = try SignedNote(bytes.span).signatures
            let note = try SignedNote(text: checkpoint.text, signatures: signatures)
            log.forger.setCheckpoint(size, note.bytes)
        }
        let report = try log.verify()
        #expect(report.findings.contains { $0.names(event: 5) && $0.what.hasPrefix("line") })
        let unsigned = report.findings.filter { $0.what == "signature" }.map(\.place)
        #expect(unsigned == (6...14).map { .checkpoint($0) })
        #expect(!report.findings.contains { $0.what == "root" || $0.what == "prevhash" })
    }

    @Test("an event put at the end without a checkpoint is told")
    func unsigned() throws {
        var log = try ForgedLog()
        log.appendFact()
        let report = try log.verify()
        #expect(report.findings.contains { $0.place == .checkpoint(15) })
        #expect(!report.isSound)
    }

    @Test("an event put at the end under the attacker's key is told by the signature")
    func foreignKey() throws {
        var log = try ForgedLog()
        log.appendFact()
        try log.forger.sign(15, with: NoteKey(name: log.forger.origin))
        let report = try log.verify()
        let places = report.findings.filter { $0.what == "signature" }.map(\.place)
        #expect(places == [.checkpoint(15)])
    }

    @Test("a forged change of key is told", arguments: [true, false], [true, false])
    func takeover(hasOwnCheckpoint: Bool, fromMiddle: Bool) throws {
        var log = try ForgedLog()
        let attacker = try NoteKey(name: log.forger.origin)
        if fromMiddle {
            // What was recorded since is written anew; the head file would tell, so it goes.
            log.forger.cut(to: 5)
            try Files.remove(log.ledger.headFile)
        }
        log.appendRotation(to: attacker.vkey.description)
        let rotated = log.forger.lines.count
        // An event that hands over is the last of its commit, and its checkpoint takes the old key.
        // A forger can leave that out if nobody asks for it.
        if hasOwnCheckpoint { try log.forger.sign(rotated, with: attacker) }
        log.appendFact(inSameCommit: !hasOwnCheckpoint)
        try log.forger.sign(rotated + 1, with: attacker)
        log.forger.setMeta("key", attacker.vkey.description)
        let report = try log.verify()
        #expect(!report.isSound)
        #expect(
            report.findings.contains {
                $0.place == .checkpoint(UInt64(rotated)) || $0.names(event: UInt64(rotated) - 1)
            }
        )
    }

    @Test("a checkpoint taken away where the key changed is told")
    func droppedHandover() throws {
        var log = try ForgedLog()
        log.forger.setCheckpoint(ForgedLog.rotation + 1, nil)
        let report = try log.verify()
        #expect(report.findings.contains { $0.place == .checkpoint(8) })
    }

    @Test("a checkpoint under the key that signs no more is told")
    func retiredKey() throws {
        let ledger = try TemporaryLedger()
        let old = try NoteKey(ledger: ledger.path)
        try ledger.fillPlain()
        var forger = try Forger(RawLog(path: ledger.path))
        try forger.sign(14, with: old)
        try RawLog(path: ledger.path).apply(forger.changes)
        let places = try ledger.verify().findings.filter { $0.what == "signature" }.map(\.place)
        #expect(places == [.checkpoint(14)])
    }

    @Test("a wrong signature under the key's own name refuses the note, whatever else is under it")
    func wrongBesideRight() throws {
        var log = try ForgedLog()
        let bytes = log.forger.original.value(.checkpoints, 14) ?? []
        var note = try SignedNote(bytes.span)
        let right = note.signatures[0]
        let wrong = try SignedNote.Signature(
            name: right.name,
            keyID: right.keyID,
            bytes: Array(right.bytes.reversed())
        )
        try note.add(wrong)
        log.forger.setCheckpoint(14, note.bytes)
        #expect(try log.verify().findings.contains { $0.place == .checkpoint(14) })
    }

    @Test("a whole log under another key is told by the first key that the verifier pins")
    func wholeLog() throws {
        let log = try ForgedLog()
        let other = try TemporaryLedger()
        try other.fillPlain()
        try LedgerCopy(of: other).restore(to: log.ledger)
        #expect(try other.verify().isSound)
        var options = Verifier.Options()
        options.pinnedKey = log.firstKey
        let report = try log.ledger.verify(options)
        #expect(report.findings.contains { $0.names(event: 0) && $0.what == "the first key" })
        #expect(report.findings.contains { $0.place == .ledger("head file") })
    }
}
