import Ledger
import Testing

@testable import Projections

@Suite("What parts did")
struct PartHistoryTests {
    private static let count = 40

    private static func log() throws -> (log: PartLedger, views: Views, first: UInt64) {
        let log = try PartLedger()
        let batch = PartLedger.batch(count, rows: count / 2)
        let first = try log.take("r", batch.content, parts: batch.parts)
        return (log, try Views(log.ledger), first)
    }

    @Test("is explained, with what each changed")
    func explained() throws {
        let (_, views, first) = try Self.log()
        let story = try views.explain(PartLedger.request, key: "books-i3")
        #expect(story.map(\.sequence) == [first + 4, first + 4 + 20])
        #expect(story.map(\.type) == ["INVOICE.UPDATE", "INVOICE.UPDATE"])
        let totals = story.map { $0.changes.first { $0.column == "total" }?.new?.json }
        #expect(totals == ["4", "28"])
        let past = try views.row(
            PartLedger.request,
            key: "books-i3",
            at: .asAt(sequence: first + 5)
        )
        #expect(past["total"]?.json == "4")
    }

    @Test("is replayed and traced")
    func replayed() throws {
        let (_, views, first) = try Self.log()
        var keys: [UInt64: [String]] = [:]
        try views.replay(LogQuery()) { event in
            keys[event.sequence] = event.effects.map(\.key)
            return true
        }
        #expect(keys[first] == [])
        for place in 0..<UInt64(Self.count) {
            #expect(keys[first + 1 + place] == ["books-i\(place % 20)"])
        }
        let tree = try views.trace(first + 3)
        #expect(tree.sequence == first)
        #expect(tree.children.count == Self.count)
        #expect(tree.children[2].isAsked)
        #expect(tree.children[2].effects.map(\.key) == ["books-i2"])
    }

    @Test("is found with one reading of the body for all of them")
    func effects() throws {
        let (log, views, first) = try Self.log()
        var finder = try EffectFinder(views)
        try log.ledger.read { snapshot in
            for place in 0..<UInt64(Self.count) {
                let effects = try finder.effects(of: first + 1 + place, snapshot)
                #expect(effects.count == 1)
            }
        }
        #expect(finder.batch.bodies == 1)
        #expect(finder.historyBatch.bodies == 1)
    }

    @Test(
        "is folded with one reading of the body, whatever the order and whether it fits",
        arguments: ["forwards", "backwards", "broken"]
    )
    func linear(way: String) throws {
        let log = try PartLedger()
        let count = 2000
        var batch = PartLedger.batch(count)
        let padding = String(repeating: "x", count: 450)
        batch.content = batch.content.replacing(#""state""#, with: #""note":"\#(padding)","state""#)
        if way == "broken" { batch.content.replace("},\n {", with: "}\n {", maxReplacements: 1) }
        #expect(batch.content.utf8.count > 1_000_000)
        let first = try log.take("r", batch.content, parts: batch.parts)
        let shared = Batch()
        let plan = try PartLedger.plan()
        try log.ledger.read { snapshot in
            var folding = Folding(plan, shared)
            let range = first + 1...first + UInt64(count)
            try folding.fold(snapshot, way == "backwards" ? range.reversed() : Array(range))
            let fits = way == "broken" ? 0 : UInt64(count)
            #expect(folding.tally.applied == fits)
            #expect(folding.tally.quarantined == UInt64(count) - fits)
        }
        #expect(shared.bodies == 1)
        // Once as a whole, once for its members, once for the list's elements.
        #expect(shared.bytesRead <= 3 * batch.content.utf8.count)
    }

    @Test("is folded with a reading for each of several bodies that take turns")
    func turns() throws {
        let log = try PartLedger()
        let batch = PartLedger.batch(3)
        let one = try log.take("r1", batch.content, parts: batch.parts)
        let two = try log.take("r2", batch.content, parts: batch.parts)
        let shared = Batch()
        let plan = try PartLedger.plan()
        try log.ledger.read { snapshot in
            var folding = Folding(plan, shared)
            try folding.fold(snapshot, [one + 1, two + 1, one + 2, two + 2, two + 3, one + 3])
            #expect(folding.tally.applied == 6)
        }
        #expect(shared.bodies == 5)
    }
}
