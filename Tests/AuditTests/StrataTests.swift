import Audit
import Bytes
import DaybookTesting
import Testing

@Suite("Strata and lots")
struct StrataTests {
    @Test("shares sum up, are a quota's floor or one more, and go to the largest fractions first")
    func shares() {
        var chance = SeededChance(seed: 11)
        for _ in 0..<500 {
            let sizes = (0..<Int.random(in: 1...9, using: &chance)).map { _ in
                Int.random(in: 0...400, using: &chance)
            }
            let total = sizes.reduce(0, +)
            let count = Int.random(in: 1...450, using: &chance)
            let shares = Strata.shares(of: count, among: sizes)
            #expect(shares.reduce(0, +) == min(count, total))
            guard total > count else {
                #expect(shares == sizes)
                continue
            }
            var rounded: [(Int, Int)] = []
            for (size, share) in zip(sizes, shares) {
                let (floor, rest) = (count * size).quotientAndRemainder(dividingBy: total)
                #expect(share == floor || share == floor + 1 && rest > 0)
                #expect(share <= size)
                rounded.append((rest, share - floor))
            }
            let least = rounded.filter { $0.1 == 1 }.map(\.0).min() ?? 0
            let greatest = rounded.filter { $0.1 == 0 }.map(\.0).max() ?? 0
            #expect(least >= greatest || !rounded.contains { $0.1 == 1 })
        }
    }

    @Test("known shares by the largest remainder")
    func knownShares() {
        #expect(Strata.shares(of: 25, among: [50, 30, 20]) == [13, 7, 5])
        #expect(Strata.shares(of: 10, among: [1, 1, 1]) == [1, 1, 1])
        #expect(Strata.shares(of: 2, among: [1, 1, 1]) == [1, 1, 0])
        #expect(Strata.shares(of: 1, among: [0, 5]) == [0, 1])
        #expect(Strata.shares(of: 3, among: []) == [])
    }

    @Test("bands follow one another, have no gaps and differ by one at most")
    func bands() {
        for count in 0...60 {
            for number in 1...12 {
                let bands = Strata.bands(of: count, number)
                #expect(bands.flatMap { Array($0) } == Array(0..<count))
                #expect(bands.count == min(count, number))
                let sizes = bands.map(\.count)
                #expect((sizes.max() ?? 0) - (sizes.min() ?? 0) <= 1)
            }
        }
    }

    @Test("a lot is SHA-256 of seed, zero byte and big-endian sequence")
    func knownLots() {
        // Worked out by Python's hashlib.
        let lot = Lot(seed: "FY26-Q3", sequence: 1001)
        #expect(
            "\(lot.hash)" == "5dab1e65e378e373340d1102fa284ae85feefdf61e05a2677c4f51deb2bedf80"
        )
        #expect(Lot(seed: "a", sequence: 1) != Lot(seed: "a", sequence: 256))
    }

    @Test("the smallest lots are those that sorting gives, whatever the order of arrival")
    func smallest() {
        var chance = SeededChance(seed: 3)
        for limit in [0, 1, 2, 7, 50, 200] {
            let lots = (0..<UInt64(150)).map { Lot(seed: "s\(limit)", sequence: $0) }
            var smallest = SmallestLots(limit)
            for lot in lots.shuffled(using: &chance) { smallest.add(lot) }
            let byText = lots.sorted { "\($0.hash)" < "\($1.hash)" }.prefix(limit)
            #expect(smallest.winners() == Array(byText))
        }
    }
}
