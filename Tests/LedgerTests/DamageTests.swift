import DaybookTesting
import Glibc
import LMDB
import Ledger
import POSIX
import Testing

/// Damage that must not bring the reader down: each case runs in a process of its own, which must
/// come to an answer and end by itself.
@Suite("Damage") struct DamageTests {
    static let farKeys: [UInt64] = [1000, 1 << 24, 1 << 40, 1 << 63, .max]

    @Test("a line under a far key is told, and costs no more than a near one", arguments: farKeys)
    func farLine(key: UInt64) async throws {
        await #expect(processExitsWith: .success) { [key] in
            _ = alarm(10)
            let log = try ForgedLog()
            let line = log.forger.lines[3]
            try log.raw.apply([RawLog.Change(.lines, key, line)])
            #expect(try !log.ledger.verify().isSound)
        }
    }

    @Test("a log with a line under a far key is not appended to", arguments: farKeys)
    func farLineAppend(key: UInt64) async throws {
        await #expect(processExitsWith: .success) { [key] in
            _ = alarm(10)
            let log = try ForgedLog()
            let line = log.forger.lines[3]
            try log.raw.apply([RawLog.Change(.lines, key, line)])
            #expect(throws: (any Error).self) { try log.ledger.fill(1) }
        }
    }

    @Test(
        "a tile, body or checkpoint under the farthest key is told",
        arguments: [RawLog.Table.bodies, .tiles, .checkpoints]
    )
    func farRecord(table: RawLog.Table) async {
        await #expect(processExitsWith: .success) { [table] in
            _ = alarm(10)
            let log = try ForgedLog()
            try log.raw.apply([RawLog.Change(table, UInt64.max, [1, 2, 3])])
            #expect(try !log.ledger.verify().isSound)
        }
    }

    @Test("a file cut short is never called sound", arguments: [1, 2, 3])
    func shortFile(quarters: Int) async {
        // Reading a map beyond its file ends the process with a signal, which is a failure, too.
        await #expect(processExitsWith: .failure) { [quarters] in
            let ledger = try Template.mixed.get().ledger()
            let file = "\(ledger.path)/log/data.mdb"
            let bytes = try Files.read(file)
            try Files.replace(file, with: Array(bytes.prefix(bytes.count * quarters / 4)))
            let report = try? ledger.verify()
            exit(report?.isSound == true ? 0 : 1)
        }
    }

    @Test("any lost table is an error or a finding", arguments: RawLog.Table.allCases)
    func emptyTable(table: RawLog.Table) async {
        await #expect(processExitsWith: .success) { [table] in
            _ = alarm(10)
            let tampering = try Tampering(try Template.small.get().ledger())
            let records = tampering.original[table]
            try tampering.raw.apply(records.map { RawLog.Change(table, $0.key, nil) })
            #expect(try !tampering.ledger.verify().isSound)
            // A writer needs neither the bodies nor, unless an id comes again, their index.
            guard table != .bodies, table != .ids else { return }
            #expect(throws: (any Error).self) { try tampering.ledger.fill(1) }
        }
    }
}
