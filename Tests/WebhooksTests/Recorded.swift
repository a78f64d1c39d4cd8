import DaybookTesting
import Ledger
import Testing

/// A log that drafts are appended to.
enum Recorded {
    /// What became of each draft of each request, in a ledger that verifies afterwards.
    static func outcomes(of requests: [[Draft]]) throws -> [[Outcome]] {
        let place = try TemporaryLedger()
        let ledger = try place.open(appends: true)
        let writer = try #require(ledger.writer)
        var outcomes: [[Outcome]] = []
        for drafts in requests { outcomes.append(try writer.append(drafts).map(\.outcome)) }
        ledger.close()
        #expect(try place.verify().findings == [])
        return outcomes
    }
}
