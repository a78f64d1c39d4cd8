package import Bytes

/// A stretch of time cut into equal buckets, aligned to 1970-01-01T00:00:00Z.
package struct TimeBuckets: Hashable, Sendable {
    /// Where the first begins, in microseconds since 1970.
    package let start: Int64
    /// Microseconds of each.
    package let width: Int64
    /// How many there are.
    package let count: Int

    /// The most buckets of a chart: a column of each is still seen.
    private static let limit: Int64 = 72
    /// Widths that people count in, in seconds.
    private static let widths: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
        86_400, 604_800, 2_592_000, 31_536_000, 315_360_000,
    ]

    /// Covers a stretch with the narrowest buckets of which there are not too many.
    package init(from: Timestamp, to: Timestamp) {
        let (first, end) = (from.microseconds, max(to.microseconds, from.microseconds + 1))
        let fitting = Self.widths.map { $0 * 1_000_000 }.first { width in
            Self.floor(end - 1, width) - Self.floor(first, width) < Self.limit
        }
        let width = fitting ?? (end - first) / Self.limit + 1
        self.width = width
        start = Self.floor(first, width) * width
        count = Int(Self.floor(end - 1, width) - Self.floor(first, width)) + 1
    }

    /// The bucket that a moment is in; `nil` outside.
    package func index(of time: Timestamp) -> Int? {
        let place = Self.floor(time.microseconds - start, width)
        return place >= 0 && place < Int64(count) ? Int(place) : nil
    }

    /// Where a bucket begins.
    package func time(_ index: Int) -> Timestamp {
        Timestamp(microseconds: start + Int64(index) * width)
    }

    /// The first moment after the last.
    package var end: Timestamp { time(count) }

    /// The width in words: `1 min`.
    package var widthText: String { DurationText.of(microseconds: width) }

    private static func floor(_ value: Int64, _ width: Int64) -> Int64 {
        value % width < 0 ? value / width - 1 : value / width
    }
}
