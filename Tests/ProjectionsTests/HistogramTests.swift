import DaybookTesting
import Testing

@testable import Projections

@Suite("Histograms")
struct HistogramTests {
    private static func stamp(_ at: Int64) -> Stamp { Stamp(at: at, rule: 0, sequence: 1) }

    private static func histogram(_ values: [Int64]) -> Histogram {
        values.reduce(into: Histogram(slice: 0)) { $0.add($1, stamp(0)) }
    }

    @Test(
        "tell every integer to a 64th of it, and those below 64 exactly",
        arguments: [
            0, 1, 63, 64, 65, 66, 127, 128, 129, 999, 1000, 1001, 65_535, 65_536, 1 << 40,
            (1 << 40) + 12345, .max, -1, -63, -64, -1000, .min,
        ] as [Int64]
    )
    func edges(value: Int64) {
        let middle = Histogram.middle(of: Histogram.bucket(of: value))
        let distance = (middle - Int128(value)).magnitude
        #expect(distance * 64 <= UInt128(value.magnitude))
        if value.magnitude < 64 { #expect(distance == 0) }
    }

    @Test("keep the order of integers, with no gap and no overlap between buckets")
    func order() {
        var before = Histogram.bucket(of: -5000)
        for value in Int64(-4999)...5000 {
            let bucket = Histogram.bucket(of: value)
            #expect(bucket == before || bucket == before + 1, "\(value)")
            before = bucket
        }
        var chance = SeededChance(seed: 1)
        for _ in 0..<2000 {
            let a = Int64.random(in: .min ... .max, using: &chance) >> Int64.random(in: 0...60)
            let b = Int64.random(in: .min ... .max, using: &chance) >> Int64.random(in: 0...60)
            guard a < b else { continue }
            #expect(Histogram.bucket(of: a) <= Histogram.bucket(of: b))
        }
        #expect(Histogram.bucket(of: .max) == 1887)
        #expect(Histogram.bucket(of: .min) == -1888)
    }

    @Test("tell percentiles by the nearest rank, at most two hundredths off", arguments: 0..<8)
    func percentiles(seed: Int) throws {
        var chance = SeededChance(seed: UInt64(seed))
        let count = Int.random(in: 1...400, using: &chance)
        let values = (0..<count).map { _ in
            // Spread over many powers of two, as durations are.
            Int64.random(in: 0...1_000_000, using: &chance)
                >> Int64.random(in: 0...15, using: &chance)
        }
        let histogram = Self.histogram(values)
        let sorted = values.sorted()
        for percent in [1, 5, 50, 90, 95, 99, 100] {
            let rank = (count * percent + 99) / 100
            let exact = sorted[rank - 1]
            let found = try #require(histogram.percentile(percent, at: 0))
            let distance = (found - Int128(exact)).magnitude
            #expect(distance * 50 <= UInt128(exact.magnitude), "p\(percent) of \(count)")
        }
        #expect(histogram.count(at: .min) == UInt64(count))
    }

    @Test("know nothing of no values, and all of one")
    func few() {
        #expect(Histogram(slice: 0).percentile(50, at: 0) == nil)
        #expect(Histogram(slice: 0).count(at: 0) == 0)
        for percent in [1, 50, 100] {
            #expect(Self.histogram([7]).percentile(percent, at: 0) == 7)
        }
        #expect(Self.histogram([7, 8]).percentile(50, at: 0) == 7)
        #expect(Self.histogram([7, 8]).percentile(51, at: 0) == 8)
    }

    @Test("hold no more buckets than there are sizes of integers")
    func bounded() {
        var histogram = Histogram(slice: 1)
        var chance = SeededChance(seed: 2)
        for at in 0..<20_000 as Range<Int64> {
            let value = Int64.random(in: 0 ... .max, using: &chance) >> Int64.random(in: 0...62)
            histogram.add(value, Self.stamp(at / 100))
        }
        #expect(histogram.buckets.count <= 1888 * Int(Histogram.slices))
        #expect(Set(histogram.buckets.map(\.slice)).count == Int(Histogram.slices))
    }

    @Test("of the last while count the slice of the moment and the eleven before it")
    func slices() {
        var histogram = Histogram(slice: 10)
        for at in [0, 9, 10, 59, 119] as [Int64] { histogram.add(at, Self.stamp(at)) }
        #expect(histogram.count(at: 119) == 5)
        // A moment later the first slice is over.
        #expect(histogram.count(at: 120) == 3)
        #expect(histogram.count(at: 129) == 3)
        #expect(histogram.count(at: 130) == 2)
        #expect(histogram.count(at: 1000) == 0)
        #expect(histogram.percentile(50, at: 1000) == nil)
        // Nothing that came after the moment, but for its own slice.
        #expect(histogram.count(at: 58) == 4)
        #expect(histogram.count(at: -1) == 0)
        #expect(histogram.buckets.count == 5)
    }

    @Test("forget what is too old, and take no more of it")
    func pruning() {
        var histogram = Histogram(slice: 10)
        histogram.add(1, Self.stamp(5))
        histogram.add(2, Self.stamp(124))
        #expect(histogram.buckets.map(\.value) == [2])
        histogram.add(3, Self.stamp(9))
        #expect(histogram.buckets.map(\.value) == [2])
        histogram.add(4, Self.stamp(10))
        #expect(histogram.buckets.map(\.value) == [4, 2])
        histogram.add(5, Self.stamp(10_000))
        #expect(histogram.buckets.map(\.value) == [5])
        #expect(histogram.last == Self.stamp(10_000))
        // Before 1970 too.
        var old = Histogram(slice: 10)
        old.add(1, Self.stamp(-1))
        old.add(2, Self.stamp(-10))
        old.add(3, Self.stamp(-11))
        #expect(old.buckets.map(\.slice) == [-2, -1, -1])
    }

    @Test("merge to the same, whatever the parts and their order", arguments: 0..<12)
    func merging(seed: Int) {
        var chance = SeededChance(seed: UInt64(seed))
        let slice: Int64 = Bool.random(using: &chance) ? 0 : 10
        let facts = (0..<60).map { _ in
            (
                at: Int64.random(in: -50...400, using: &chance),
                value: Int64.random(in: -9...9000, using: &chance)
            )
        }
        var whole = Histogram(slice: slice)
        for fact in facts { whole.add(fact.value, Self.stamp(fact.at)) }
        for _ in 0..<20 {
            var parts = (0..<4).map { _ in Histogram(slice: slice) }
            for fact in facts.shuffled(using: &chance) {
                let place = Int.random(in: parts.indices, using: &chance)
                parts[place].add(fact.value, Self.stamp(fact.at))
            }
            parts.shuffle(using: &chance)
            var merged = Histogram(slice: slice)
            for part in parts { merged.merge(part) }
            #expect(merged == whole)
            #expect(merged.last == whole.last)
            var (left, right) = (parts[0], parts[2])
            left.merge(parts[1])
            right.merge(parts[3])
            right.merge(left)
            #expect(right == whole)
        }
    }
}
