internal import Bytes
internal import Ledger

extension IncidentDocument {
    /// The four drawings of the time around the incident.
    var charts: [ReportChart] { [rates, errors, latencies, delays] }

    private var perBucket: String { "each \(figures.buckets.widthText)" }

    private func chart(
        _ id: String,
        _ title: String,
        _ unit: String,
        _ form: ReportChart.Form,
        _ series: [ReportChart.Series],
        empty: String
    ) -> ReportChart {
        ReportChart(
            id: id,
            title: title,
            unit: unit,
            form: form,
            buckets: figures.buckets,
            series: series,
            stretch: figures.stretch,
            mark: report.firstFailure.map { ($0.recorded, "first failure") },
            empty: empty
        )
    }

    private var rates: ReportChart {
        let series = Kind.allCases.compactMap { kind -> ReportChart.Series? in
            guard let values = figures.kinds[kind] else { return nil }
            let sum = values.reduce(0, +)
            return .init(name: kind.rawValue, values: values, remark: ReportNumber.grouped(sum))
        }
        return chart(
            "rates",
            "Events by kind",
            "events \(perBucket)",
            .columns,
            series,
            empty: "No events."
        )
    }

    private var errors: ReportChart {
        var named: [String: [Int64]] = [:]
        for (name, values) in figures.errors {
            let shown = mask.name(name)
            named[shown] = named[shown].map { zip($0, values).map(+) } ?? values
        }
        return chart(
            "errors",
            "Failures by source and service",
            "failed or rejected \(perBucket)",
            .columns,
            ReportChart.largest(named),
            empty: "Nothing failed and nothing was rejected."
        )
    }

    private var latencies: ReportChart {
        lines(
            "latency",
            "How long calls took",
            figures.durations,
            [(50, "half of them at most (p50)"), (95, "95 of 100 at most (p95)")],
            empty: "No call says how long it took."
        )
    }

    private var delays: ReportChart {
        lines(
            "delay",
            "Delay of webhooks",
            figures.delays,
            [(50, "half of them at most (p50)"), (100, "the worst")],
            empty: "No webhook says when it occurred."
        )
    }

    private func lines(
        _ id: String,
        _ title: String,
        _ values: [[Int64]],
        _ percents: [(percent: Int, name: String)],
        empty: String
    ) -> ReportChart {
        let own = figures.ownBuckets.flatMap { values[$0] }
        let series = percents.map { percent, name in
            let whole = IncidentFigures.percentile(percent, of: own)
            return ReportChart.Series(
                name: name,
                values: values.map { IncidentFigures.percentile(percent, of: $0) },
                remark: whole.map { DurationText.of(microseconds: $0) + " in the incident" } ?? ""
            )
        }
        return chart(id, title, perBucket, .lines, series, empty: empty)
    }

    /// The figures of a drawing, for who cannot see it or wants to count again.
    func figuresTable(_ chart: ReportChart) -> ReportTable {
        var table = ReportTable(
            columns: [.narrow("\(chart.title), from")]
                + chart.series.map { series in
                    .init(
                        title: series.name,
                        isNumber: true,
                        isNarrow: true,
                        isSaid: series.isSaid
                    )
                },
            empty: chart.empty
        )
        for bucket in 0..<chart.buckets.count
        where chart.series.contains(where: { $0.values[bucket] ?? 0 > 0 }) {
            let cells = chart.series.map { series -> [ReportText] in
                series.values[bucket].map { [.plain(chart.text($0))] } ?? [.faint("–")]
            }
            table.rows.append(.init(cells: [[.plain(chart.buckets.time(bucket).short)]] + cells))
        }
        return table
    }
}
