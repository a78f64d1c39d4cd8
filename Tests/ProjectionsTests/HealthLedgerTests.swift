import Bytes
import DaybookTesting
import Foundation
import Ledger
import Testing

@testable import Projections

@Suite("Integration health in a ledger")
struct HealthLedgerTests {
    private static let request = ViewRequest("integration-health")

    private static func ledger() throws -> TemporaryLedger {
        let folder = try TemporaryLedger()
        let path = URL(filePath: folder.path).appending(path: "projections/integration-health")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        let text = try Defaults.text(of: "integration-health")
        try Data(text.utf8).write(to: path.appending(path: "projection.yaml"))
        return folder
    }

    /// Webhooks, of which one in four is refused, and calls, of which one in ten fails.
    private static func drafts(_ count: Int, _ chance: inout SeededChance) -> [Draft] {
        (0..<count).map { number in
            let isCall = Bool.random(using: &chance)
            let fails = Int.random(in: 0..<(isCall ? 10 : 4), using: &chance) == 0
            var draft = Draft(
                source: isCall ? "xero" : "stripe",
                id: "e\(number)",
                type: isCall ? "api.call" : "charge.refunded",
                kind: isCall ? .call : .webhook,
                outcome: isCall ? (fails ? .failed : .succeeded) : (fails ? .rejected : .accepted)
            )
            if isCall {
                draft[.service] = "xero"
                draft.set(.status, to: fails ? 503 : 200)
                draft.set(.durationms, to: UInt64.random(in: 1...9000, using: &chance))
            } else {
                draft[.provider] = "stripe"
            }
            draft[.time] = "2026-09-01T10:00:00Z"
            return draft
        }
    }

    @Test("is the same followed, rebuilt in chunks, and started again after each commit")
    func rebuilt() throws {
        let folder = try Self.ledger()
        let ledger = try folder.open(appends: true)
        defer { ledger.close() }
        let writer = try #require(ledger.writer)
        var chance = SeededChance(seed: 5)
        let drafts = Self.drafts(300, &chance)
        for start in stride(from: 0, to: 300, by: 50) {
            _ = try writer.append(Array(drafts[start..<start + 50]))
            // Views that are opened anew read the rows that those before have written.
            _ = try Views(ledger).digest(Self.request)
        }
        let views = try Views(ledger)
        let followed = try views.digest(Self.request)
        var options = RebuildOptions()
        options.anew = true
        options.threads = 2
        options.chunkSize = 37
        _ = try views.rebuild("integration-health", options)
        #expect(try views.digest(Self.request) == followed)

        let refused = drafts.count { $0.outcome == .rejected }
        let calls = drafts.count { [.succeeded, .failed].contains($0.outcome) }
        let hooks = try views.row(Self.request, key: "webhook:stripe")
        #expect(hooks["total"] == .integer(Int128(300 - calls)))
        #expect(hooks["errors"] == .integer(Int128(refused)))
        #expect(hooks["state"] == .text("critical"))
        let xero = try views.row(Self.request, key: "call:xero")
        #expect(xero["requests"] == .integer(Int128(calls)))
        let failed = drafts.count { $0.outcome == .failed }
        #expect(xero["availability"] == .integer(Int128((calls - failed) * 100 / calls)))

        // The equation: every event of the log is counted once, refused ones as applied.
        let status = try #require(try views.status(catchesUp: true).first)
        #expect(status.tally.events == status.logSize)
        #expect(status.tally.applied == 300)
        #expect(status.tally.rejected == 0)
    }

    @Test("is told as it stood before, and each change by the event that made it")
    func past() throws {
        let folder = try Self.ledger()
        let ledger = try folder.open(appends: true)
        defer { ledger.close() }
        let drafts = (0..<6).map { number in
            var draft = Draft(
                source: "stripe",
                id: "e\(number)",
                type: "charge.refunded",
                kind: .webhook,
                outcome: number == 3 ? .rejected : .accepted
            )
            draft[.provider] = "stripe"
            return draft
        }
        let receipts = try #require(ledger.writer).append(drafts)
        let views = try Views(ledger)
        let sequences = receipts.map(\.sequence)
        let story = try views.explain(Self.request, key: "webhook:stripe")
        #expect(story.map(\.sequence) == sequences)
        let later = try views.row(
            Self.request,
            key: "webhook:stripe",
            at: .asAtTime(Timestamp(microseconds: 4_000_000_000_000_000))
        )
        #expect(later["total"] == .integer(6))
        #expect(later["requests"] == .integer(0))
        let then = try views.row(
            Self.request,
            key: "webhook:stripe",
            at: .asAt(sequence: sequences[2])
        )
        #expect(then["total"] == .integer(3))
        #expect(then["requests"] == .integer(3))
        #expect(then["errors"] == nil)
    }
}
