import Bytes
import DaybookTesting
import Glibc
import Ledger
import POSIX
import Testing

@Suite("Killed while writing") struct CrashTests {
    @Test("what was acknowledged is there after kill -9, and nothing needs repair")
    func killed() async throws {
        let ledger = try TemporaryLedger()
        let seeds = 1...10 as ClosedRange<UInt64>
        for seed in seeds {
            let acknowledged = "\(ledger.path)/acknowledged-\(seed)"
            let paths = [ledger.path, ledger.headFile, acknowledged]
            await #expect(processExitsWith: .signal(SIGKILL)) {
                [paths = paths as [String], seed = seed as UInt64] in
                try ChildLog.appendUntilKilled(paths[0], paths[1], paths[2], seed: seed)
            }
            try expectAcknowledged(ledger, acknowledged, seed)
            let report = try ledger.verify()
            #expect(report.findings == [], "seed \(seed)")
            // The next start goes on where the log ends.
            let next = try ledger.fill(1, from: 10_000_000 + Int(seed))
            #expect(next.map(\.sequence) == [report.size])
        }
        for seed in seeds {
            try expectAcknowledged(ledger, "\(ledger.path)/acknowledged-\(seed)", seed)
        }
    }

    private func expectAcknowledged(
        _ ledger: TemporaryLedger,
        _ file: String,
        _ seed: UInt64
    ) throws {
        guard let bytes = try? Files.read(file) else { return }
        let open = try ledger.open(appends: false)
        // The last record may be cut short, too: what was being acknowledged then was not yet.
        let whole = bytes[..<((bytes.lastIndex(of: 10) ?? -1) + 1)]
        for line in String(decoding: whole, as: UTF8.self).split(separator: "\n") {
            let parts = line.split(separator: " ")
            let sequence = try #require(UInt64(parts[0]))
            let leaf = try open.event(at: sequence).leafHash
            #expect(leaf.description == parts[1], "seed \(seed), event \(sequence)")
        }
    }
}
