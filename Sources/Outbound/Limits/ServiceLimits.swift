/// What a service may be sent.
package struct ServiceLimits: Sendable {
    /// So many calls in any time of a length.
    package struct Window: Hashable, Sendable {
        /// How many calls, in which time.
        package let rate: Rate
        /// At how many percent of it people want to know.
        package let alertAt: Int

        /// Takes a rate, and the percent at which people want to know.
        package init(rate: Rate, alertAt: Int = ServiceLimits.usualAlert) {
            self.rate = rate
            self.alertAt = alertAt
        }
    }

    /// The percent at which people want to know if nothing else is said; it is not written.
    package static let usualAlert = 80

    /// The windows; all of them hold.
    package var windows: [Window]
    /// A leaky bucket: how many calls it holds, and how many flow out in which time.
    package var bucket: (size: Int, restore: Rate)?
    /// How many calls may be under way at once.
    package var concurrent: Int?

    /// Takes what is limited; without anything nothing is.
    package init(
        windows: [Window] = [],
        bucket: (size: Int, restore: Rate)? = nil,
        concurrent: Int? = nil
    ) {
        self.windows = windows
        self.bucket = bucket
        self.concurrent = concurrent
    }

    /// The windows as a line's `ratelimit` has them: `60/1m 5000/1d@90`; `nil` if there is none.
    package var notation: String? {
        guard !windows.isEmpty else { return nil }
        return windows.map { window in
            window.alertAt == Self.usualAlert
                ? "\(window.rate)" : "\(window.rate)@\(window.alertAt)"
        }.joined(separator: " ")
    }
}
