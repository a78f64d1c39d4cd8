import Bytes
import DaybookTesting
import Ledger
import Merkle
import POSIX
import Testing

/// Verification of a part of the log.
@Suite("Verifying a part") struct RangeTests {
    static let ranges: [ClosedRange<UInt64>] = [
        0...0, 0...3, 1...1, 150...160, 255...256, 5...300, 300...600, 601...601, 100...9999,
    ]

    @Test("every part of a sound log is sound", arguments: ranges)
    func parts(range: ClosedRange<UInt64>) throws {
        let ledger = try Template.mixed.get().ledger()
        var options = Verifier.Options()
        options.from = range.lowerBound
        options.to = range.upperBound
        let report = try ledger.verify(options)
        #expect(report.findings == [])
        #expect(report.counts.lines == UInt64(range.clamped(to: 0...601).count))
    }

    @Test("a part is checked against what surrounds it")
    func changedInside() throws {
        let tampering = try Tampering(try Template.mixed.get().ledger())
        let line = try #require(tampering.original.value(.lines, 200))
        let change = RawLog.Change(
            .lines,
            200,
            Forger.replace("2", with: "3", in: line)
        )
        var options = Verifier.Options()
        options.from = 200
        options.to = 200
        #expect(try !tampering.report(after: [change], options: options).isSound)
        options.from = 201
        options.to = 201
        let after = try tampering.report(after: [change], options: options)
        #expect(after.findings.contains { $0.names(event: 201) && $0.what == "prevhash" })
    }

    @Test("the end may lie beyond any log")
    func endless() async {
        await #expect(processExitsWith: .success) {
            let ledger = try TemporaryLedger()
            var options = Verifier.Options()
            options.to = .max
            #expect(try ledger.verify(options).findings == [])
        }
    }

    @Test("a later verification goes on where the last one ended")
    func incremental() throws {
        let ledger = try TemporaryLedger()
        try ledger.fill(20)
        #expect(try ledger.verify().storeMark(ledger: ledger.path))
        try ledger.fill(10, from: 20)
        var options = Verifier.Options()
        options.isIncremental = true
        let report = try ledger.verify(options)
        #expect(report.findings == [])
        #expect(report.range == 21..<31)
        #expect(report.resumedFrom == 21)
        #expect(try report.storeMark(ledger: ledger.path))
        #expect(try ledger.verify(options).range == 31..<31)
    }

    @Test("a part that nobody verified is not marked as verified")
    func unreadPart() throws {
        let ledger = try TemporaryLedger()
        try ledger.fill(20)
        #expect(try ledger.verify().storeMark(ledger: ledger.path))
        try ledger.fill(20, from: 20)
        var options = Verifier.Options()
        options.isIncremental = true
        options.from = 30
        let report = try ledger.verify(options)
        #expect(report.range == 30..<41)
        #expect(try !report.storeMark(ledger: ledger.path))
    }

    @Test("a mark under another key is a notice, and all is read", arguments: [true, false])
    func foreignMark(isSigned: Bool) throws {
        let log = try ForgedLog()
        let mark = try log.mark(size: 10, with: NoteKey(name: log.forger.origin))
        try Files.replace("\(log.ledger.path)/verified", with: isSigned ? mark : Array("x".utf8))
        var options = Verifier.Options()
        options.isIncremental = true
        let report = try log.verify(options)
        #expect(report.findings.map(\.kind) == [.notice])
        #expect(report.range == 0..<14)
    }

    @Test("an event that only pretends to change the key lends no mark its trust")
    func pretendedKey() throws {
        var log = try ForgedLog()
        let attacker = try NoteKey(name: log.forger.origin)
        // Line 3 names the attacker's key; nothing else fits it, but it is not to be read again.
        var copy = log
        copy.forger.cut(to: 3)
        copy.appendRotation(to: attacker.vkey.description)
        let line = copy.forger.lines[3]
        let mark = try log.mark(size: 14, with: attacker)
        log.forger.set(.lines, RawLog.key(3), line)
        try Files.replace("\(log.ledger.path)/verified", with: mark)
        var options = Verifier.Options()
        options.isIncremental = true
        #expect(try !log.verify(options).isSound)
    }
}

extension ForgedLog {
    /// A mark of a verification of the first `size` events.
    fileprivate func mark(size: Int, with key: NoteKey) throws -> [UInt8] {
        let root = forger.root(size).withSpan { Base64.encode($0) }
        let text = "daybook.verified/v1\n\(forger.origin)\n\(size)\n\(root)\n2026-01-01T00:00:00Z\n"
        return try key.note(over: Array(text.utf8))
    }
}
