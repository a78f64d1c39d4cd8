import DaybookTesting
import Ledger
import POSIX
import Testing

/// A writer that signs whatever it finds in the log would lend an intruder its key.
@Suite("Appending to what was not signed") struct UnsignedEndTests {
    @Test("a log whose end no checkpoint covers is not appended to")
    func atStart() throws {
        var log = try ForgedLog()
        log.appendFact()
        try log.raw.apply(log.forger.changes)
        #expect(throws: (any Error).self) { try log.ledger.fill(1) }
        #expect(try !log.ledger.verify().isSound)
    }

    @Test("a log whose last checkpoint another key signed is not appended to")
    func foreignCheckpoint() throws {
        var log = try ForgedLog()
        log.appendFact()
        try log.forger.sign(15, with: NoteKey(name: log.forger.origin))
        try log.raw.apply(log.forger.changes)
        #expect(throws: (any Error).self) { try log.ledger.fill(1) }
        #expect(try !log.ledger.verify().isSound)
    }

    @Test("a writer that runs does not go on from lines that another put there unsigned")
    func whileRunning() async throws {
        let ledger = try Template.plain.get().ledger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        _ = try writer.append([.bodiless(100)])

        await #expect(processExitsWith: .success) { [path = ledger.path as String] in
            let raw = RawLog(path: path)
            var forger = try Forger(raw)
            forger.append(forger.lines[3], replacing: [("fact-3", "forged")])
            try raw.apply(forger.changes)
        }
        #expect(throws: AppendError.self) { try writer.append([.bodiless(101)]) }
        open.close()
    }
}
