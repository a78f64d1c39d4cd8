import DaybookTesting
import Testing

@testable import Projections

@Suite("Registers")
struct RegisterTests {
    /// Folds facts, each at its place among all of them.
    private static func fold(
        _ facts: [RegisterFact],
        _ places: [Int],
        _ ids: ArrivalIDs
    ) throws -> Fold {
        var fold = Fold(RegisterColumns.shape, capacity: 1)
        for place in places {
            let fact = facts[place]
            try fold.apply(
                RegisterColumns.event(fact),
                sequence: UInt64(place),
                rule: fact.rule,
                ids
            )
        }
        return fold
    }

    /// Folds facts in parts, and the parts in parts of their own, merged in any order.
    private static func foldInParts(
        _ facts: [RegisterFact],
        _ places: [Int],
        _ ids: ArrivalIDs,
        _ chance: inout SeededChance
    ) throws -> Fold {
        guard places.count > 1, Int.random(in: 0...3, using: &chance) > 0 else {
            return try fold(facts, places, ids)
        }
        let shuffled = places.shuffled(using: &chance)
        let cut = Int.random(in: 0...places.count, using: &chance)
        var one = try foldInParts(facts, Array(shuffled[..<cut]), ids, &chance)
        let other = try foldInParts(facts, Array(shuffled[cut...]), ids, &chance)
        try one.merge(other, ids)
        return one
    }

