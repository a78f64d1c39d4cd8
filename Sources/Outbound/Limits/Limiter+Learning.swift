package import Bytes

/// What the provider says. It can only lower what is configured, never raise it.
extension Limiter {
    /// Takes what an answer says of its service's limits.
    ///
    /// What remains of a configured window or of the bucket is compared with what is believed; what
    /// remains of others is kept until their reset. A limit that is used up but cannot be counted
    /// blocks until its reset, and an answer that refused the call until the moment it tells.
    package mutating func learn(_ report: LimitReport, at now: Timestamp) {
        pass(to: now)
        if report.isLimited, let retryAt = report.retryAt {
            blockedUntil = max(blockedUntil, retryAt.microseconds)
        }
        // Two limits of one length, such as a tenant's and an app's: one at most is the window.
        var taken: Set<Int> = []
        for state in report.limits {
            if state.isPercentage {
                guard state.isUsedUp, let resets = state.resets else { continue }
                let most = clock + Self.longestBlock.wholeMicroseconds
                blockedUntil = max(blockedUntil, min(resets.microseconds, most))
            } else if let remaining = state.remaining {
                take(state, remaining: remaining, among: report.limits, &taken)
            }
        }
    }

    /// Keeps everything back until a moment: the answer's `Retry-After`, or a backoff of our own.
    package mutating func blocked(until: Timestamp, at now: Timestamp) {
        pass(to: now)
        blockedUntil = max(blockedUntil, until.microseconds)
    }

    private mutating func take(
        _ state: LimitState,
        remaining: Int,
        among states: [LimitState],
        _ taken: inout Set<Int>
    ) {
        let most = clock + Self.longestLowering.wholeMicroseconds
        let resets = state.resets?.microseconds ?? .max
        let held = held
        // The clocks differ, or the answer took long: that window is over.
        guard resets > clock else { return }
        if let index = window(of: state, among: states), taken.insert(index).inserted {
            windows[index].learn(
                remaining: remaining,
                held: held,
                until: min(resets, most),
                now: clock
            )
        } else if let size = limits.bucket?.size, isBucket(state, size) {
            bucket?.learn(remaining: remaining, held: held, now: clock)
        } else if state.window != nil || state.resets != nil {
            let end = state.window.map { clock + Int64($0.seconds) * 1_000_000 } ?? .max
            keep(state, remaining: remaining, until: min(resets, most, end))
        }
    }

    /// The configured window that a state tells of: by its length, or the only one.
    private func window(of state: LimitState, among states: [LimitState]) -> Int? {
        guard let length = state.window else {
            let unnamed = states.filter { $0.window == nil && $0.remaining != nil }
            guard windows.count == 1, bucket == nil, unnamed.count == 1 else { return nil }
            // A reset that is farther off than the window's length is that of another.
            let resets = state.resets?.microseconds ?? clock
            let most = windows[0].length + Self.arrivalGrace.wholeMicroseconds
            return resets - clock <= most ? 0 : nil
        }
        let same = states.filter { $0.window == length && !$0.isPercentage }
        return windows.firstIndex { window in
            guard window.rate.window == length else { return false }
            return same.count == 1 || Self.best(same, count: window.rate.count) == state
        }
    }

    /// Which of several of one length is most likely the one of so many calls.
    private static func best(_ states: [LimitState], count: Int) -> LimitState? {
        states.first { $0.limit == count }
            ?? states.first { $0.limit == nil && ($0.remaining ?? 0) <= count }
            ?? states.first { ($0.remaining ?? 0) <= count }
    }

    private func isBucket(_ state: LimitState, _ size: Int) -> Bool {
        state.restorePerSecond != nil || state.limit == size
            || (state.window == nil && state.limit == nil && state.resets == nil)
    }

    /// Keeps the newest word on a limit that is not configured.
    private mutating func keep(_ state: LimitState, remaining: Int, until: Int64) {
        let label = state.label ?? "a limit"
        if let index = learned.firstIndex(where: { $0.label == label }) {
            learned[index].learn(remaining: remaining, held: held, until: until)
            return
        }
        // Names come from strangers: what ends first makes way.
        if learned.count >= OutboundLimits.reported,
            let index = learned.indices.min(by: { learned[$0].until < learned[$1].until })
        {
            learned.remove(at: index)
        }
        learned.append(LearnedWindow(label: label, left: remaining - held, until: until))
    }
}
