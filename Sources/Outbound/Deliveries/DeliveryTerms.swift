/// What the log says of a rule: everything but its secrets.
///
/// It is recorded when a rule is first seen and whenever it has changed, so that what was to be
/// delivered, when and to whom, follows from the log alone.
package struct DeliveryTerms: Hashable, Sendable {
    /// The rule's name.
    package let name: String
    /// Which events it holds for.
    package var selection: DeliverySelection
    /// The destination's URL without its query, which may hold a secret.
    package var to: String
    /// Whether events of one subject go one after the other.
    package var isOrdered: Bool
    /// The most attempts at once.
    package var concurrent: Int
    /// How long to wait after each failed attempt, in milliseconds; the next failure is the last.
    package var retries: [Int]
    /// How long an attempt may take, in milliseconds.
    package var timeout: Int
    /// Whether the destination may be in a private network, and may be reached by plain HTTP.
    package var allowsPrivate: Bool

    /// Standard Webhooks' schedule: 5 s, 5 min, 30 min, 2 h, 5 h, 10 h, 14 h, 20 h, 24 h.
    package static let usualRetries = [5, 300, 1800, 7200, 18000, 36000, 50400, 72000, 86400]
        .map { $0 * 1000 }

    /// Takes what a rule says; waits and the timeout are in milliseconds.
    package init(
        name: String,
        selection: DeliverySelection,
        to: String,
        isOrdered: Bool = false,
        concurrent: Int = 10,
        retries: [Int] = usualRetries,
        timeout: Int = 15_000,
        allowsPrivate: Bool = false
    ) {
        self.name = name
        self.selection = selection
        self.to = to
        self.isOrdered = isOrdered
        self.concurrent = concurrent
        self.retries = retries
        self.timeout = timeout
        self.allowsPrivate = allowsPrivate
    }
}
