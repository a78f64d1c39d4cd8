/// When the log is anchored next: every so often, and after a failure sooner, then later and later.
///
/// Times are monotonic nanoseconds that the caller gives.
package struct AnchorSchedule: Hashable, Sendable {
    /// Nanoseconds to the first try after a failure; each further failure doubles it, up to the
    /// interval itself.
    package static let firstRetry: UInt64 = 30_000_000_000

    private let interval: UInt64
    private var failures: UInt64 = 0
    /// When it is next due.
    package private(set) var due: UInt64

    /// Begins at `now`; the last anchor was made `age` nanoseconds ago, if ever.
    package init(seconds: UInt64, age: UInt64?, at now: UInt64) {
        let interval = seconds * 1_000_000_000
        self.interval = interval
        let wait = age.map { interval - min($0, interval) } ?? 0
        due = now + wait
    }

    /// Takes note of how a round ended.
    package mutating func ended(well: Bool, at now: UInt64) {
        failures = well ? 0 : failures + 1
        guard failures > 0 else {
            due = now + interval
            return
        }
        let wait = Self.firstRetry << min(failures - 1, 20)
        due = now + min(interval, wait)
    }
}
