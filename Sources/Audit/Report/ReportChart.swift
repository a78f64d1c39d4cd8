internal import Bytes

/// A chart over time: counts stacked as columns, or lengths of time as lines.
struct ReportChart {
    /// One of several rows of values, a value a bucket; `nil` where there is none.
    struct Series {
        let name: String
        let values: [Int64?]
        /// What the legend says of it, such as its sum.
        var remark = ""
        /// Whether the name is what events say.
        var isSaid = false
    }

    enum Form {
        /// Counts, one upon the other.
        case columns
        /// Microseconds, on an axis whose steps are ten times, a minute, an hour, a day.
        case lines
    }

    let id: String
    let title: String
    /// What is counted, in which unit.
    let unit: String
    let form: Form
    let buckets: TimeBuckets
    /// The first is at the bottom.
    var series: [Series]
    /// The stretch that the report is about.
    let stretch: Range<Int64>
    /// A moment that is marked, with what it is.
    var mark: (time: Timestamp, name: String)?
    /// What is said if there is nothing to show.
    let empty: String

    /// Series that can be told apart by their colours.
    static let seriesLimit = 6

    var isEmpty: Bool { !series.contains { $0.values.contains { $0 ?? 0 > 0 } } }

    /// The greatest value, or column.
    var greatest: Int64 {
        switch form {
        case .columns:
            (0..<buckets.count).map { bucket in
                series.reduce(0) { $0 + ($1.values[bucket] ?? 0) }
            }.max() ?? 0
        case .lines: series.flatMap(\.values).compactMap { $0 }.max() ?? 0
        }
    }

    /// The largest series, the others together as the last one.
    static func largest(_ values: [String: [Int64]]) -> [Series] {
        var sums: [(name: String, sum: Int64)] = []
        for (name, values) in values { sums.append((name, values.reduce(0, +))) }
        sums.sort { ($1.sum, $0.name) < ($0.sum, $1.name) }
        let shown = sums.count > seriesLimit ? sums.prefix(seriesLimit - 1) : sums[...]
        var series = shown.map { entry in
            Series(
                name: entry.name,
                values: values[entry.name] ?? [],
                remark: ReportNumber.grouped(entry.sum),
                isSaid: true
            )
        }
        let others = sums.dropFirst(shown.count)
        guard let first = others.first.flatMap({ values[$0.name] }) else { return series }
        var rest = [Int64](repeating: 0, count: first.count)
        for entry in others {
            for (place, value) in (values[entry.name] ?? []).enumerated() { rest[place] += value }
        }
        let sum = others.reduce(0) { $0 + $1.sum }
        series.append(
            Series(
                name: "\(others.count) others",
                values: rest,
                remark: ReportNumber.grouped(sum)
            )
        )
        return series
    }

    /// A value as it is said: a count, or a length of time.
    func text(_ value: Int64) -> String {
        switch form {
        case .columns: ReportNumber.grouped(value)
        case .lines: DurationText.of(microseconds: value)
        }
    }
}

/// The vertical axis of a chart: whole numbers only, so that every machine draws the same.
struct ChartAxis {
    /// Values that have a line, from the bottom up; the first is at 0, the last at the top.
    let ticks: [Int64]
    /// Whether all steps are as high as each other whatever they are worth.
    private let isLadder: Bool

    /// Lengths of time in microseconds; from one to the next is one step.
    private static let ladder: [Int64] = [
        0, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 60_000_000, 600_000_000, 3_600_000_000,
        21_600_000_000, 86_400_000_000, 604_800_000_000, 2_592_000_000_000, 31_536_000_000_000,
        315_360_000_000_000, 31_536_000_000_000_000,
    ]

    /// Whole steps of 1, 2 or 5 and zeros, at most five.
    init(counts greatest: Int64) {
        var step: Int64 = 1
        var factors: [Int64] = [2, 5, 10]
        var power: Int64 = 1
        while greatest > step * 5, power < 1 << 56 {
            step = power * factors.removeFirst()
            if factors.isEmpty {
                factors = [2, 5, 10]
                power *= 10
            }
        }
        let steps = max(1, (greatest + step - 1) / step)
        ticks = (0...steps).map { $0 * step }
        isLadder = false
    }

    /// Steps that a length of time is read by, from those below the least to above the greatest.
    init(durations: ClosedRange<Int64>) {
        let first = Self.ladder.lastIndex { $0 <= durations.lowerBound } ?? 0
        let last = Self.ladder.firstIndex { $0 >= durations.upperBound } ?? Self.ladder.count - 1
        ticks = Array(Self.ladder[first...max(last, first + 1)])
        isLadder = true
    }

    /// How high a value stands, of `height`.
    func height(of value: Int64, within height: Int64) -> Int64 {
        let (low, high) = (ticks[0], ticks[ticks.count - 1])
        let value = min(max(value, low), high)
        guard isLadder else { return Self.part(value - low, of: high - low, height) }
        let step = ticks.dropLast().lastIndex { $0 <= value } ?? 0
        let steps = Int64(ticks.count - 1)
        let within = Self.part(value - ticks[step], of: ticks[step + 1] - ticks[step], height)
        return (Int64(step) * height + within) / steps
    }

    private static func part(_ value: Int64, of whole: Int64, _ height: Int64) -> Int64 {
        Int64(Int128(value) * Int128(height) / Int128(max(whole, 1)))
    }
}
