import DaybookTesting
import Glibc
import Ledger
import POSIX
import Testing

/// An old copy, a cut tail, another history: what the log alone cannot tell.
@Suite("Rolling back") struct RollbackTests {
    private func expectRefused(
        _ ledger: TemporaryLedger,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let error = #expect(throws: LedgerError.self, sourceLocation: sourceLocation) {
            try ledger.open(appends: true).close()
        }
        guard case .rolledBack = error else {
            Issue.record("\(String(describing: error))", sourceLocation: sourceLocation)
            return
        }
        let places = try ledger.verify().findings.map(\.place)
        #expect(places == [.ledger("head file")], sourceLocation: sourceLocation)
    }

    @Test("an old copy is read, but not appended to")
    func oldCopy() throws {
        let ledger = try TemporaryLedger()
        try ledger.fill(10)
        let backup = try LedgerCopy(of: ledger)
        try ledger.fill(5, from: 10)
        try backup.restore(to: ledger)
        try expectRefused(ledger)
        #expect(try ledger.open(appends: false).event(at: 10).line.count > 0)
    }

    @Test("an old copy that grew on its own is another history", arguments: [1, 5, 20])
    func fork(count: Int) throws {
        let ledger = try TemporaryLedger()
        try ledger.fill(10)
        let backup = try LedgerCopy(of: ledger)
        try ledger.fill(5, from: 10)
        try backup.restore(to: ledger)
        let fork = try Ledger(
            path: ledger.path,
            options: .init(appends: true, headFile: ledger.headFile + ".fork", mapSize: 1 << 26)
        )
        for number in 0..<count { _ = try fork.writer?.append([.sample(100 + number)]) }
        fork.close()
        try expectRefused(ledger)
    }

    @Test("a tail that is cut with every trace is told by the head file, and by it alone")
    func cut() throws {
        var log = try ForgedLog()
        log.forger.cut(to: 11)
        try log.raw.apply(log.forger.changes)
        try expectRefused(log.ledger)
        try Files.remove(log.ledger.headFile)
        let report = try log.verify()
        #expect(report.findings == [])
        #expect(report.limits.contains { $0.contains("no tail was cut") })
    }

    @Test("a cut back to before the key changed leaves nobody who could sign")
    func cutBeforeRotation() throws {
        var log = try ForgedLog()
        log.forger.cut(to: 5)
        log.forger.setMeta("key", log.firstKey)
        try log.raw.apply(log.forger.changes)
        try Files.remove(log.ledger.headFile)
        let error = #expect(throws: LedgerError.self) { try log.ledger.open(appends: true).close() }
        guard case .key = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test("a head file that is no checkpoint refuses", arguments: ["", "x", "a\n1\n\n"])
    func unreadable(text: String) throws {
        let ledger = try TemporaryLedger()
        try Files.replace(ledger.headFile, with: Array(text.utf8))
        try expectRefused(ledger)
    }

    @Test("a head file that the log's key did not sign is told")
    func foreignHead() throws {
        let log = try ForgedLog()
        let key = try NoteKey(name: log.forger.origin)
        var forger = log.forger
        try forger.sign(14, with: key)
        try Files.replace(log.ledger.headFile, with: forger.image.value(.checkpoints, 14) ?? [])
        #expect(try log.ledger.verify().findings.map(\.place) == [.ledger("head file")])
    }

    @Test("the usual place of the head file does not depend on what a forger can write")
    func usualPlace() async throws {
        let ledger = try TemporaryLedger()
        let other = try TemporaryLedger()
        await #expect(processExitsWith: .success) {
            [path = ledger.path as String, other = other.path as String] in
            setenv("XDG_STATE_HOME", "\(path)/../state", 1)
            for path in [path, other] {
                let open = try Ledger(path: path, options: .init(appends: true, mapSize: 1 << 26))
                _ = try open.writer?.append([.bodiless(1)])
                open.close()
            }
            // The whole log and its key are those of another ledger of that name now.
            for folder in ["log", "keys"] {
                Files.removeTree("\(path)/\(folder)")
                #expect(rename("\(other)/\(folder)", "\(path)/\(folder)") == 0)
            }
            #expect(throws: LedgerError.self) {
                try Ledger(path: path, options: .init(appends: true, mapSize: 1 << 26)).close()
            }
        }
    }

    @Test("the head file is as new as the log after the writer has ended")
    func headFollows() throws {
        let ledger = try TemporaryLedger()
        for round in 1...3 {
            try ledger.fill(9, groupSize: 1, from: round * 9)
            let stored = try Files.read(ledger.headFile)
            let newest = try RawLog(path: ledger.path).read()[.checkpoints].last
            #expect(stored == newest?.value)
        }
    }
}
