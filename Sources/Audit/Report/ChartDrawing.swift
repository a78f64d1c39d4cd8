internal import Bytes

/// Draws a chart as SVG that takes its colours from the page.
///
/// All places are whole tenths of a pixel.
struct ChartDrawing {
    private static let width: Int64 = 5600
    private static let height: Int64 = 2100
    private static let left: Int64 = 560
    private static let right: Int64 = 100
    private static let top: Int64 = 120
    private static let bottom: Int64 = 300

    private let chart: ReportChart
    private let axis: ChartAxis
    private var svg = ""

    private var plotWidth: Int64 { Self.width - Self.left - Self.right }
    private var plotHeight: Int64 { Self.height - Self.top - Self.bottom }
    private var baseline: Int64 { Self.height - Self.bottom }

    /// The drawing as text of an `svg` element.
    static func svg(_ chart: ReportChart) -> String {
        var drawing = ChartDrawing(chart)
        drawing.draw()
        return drawing.svg
    }

    private init(_ chart: ReportChart) {
        self.chart = chart
        switch chart.form {
        case .columns: axis = ChartAxis(counts: max(1, chart.greatest))
        case .lines:
            let values = chart.series.flatMap(\.values).compactMap { $0 }
            axis = ChartAxis(durations: (values.min() ?? 0)...max(1, values.max() ?? 1))
        }
    }

    private mutating func draw() {
        let size = "\(Self.width / 10) \(Self.height / 10)"
        svg += "<svg viewBox=\"0 0 \(size)\" role=\"img\" "
        svg += "aria-labelledby=\"\(chart.id)-t \(chart.id)-d\">"
        svg += "<title id=\"\(chart.id)-t\">\(HTMLText.escape(chart.title))</title>"
        svg += "<desc id=\"\(chart.id)-d\">\(HTMLText.escape(description))</desc>"
        drawStretch()
        drawGrid()
        switch chart.form {
        case .columns: drawColumns()
        case .lines: drawLines()
        }
        drawTimes()
        drawMark()
        svg += "</svg>"
    }

    /// What somebody is told who cannot see it.
    private var description: String {
        let series = chart.series.map { "\($0.name) \($0.remark)" }.joined(separator: ", ")
        return "\(chart.unit), from \(chart.buckets.time(0).short) to \(chart.buckets.end.short): "
            + "\(series). At most \(chart.text(chart.greatest))."
    }

    // MARK: - Parts

    private mutating func drawStretch() {
        let (from, to) = (x(chart.stretch.lowerBound), x(chart.stretch.upperBound))
        svg += "<rect class=\"stretch\" x=\"\(px(from))\" y=\"\(px(Self.top))\" "
        svg += "width=\"\(px(to - from))\" height=\"\(px(plotHeight))\"/>"
        for place in [from, to] {
            svg += "<path class=\"edge\" d=\"M\(px(place)) \(px(Self.top))V\(px(baseline))\"/>"
        }
    }

    private mutating func drawGrid() {
        for tick in axis.ticks {
            let y = baseline - axis.height(of: tick, within: plotHeight)
            let kind = tick == axis.ticks[0] ? "base" : "grid"
            svg += "<path class=\"\(kind)\" d=\"M\(px(Self.left)) \(px(y))"
            svg += "H\(px(Self.width - Self.right))\"/>"
            svg += "<text class=\"y\" x=\"\(px(Self.left - 70))\" y=\"\(px(y + 38))\">"
            svg += "\(chart.text(tick))</text>"
        }
    }

    private mutating func drawColumns() {
        var floors = [Int64](repeating: 0, count: chart.buckets.count)
        for (place, series) in chart.series.enumerated() {
            var path = ""
            for (bucket, value) in series.values.enumerated() {
                guard let value, value > 0 else { continue }
                let (start, end) = (edge(bucket), edge(bucket + 1))
                let gap: Int64 = end - start > 60 ? 10 : 0
                let low = baseline - axis.height(of: floors[bucket], within: plotHeight)
                floors[bucket] += value
                let high = baseline - axis.height(of: floors[bucket], within: plotHeight)
                path += "M\(px(start)) \(px(low))V\(px(high))H\(px(end - gap))V\(px(low))Z"
            }
            if !path.isEmpty { svg += "<path class=\"c\(place + 1)\" d=\"\(path)\"/>" }
        }
    }

    private mutating func drawLines() {
        for (place, series) in chart.series.enumerated() {
            var path = ""
            var dots = ""
            var isDown = false
            for (bucket, value) in series.values.enumerated() {
                guard let value else {
                    isDown = false
                    continue
                }
                let x = (edge(bucket) + edge(bucket + 1)) / 2
                let y = baseline - axis.height(of: value, within: plotHeight)
                path += "\(isDown ? "L" : "M")\(px(x)) \(px(y))"
                dots += "M\(px(x)) \(px(y))h0"
                isDown = true
            }
            guard !path.isEmpty else { continue }
            svg += "<path class=\"l\(place + 1)\" d=\"\(path)\"/>"
            svg += "<path class=\"d\(place + 1)\" d=\"\(dots)\"/>"
        }
    }

    private mutating func drawTimes() {
        let span = chart.buckets.end.microseconds - chart.buckets.start
        let step = Self.tickWidths.map { $0 * 1_000_000 }.first { span / $0 <= 7 } ?? span
        var tick = (chart.buckets.start + step - 1) / step * step
        while tick <= chart.buckets.end.microseconds {
            let place = x(tick)
            svg += "<path class=\"tick\" d=\"M\(px(place)) \(px(baseline))v4\"/>"
            // The last label would leave the drawing.
            if place <= Self.width - Self.right - 120 {
                svg += "<text class=\"x\" x=\"\(px(place))\" y=\"\(px(baseline + 150))\">"
                svg += "\(Self.label(Timestamp(microseconds: tick), step: step))</text>"
            }
            tick += step
        }
        svg += "<text class=\"y\" x=\"\(px(Self.width - Self.right))\" "
        svg += "y=\"\(px(baseline + 270))\">UTC</text>"
    }

    private static let tickWidths: [Int64] = [
        1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200, 10_800, 21_600, 43_200,
        86_400, 172_800, 604_800, 1_209_600, 2_592_000, 7_776_000, 31_536_000, 315_360_000,
    ]

    private static func label(_ time: Timestamp, step: Int64) -> String {
        let text = time.rfc3339
        if step >= 86_400_000_000 { return String(text.prefix(10)) }
        return String(text.dropFirst(11).prefix(step < 60_000_000 ? 8 : 5))
    }

    private mutating func drawMark() {
        guard let mark = chart.mark, chart.buckets.index(of: mark.time) != nil else { return }
        let place = x(mark.time.microseconds)
        svg += "<path class=\"mark\" d=\"M\(px(place)) \(px(Self.top))V\(px(baseline))\"/>"
        svg += "<path class=\"flag\" d=\"M\(px(place - 45)) \(px(Self.top - 90))h9l-4.5 9z\"/>"
    }

    // MARK: - Places

    private func x(_ microseconds: Int64) -> Int64 {
        let span = chart.buckets.end.microseconds - chart.buckets.start
        let inside = min(max(microseconds - chart.buckets.start, 0), span)
        return Self.left + Int64(Int128(inside) * Int128(plotWidth) / Int128(max(span, 1)))
    }

    private func edge(_ bucket: Int) -> Int64 {
        Self.left + Int64(bucket) * plotWidth / Int64(chart.buckets.count)
    }

    /// Tenths of a pixel as a number of SVG.
    private func px(_ tenths: Int64) -> String {
        tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
    }
}
