package import Projections

/// How a population is cut into strata, and a sample into shares of them.
package enum Strata {
    /// Shares of `count` in proportion to the strata's sizes, by the largest remainder (Hamilton):
    /// each gets the whole part of its quota, and what is left goes to the largest fractions, of
    /// equal ones to the earlier stratum.
    ///
    /// They sum up to `count`, or to all there is if that is less.
    package static func shares(of count: Int, among sizes: [Int]) -> [Int] {
        let total = sizes.reduce(0, +)
        guard total > count else { return sizes }
        // A sample of a million from 10^12 events still fits.
        var shares = sizes.map { count * $0 / total }
        let left = count - shares.reduce(0, +)
        let order = sizes.indices.sorted { a, b in
            let (x, y) = (count * sizes[a] % total, count * sizes[b] % total)
            return x == y ? a < b : x > y
        }
        for index in order.prefix(left) { shares[index] += 1 }
        return shares
    }

    /// Cuts the ranks `0..<count` into `bands` bands whose sizes differ by one at most; empty ones
    /// are left out.
    package static func bands(of count: Int, _ bands: Int) -> [Range<Int>] {
        (0..<bands).map { band in count * band / bands..<count * (band + 1) / bands }
            .filter { !$0.isEmpty }
    }
}

/// Part of a population that gets its share of a sample.
package struct Stratum: Sendable {
    /// `EUR 2` for the second band of the amounts in EUR, the least first; `no amount`; `all` where
    /// there are no strata.
    package let name: String
    /// How many events are in it.
    package let size: Int
    /// How many of them are drawn.
    package let share: Int
    /// The currency of its amounts, and the least and the greatest in the minor unit.
    package let amounts: (currency: Currency, range: ClosedRange<Int64>)?
}
