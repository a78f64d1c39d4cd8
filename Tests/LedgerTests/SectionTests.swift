import DaybookTesting
import Ledger
import Testing

/// A verifier reads a long log in sections of 16,384 events, which must meet without a seam.
@Suite("Where sections meet") struct SectionTests {
    private static let border: UInt64 = 16_384

    @Test("what is changed on either side of the seam is found there, and nothing else")
    func seam() throws {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        let writer = try #require(open.writer)
        // One commit ends exactly at the seam.
        for range in [1..<4096, 4096..<8192, 8192..<12_288, 12_288..<16_384, 16_384..<16_400] {
            _ = try writer.append(range.map { .bodiless($0) })
        }
        open.close()
        var options = Verifier.Options()
        options.threads = 3
        let whole = try ledger.verify(options)
        #expect(whole.findings == [])
        #expect(whole.counts.lines == 16_400)
        #expect(whole.counts.checkpoints == 6)

        let tampering = try Tampering(ledger)
        options.from = Self.border - 2
        options.to = Self.border + 2
        for sequence in [Self.border - 1, Self.border] {
            let line = try #require(tampering.original.value(.lines, sequence))
            let changed = Forger.replace("counted", with: "removed", in: line)
            let report = try tampering.report(
                after: [RawLog.Change(.lines, sequence, changed)],
                options: options
            )
            let places = Set(report.findings.map(\.place.description))
            #expect(places.contains("event \(sequence)"))
            #expect(
                report.findings.contains { $0.names(event: sequence + 1) && $0.what == "prevhash" }
            )
        }
        let dropped = RawLog.Change(.checkpoints, Self.border, nil)
        let report = try tampering.report(after: [dropped], options: options)
        #expect(report.findings.map(\.place) == [.checkpoint(Self.border)])
    }
}
