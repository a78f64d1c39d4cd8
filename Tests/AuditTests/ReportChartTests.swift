import Bytes
import DaybookTesting
import Testing

@testable import Audit

@Suite("The charts of a report") struct ReportChartTests {
    private func time(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

    @Test(
        "buckets are the narrowest that people count in, and cover the stretch",
        arguments: [
            ("2026-11-20T09:00:00Z", "2026-11-20T09:01:00Z", "1 s", 60),
            ("2026-11-20T09:00:30Z", "2026-11-20T10:00:30Z", "1 min", 61),
            ("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z", "30 min", 48),
            ("2026-01-01T00:00:00Z", "2026-03-01T00:00:00Z", "1 d", 59),
        ]
    )
    func buckets(from: String, to: String, width: String, count: Int) throws {
        let buckets = try TimeBuckets(from: time(from), to: time(to))
        #expect(buckets.widthText == width)
        #expect(buckets.count == count)
        #expect(try buckets.index(of: time(from)) == 0)
        #expect(
            try buckets.index(of: Timestamp(microseconds: time(to).microseconds - 1)) == count - 1
        )
        #expect(buckets.index(of: buckets.end) == nil)
    }

    @Test("any stretch has some buckets and not too many, and each moment one")
    func anyStretch() {
        var chance = SeededChance(seed: 11)
        for _ in 0..<500 {
            let start = Int64.random(
                in: -1_000_000_000_000_000...2_000_000_000_000_000,
                using: &chance
            )
            let length = Int64(1) << Int64.random(in: 0...55, using: &chance)
            let (from, to) = (
                Timestamp(microseconds: start), Timestamp(microseconds: start + length)
            )
            let buckets = TimeBuckets(from: from, to: to)
            #expect((1...74).contains(buckets.count))
            let inside = Timestamp(
                microseconds: start + Int64.random(in: 0..<length, using: &chance)
            )
            let place = buckets.index(of: inside)
            #expect(place != nil)
            guard let place else { continue }
            #expect(buckets.time(place) <= inside)
            #expect(inside < buckets.time(place + 1))
        }
    }

    @Test(
        "an axis of counts has whole steps and room for the greatest",
        arguments: [
            (1, [0, 1]), (5, [0, 1, 2, 3, 4, 5]), (6, [0, 2, 4, 6]), (11, [0, 5, 10, 15]),
            (100, [0, 20, 40, 60, 80, 100]), (101, [0, 50, 100, 150]),
        ] as [(Int64, [Int64])]
    )
    func counts(greatest: Int64, ticks: [Int64]) {
        let axis = ChartAxis(counts: greatest)
        #expect(axis.ticks == ticks)
        #expect(axis.height(of: 0, within: 1000) == 0)
        #expect(axis.height(of: ticks[ticks.count - 1], within: 1000) == 1000)
    }

    @Test("an axis of durations rises with them, and never leaves the drawing")
    func durations() {
        let axis = ChartAxis(durations: 500...200_000_000)
        #expect(axis.ticks.first == 0)
        #expect(axis.ticks.last == 600_000_000)
        var last: Int64 = -1
        for value in stride(from: Int64(0), through: 700_000_000, by: 1_234_567) {
            let height = axis.height(of: value, within: 1680)
            #expect(height >= last && (0...1680).contains(height))
            last = height
        }
        #expect(ChartAxis(durations: 0...Int64.max).height(of: .max, within: 100) == 100)
    }

    @Test("the largest series are shown, the others together; nothing is lost")
    func largest() {
        var values: [String: [Int64]] = [:]
        for number in 0..<9 { values["s\(number)"] = [Int64(number), 1] }
        let series = ReportChart.largest(values)
        #expect(series.map(\.name) == ["s8", "s7", "s6", "s5", "s4", "4 others"])
        let sums = series.map { $0.values.compactMap { $0 }.reduce(0, +) }
        #expect(sums.reduce(0, +) == 36 + 9)
        #expect(series.last?.values == [0 + 1 + 2 + 3, 4])
    }

    @Test(
        "a percentile is one of the values, by nearest rank",
        arguments: [(50, 5), (95, 10), (90, 9), (100, 10), (1, 1)] as [(Int, Int64)]
    )
    func percentiles(percent: Int, value: Int64) {
        #expect(IncidentFigures.percentile(percent, of: (1...10).reversed()) == value)
        #expect(IncidentFigures.percentile(percent, of: [7]) == 7)
        #expect(IncidentFigures.percentile(percent, of: []) == nil)
    }

    @Test("a drawing stays within its frame, and escapes names")
    func drawing() throws {
        let from = try time("2026-11-20T09:00:00Z")
        let buckets = try TimeBuckets(from: from, to: time("2026-11-20T09:01:00Z"))
        var chance = SeededChance(seed: 2)
        for form in [ReportChart.Form.columns, .lines] {
            let values = (0..<buckets.count).map { place in
                place % 7 == 3 ? nil : Int64.random(in: 0...90_000_000, using: &chance)
            }
            let chart = ReportChart(
                id: "c",
                title: "<b>",
                unit: "each",
                form: form,
                buckets: buckets,
                series: [.init(name: "\"><x", values: values)],
                stretch: from.microseconds..<from.microseconds + 1_000_000,
                mark: (from, "first"),
                empty: ""
            )
            let svg = ChartDrawing.svg(chart)
            #expect(!svg.contains("<b>") && !svg.contains("<x"))
            for word in svg.split(whereSeparator: { !"0123456789.-".contains($0) }) {
                if let number = Double(word) { #expect((-50...2000).contains(number), "\(word)") }
            }
        }
    }

    @Test(
        "a length of time is told in two units at most",
        arguments: [
            (0, "0 ms"), (850_000, "850 ms"), (12_400_000, "12.4 s"), (12_000_000, "12 s"),
            (200_000_000, "3 min 20 s"), (3_600_000_000, "1 h"), (187_200_000_000, "2 d 4 h"),
            (-2_000_000, "−2 s"), (Int64.min, "−106751991 d 4 h"),
        ] as [(Int64, String)]
    )
    func lengths(microseconds: Int64, text: String) {
        #expect(DurationText.of(microseconds: microseconds) == text)
    }
}
