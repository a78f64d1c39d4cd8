import DaybookTesting
import Ledger
import Testing

/// An attacker who may write the files, but has no private key, changes one table of a sound log.
///
/// Not among the cases, for it is not wrong: a note with a further signature line under a name that
/// no key of the log has; that is how witnesses sign.
@Suite("Tampering with one table") struct TamperTests {
    @Test(
        "what is done to records is found and named",
        arguments: RawLog.Table.allCases,
        Operation.allCases
    )
    func records(table: RawLog.Table, operation: Operation) throws {
        let tampering = try Tampering(try Template.mixed.get().ledger())
        var cases = TamperCases(tampering.original, seed: 42)
        for one in cases.make(operation, table) {
            try tampering.expectFound(one)
        }
        #expect(try tampering.ledger.verify().findings == [])
    }

    @Test(
        "a flipped bit in any byte is found",
        arguments: [RawLog.Table.lines, .bodies, .checkpoints]
    )
    func everyByte(table: RawLog.Table) throws {
        let tampering = try Tampering(try Template.small.get().ledger())
        let records = tampering.original[table]
        let record = records[records.count / 2]
        for byte in record.value.indices {
            var value = record.value
            value[byte] ^= 1 << UInt8(byte % 8)
            let report = try tampering.report(after: [RawLog.Change(table, record.key, value)])
            #expect(!report.isSound, "byte \(byte) of \(table) \(record.number)")
        }
    }

    @Test("a version that is not ours is refused, not read", arguments: ["2", "0", "", "1 "])
    func version(text: String) throws {
        let tampering = try Tampering(try Template.small.get().ledger())
        let change = RawLog.Change(.meta, Array("version".utf8), Array(text.utf8))
        let error = #expect(throws: LedgerError.self) { try tampering.report(after: [change]) }
        guard case .newerVersion(text, _) = error else {
            Issue.record("expected a refusal of version \(text), got \(String(describing: error))")
            return
        }
    }

    @Test("any mixture of changes is found", arguments: 1...12 as ClosedRange<UInt64>)
    func mixtures(seed: UInt64) throws {
        let tampering = try Tampering(try Template.small.get().ledger())
        var chance = SeededChance(seed: seed)
        for _ in 0..<5 {
            var changes: [RawLog.Change] = []
            for _ in 0..<Int.random(in: 2...4, using: &chance) {
                let table =
                    RawLog.Table.allCases.filter { $0 != .meta && $0 != .checkpoints }
                    .randomElement(using: &chance) ?? .lines
                let operation = Operation.allCases.randomElement(using: &chance) ?? .flip
                var cases = TamperCases(tampering.original, seed: chance.next())
                changes += cases.make(operation, table).randomElement(using: &chance)?.changes ?? []
            }
            let isChanged = changes.contains {
                tampering.original.value($0.table, $0.key) != $0.value
            }
            guard isChanged else { continue }
            let report = try tampering.report(after: changes)
            #expect(!report.isSound, "seed \(seed): \(changes.map { "\($0.table)" })")
        }
    }
}