    private static func expect(
        _ fold: borrowing Fold,
        _ facts: [RegisterFact],
        _ comment: Comment,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        for (place, column) in RegisterColumns.all.enumerated() {
            if let expected = RegisterModel.buckets(column, facts) {
                #expect(
                    buckets(fold, place) == expected,
                    "\(column.name), \(comment)",
                    sourceLocation: sourceLocation
                )
                continue
            }
            let value = fold.value(0, place)
            #expect(
                value == RegisterModel.value(column, facts),
                "\(column.name), \(comment)",
                sourceLocation: sourceLocation
            )
        }
    }

    private static func buckets(_ fold: borrowing Fold, _ place: Int) -> [String] {
        switch fold.other(0, place) {
        case .window(let window)?:
            return window.buckets.map { "\($0.width) \($0.start) \($0.count)" }
        case .histogram(let histogram)?:
            return histogram.buckets.map { "\($0.slice) \($0.value) \($0.count)" }
        default: return []
        }
    }

    @Test("say the same of facts in any order of arrival", arguments: 0..<12 as Range<UInt64>)
    func orders(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        for round in 0..<20 {
            let count = Int.random(in: 1...14, using: &chance)
            let facts = RegisterFact.some(count, &chance)
            for _ in 0..<4 {
                let order = facts.shuffled(using: &chance)
                let fold = try Self.fold(order, Array(order.indices), ArrivalIDs(order))
                Self.expect(fold, facts, "seed \(seed), round \(round)")
            }
        }
    }

    @Test(
        "say the same of facts that are folded in parts and merged in any order",
        arguments: 0..<12 as Range<UInt64>
    )
    func parts(seed: UInt64) throws {
        var chance = SeededChance(seed: seed)
        for round in 0..<20 {
            let count = Int.random(in: 1...14, using: &chance)
            let facts = RegisterFact.some(count, &chance)
            let ids = ArrivalIDs(facts)
            for _ in 0..<4 {
                let fold = try Self.foldInParts(facts, Array(facts.indices), ids, &chance)
                Self.expect(fold, facts, "seed \(seed), round \(round)")
            }
        }
    }

    @Test("are the same after their record was written and read")
    func records() throws {
        var chance = SeededChance(seed: 99)
        let facts = RegisterFact.some(40, &chance)
        let ids = ArrivalIDs(facts)
        let fold = try Self.fold(facts, Array(facts.indices), ids)
        var record: [UInt8] = []
        fold.encode(0, into: &record)
        var again = Fold(RegisterColumns.shape)
        let row = again.row(named: [0x72].span)
        let isRead = try again.absorb(record.span, into: row, ids)
        #expect(isRead)
        Self.expect(again, facts, "read")
        var second: [UInt8] = []
        again.encode(row, into: &second)
        #expect(record == second)
        for length in record.indices {
            var damaged = Fold(RegisterColumns.shape)
            let row = damaged.row(named: [0x72].span)
            let cut = Array(record[..<length])
            let isRead = try damaged.absorb(cut.span, into: row, ids)
            #expect(!isRead, "cut to \(length) bytes")
        }
    }

    @Test("know the event that set them, and the rule")
    func stamps() throws {
        var chance = SeededChance(seed: 5)
        for _ in 0..<50 {
            let facts = RegisterFact.some(9, &chance).shuffled(using: &chance)
            let ids = ArrivalIDs(facts)
            let fold = try Self.foldInParts(facts, Array(facts.indices), ids, &chance)
            let sorted = facts.sorted(by: RegisterFact.precedes)
            let numbers = facts.map(\.number)
            let wanted = [
                "latest": sorted.last, "first": sorted.first,
                "max": sorted.first { $0.number == numbers.max() },
                "min": sorted.first { $0.number == numbers.min() },
            ]
            for (place, column) in RegisterColumns.all.enumerated() {
                guard let fact = wanted[column.name] else { continue }
                let found = fold.stamp(0, place)
                let stamp = try #require(found)
                #expect(facts[Int(stamp.sequence)].id == fact?.id, "\(column.name)")
                #expect(stamp.rule == fact?.rule)
                #expect(stamp.at == fact?.at)
            }
        }
    }

    @Test("that hold one value or a set take what they know without a change")
    func idempotent() throws {
        var chance = SeededChance(seed: 7)
        for _ in 0..<50 {
            let facts = RegisterFact.some(9, &chance)
            let ids = ArrivalIDs(facts)
            var fold = try Self.fold(facts, Array(facts.indices), ids)
            let same = try Self.fold(facts, Array(facts.indices), ids)
            try fold.merge(same, ids)
            for (place, column) in RegisterColumns.all.enumerated() {
                // These count on the log: a view takes each event once, with its position.
                if [.sum, .count, .balance, .window, .quantiles].contains(column.keep),
                    column.by == nil
                {
                    continue
                }
                let (value, before) = (fold.value(0, place), same.value(0, place))
                #expect(value == before, "\(column.name)")
            }
        }
    }

    // MARK: - Single registers

    private static func stamp(_ at: Int64, _ rule: Int, _ sequence: UInt64) -> Stamp {
        Stamp(at: at, rule: rule, sequence: sequence)
    }

    private struct IDs: EventIDs {
        let ids: [String]
        func id(of sequence: UInt64) -> [UInt8] { Array(ids[Int(sequence)].utf8) }
    }

    private struct NoIDs: EventIDs, Error {
        func id(of sequence: UInt64) throws -> [UInt8] { throw self }
    }

    @Test("order stamps by time, then rule, then id in byte order")
    func order() throws {
        let ids = IDs(ids: ["b", "a", "B", "ba", "é", "z"])
        func isAfter(_ a: Stamp, _ b: Stamp) throws -> Bool? { try a.isAfter(b, ids) }
        #expect(try isAfter(Self.stamp(2, 0, 1), Self.stamp(1, 9, 0)) == true)
        #expect(try isAfter(Self.stamp(1, 0, 0), Self.stamp(1, 1, 1)) == false)
        #expect(try isAfter(Self.stamp(1, 1, 0), Self.stamp(1, 1, 1)) == true)
        #expect(try isAfter(Self.stamp(1, 1, 2), Self.stamp(1, 1, 1)) == false)
        #expect(try isAfter(Self.stamp(1, 1, 3), Self.stamp(1, 1, 0)) == true)
        #expect(try isAfter(Self.stamp(1, 1, 4), Self.stamp(1, 1, 5)) == true)
        #expect(try isAfter(Self.stamp(1, 1, 4), Self.stamp(1, 1, 4)) == nil)
        // Ids are read only where nothing else decides.
        let decided = try Self.stamp(1, 1, 4).isAfter(Self.stamp(1, 2, 5), NoIDs())
        #expect(decided == false)
        #expect(throws: NoIDs.self) {
            try Self.stamp(1, 1, 4).isAfter(Self.stamp(1, 1, 5), NoIDs())
        }
    }

    @Test("keep the least thousand members of a set, in whatever order they come")
    func cutSet() throws {
        var chance = SeededChance(seed: 3)
        let values = (0..<1500).map { ColumnValue.text("value \($0 + 1000)") }
        let ids = NoIDs()
        func set(_ values: some Sequence<ColumnValue>) throws -> All {
            var set = All()
            for (place, value) in values.enumerated() {
                try set.add(value, Self.stamp(1, place % 9, 0), ids)
            }
            return set
        }
        let whole = try set(values)
        #expect(whole.members.count == All.limit)
        #expect(whole.isCut)
        #expect(whole.members.map(\.value) == Array(values.prefix(All.limit)))
        let shuffled = values.shuffled(using: &chance)
        #expect(try set(shuffled) == whole)
        var merged = try set(shuffled[..<700])
        #expect(!merged.isCut)
        try merged.merge(try set(shuffled[600...]), ids)
        #expect(merged == whole)
    }

    @Test("keep the least ten thousand sub-keys, in whatever order they come")
    func cutSubkeys() throws {
        var chance = SeededChance(seed: 4)
        let keys = (0..<10_100).map { "key \($0 + 10_000)" }
        func keyed(_ keys: some Sequence<String>) -> Keyed {
            var keyed = Keyed()
            for key in keys { keyed.put(key, .integer(1), Self.stamp(1, 0, 0)) { _, _ in true } }
            return keyed
        }
        let whole = keyed(keys)
        #expect(whole.members.map(\.key) == Array(keys.prefix(Keyed.limit)))
        #expect(whole.isCut)
        let shuffled = keys.shuffled(using: &chance)
        var merged = keyed(shuffled[5000...])
        merged.merge(keyed(shuffled[..<6000])) { _, _ in true }
        #expect(merged == whole)
    }

    @Test("add up changes of one event at one moment, and forget those before a count")
    func balance() throws {
        let ids = IDs(ids: ["a", "b", "c", "d"])
        var balance = Balance()
        balance.change(by: 5, Self.stamp(10, 0, 0))
        balance.change(by: 6, Self.stamp(10, 0, 0))
        balance.change(by: -1, Self.stamp(30, 0, 1))
        #expect(balance.total == 10)
        try balance.count(100, Self.stamp(20, 0, 2), ids)
        #expect(balance.total == 99)
        #expect(balance.changes.count == 1)
        balance.change(by: 7, Self.stamp(20, 5, 3))
        #expect(balance.total == 99)
        // An older count says nothing.
        try balance.count(7, Self.stamp(19, 9, 3), ids)
        #expect(balance.total == 99)
        #expect(balance.last == Self.stamp(30, 0, 1))
    }

    @Test(
        "count in buckets that begin at 1970, before it too",
        arguments: [
            (0, 0), (59_999_999, 0), (60_000_000, 60_000_000), (-1, -60_000_000),
            (-60_000_000, -60_000_000), (-60_000_001, -120_000_000),
        ] as [(Int64, Int64)]
    )
    func buckets(at: Int64, start: Int64) {
        var window = Window()
        window.add(width: 60_000_000, Self.stamp(at, 0, 0))
        #expect(window.buckets.map(\.start) == [start])
        #expect(window.count(at: start) == 1)
        #expect(window.count(at: start + 59_999_999) == 1)
        #expect(window.count(at: start - 1) == 0)
        #expect(window.count(at: start + 60_000_000) == 0)
    }

    @Test("tell the first of the fullest buckets, and how many reached a share")
    func peaks() {
        var window = Window()
        for (at, count) in [(3, 2), (1, 4), (2, 4), (0, 1)] as [(Int64, Int)] {
            for _ in 0..<count { window.add(width: 1_000_000, Self.stamp(at * 1_000_000, 0, 0)) }
        }
        #expect(window.peak?.start == 1_000_000)
        #expect(window.peak?.count == 4)
        #expect(window.reached(percent: 80, of: 5) == 2)
        #expect(window.reached(percent: 81, of: 5) == 0)
        #expect(window.reached(percent: 80, of: 2) == 3)
        #expect(Window().peak == nil)
        #expect(Window().count(at: 5) == 0)
    }

    @Test("never mix currencies, and hold sums that no one event can say")
    func sums() {
        var sum = Sum()
        sum.add(Int128(Int64.max), RegisterFact.euro, Self.stamp(1, 0, 0))
        sum.add(Int128(Int64.max), RegisterFact.euro, Self.stamp(1, 0, 1))
        sum.add(7, RegisterFact.yen, Self.stamp(1, 0, 2))
        var other = Sum()
        other.add(-7, RegisterFact.yen, Self.stamp(2, 0, 3))
        other.merge(sum)
        #expect(other.totals.map(\.amount) == [Int128(Int64.max) * 2, 0])
        #expect(other.last == Self.stamp(2, 0, 3))
    }
}
