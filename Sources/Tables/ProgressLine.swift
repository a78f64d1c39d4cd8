/// How far long work has come, in one line that is written over and over.
package struct ProgressLine: Sendable {
    /// What to write before each line so that it replaces the one before (ECMA-48 EL).
    package static let erase = "\r\u{1B}[K"

    private let task: String
    private let unit: String
    private let total: UInt64?
    private let width: Int
    private var lastDone: UInt64 = 0
    private var lastElapsed: UInt64 = 0
    /// Smoothed, in units a second; `nil` until something was done in some time.
    private var rate: Double?

    /// Begins a line such as `verify  1,234 of 5,000 events …`, `width` columns at most.
    ///
    /// Without a `total` there is no percentage and no time left.
    package init(task: String, unit: String, total: UInt64?, width: Int) {
        self.task = TerminalText.harmless(task)
        self.unit = TerminalText.harmless(unit)
        self.total = total
        self.width = width
    }

    /// Takes in how much is done after how many nanoseconds, both from the start, and says so.
    ///
    /// Where there is no room for all, the rate goes first, then the counts, then all but the
    /// percentage.
    package mutating func update(done: UInt64, elapsed: UInt64) -> String {
        measure(done, elapsed)
        let percent = total.map { "\(Self.percent(done, of: $0)) %" }
        let counts = Readable.grouped(done) + (total.map { " of " + Readable.grouped($0) } ?? "")
        let left = timeLeft(done).map { "\($0) left" }
        let attempts = [
            [task, "\(counts) \(unit)", percent, rateText, left],
            [task, "\(counts) \(unit)", percent, left],
            [task, percent ?? Readable.grouped(done), left],
            [task, percent ?? Readable.grouped(done)],
        ]
        let lines = attempts.map { $0.compactMap(\.self).joined(separator: "  ") }
        let last = percent ?? Readable.grouped(done)
        return lines.first { TerminalText.width($0) <= width }
            ?? TerminalText.shortened(last, to: width)
    }

    /// Averages the rate over the last few seconds: old enough not to flicker, new enough to tell.
    private mutating func measure(_ done: UInt64, _ elapsed: UInt64) {
        guard elapsed > lastElapsed, done >= lastDone else { return }
        let seconds = Double(elapsed - lastElapsed) / 1e9
        // A clock that stands still must not make figures that no integer holds.
        let now = min(Double(done - lastDone) / seconds, 1e18)
        let smoothing = 3.0
        let before = rate ?? now
        rate = before + (now - before) * seconds / (seconds + smoothing)
        lastDone = done
        lastElapsed = elapsed
    }

    /// Rounded to three digits, which is as much as can be read while it changes.
    private var rateText: String? {
        guard let rate, rate >= 0.05 else { return nil }
        if rate < 9.95 {
            let tenths = Int(rate * 10 + 0.5)
            return "\(tenths / 10).\(tenths % 10)/s"
        }
        var scale: UInt64 = 1
        while rate / Double(scale) >= 1000 { scale *= 10 }
        return Readable.grouped(UInt64(rate / Double(scale) + 0.5) * scale) + "/s"
    }

    /// Rounded up, as nobody minds being early.
    private func timeLeft(_ done: UInt64) -> String? {
        guard let rate, let total, done < total, rate > 0 else { return nil }
        let seconds = Double(total - done) / rate
        // Beyond a year the estimate says only that the work has stalled.
        guard seconds < 366 * 86400 else { return nil }
        let whole = UInt64(seconds)
        return Readable.span(seconds: Double(whole) < seconds ? whole + 1 : whole)
    }

    /// Rounded down, so that 100 means done.
    private static func percent(_ done: UInt64, of total: UInt64) -> UInt64 {
        guard done < total else { return 100 }
        return total.dividingFullWidth(done.multipliedFullWidth(by: 100)).quotient
    }
}
