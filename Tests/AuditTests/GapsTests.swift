import Audit
import Bytes
import DaybookTesting
import Foundation
import Ledger
import Testing

@Suite("Gaps in senders' numbers")
struct GapsTests {
    private static func gaps(_ drafts: [Draft], _ selection: String = "all") throws -> SequenceGaps
    {
        let folder = try TemporaryLedger()
        let ledger = try folder.open(appends: true)
        defer { ledger.close() }
        _ = try ledger.writer?.append(drafts)
        return try ledger.read {
            try SequenceGaps(EventSelection(text: selection), in: $0, size: $0.size)
        }
    }

    private static func order(_ number: Int, id: String? = nil) -> Draft {
        var draft = Draft(
            source: "shop",
            id: id ?? "x\(number)y",
            type: "order.created",
            kind: .webhook
        )
        draft[.subject] = "order:\(number)"
        return draft
    }

    @Test("are found in any order of arrival, with the events beside them")
    func found() throws {
        var chance = SeededChance(seed: 4)
        let missing: Set = [1003, 1010, 1011, 1012]
        let numbers = (1001...1040).filter { !missing.contains($0) }.shuffled(using: &chance)
        let result = try Self.gaps(numbers.map { Self.order($0) })
        #expect(result.runs.map(\.count) == [36])
        #expect(result.gaps.map(\.missing) == [1003...1003, 1010...1012])
        #expect(result.gaps.map(\.count) == [1, 3])
        let gap = try #require(result.gaps.first)
        #expect(gap.attribute == "subject" && gap.prefix == "order:" && gap.type == "order.created")
        #expect(gap.before == UInt64(try #require(numbers.firstIndex(of: 1002))) + 1)
        #expect(gap.after == UInt64(try #require(numbers.firstIndex(of: 1004))) + 1)
    }

    @Test("are none where numbers are few, far apart, random or no numbers")
    func noRuns() throws {
        #expect(try Self.gaps((1...19).map { Self.order($0 * 2) }).runs.isEmpty)
        #expect(try Self.gaps((1...40).map { Self.order($0 * 3) }).runs.isEmpty)
        #expect(try Self.gaps((1...20).map { Self.order($0) }).runs.count == 1)
        let odd = (0..<30).map { number -> Draft in
            var draft = Self.order(1, id: "evt_\(number % 10)a\(number)")
            draft[.subject] = ["", "a", "9223372036854775808123", "x1y\(number)"][number % 4]
            return draft
        }
        let result = try Self.gaps(odd)
        #expect(result.runs.isEmpty && result.events == 30)
    }

    @Test("repeats, rejected events and other types are not the run's")
    func others() throws {
        var drafts = (1...25).filter { $0 != 9 }.map { Self.order($0) }
        drafts += [Self.order(3, id: "again")]
        var rejected = Draft(
            source: "shop",
            id: "r",
            type: "order.created",
            kind: .webhook,
            outcome: .rejected
        )
        rejected[.subject] = "order:9"
        drafts.append(rejected)
        let result = try Self.gaps(drafts)
        #expect(result.gaps.map(\.missing) == [9...9] && result.runs.map(\.count) == [24])
        #expect(try Self.gaps(drafts, "source=other").runs.isEmpty)
    }
}
