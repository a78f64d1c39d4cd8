internal import Bytes
internal import Ledger

/// Where failures come from.
struct IncidentCauses {
    /// The first cause of failures, and the way from it to the first of them.
    struct Chain {
        /// Why the first event counts as the cause.
        enum Link: String {
            case cause = "named as the cause"
            case subject = "the event before it about the same entity"
        }
        /// From the first cause to the failure.
        let events: [TimelineEvent]
        let link: Link
        /// All failures that go back to it.
        var failures: Int
    }

    /// Chains that are shown; the rest is counted.
    static let limit = 8

    /// First causes that are alike, and lead to failures that are alike.
    struct Kind {
        let source: String
        let type: String
        let failedSource: String
        let failedType: String
        let link: Chain.Link
        var causes = 0
        var failures = 0

        fileprivate init?(_ chain: Chain) {
            guard let first = chain.events.first, let last = chain.events.last else { return nil }
            source = first.service ?? first.source
            type = first.type
            failedSource = last.service ?? last.source
            failedType = last.type
            link = chain.link
        }

        fileprivate var order: [String] {
            [source, type, failedSource, failedType, link.rawValue]
        }
    }

    /// By how many failures they led to.
    private(set) var kinds: [Kind] = []
    /// Those with the most failures first.
    private(set) var chains: [Chain] = []
    /// First causes of which no chain is shown.
    private(set) var omitted = 0
    /// Failures that name no cause, and of which none could be found.
    private(set) var untraced = 0

    init(
        _ figures: IncidentFigures,
        _ subjects: IncidentSubjects,
        _ snapshot: borrowing Snapshot
    ) throws {
        var found: [UInt64: Chain] = [:]
        for failure in figures.failures {
            let (events, link) = try Self.chain(of: failure, subjects, snapshot)
            guard let root = events.first, events.count > 1 else {
                untraced += 1
                continue
            }
            if found[root.sequence] == nil {
                found[root.sequence] = Chain(events: events, link: link, failures: 1)
            } else {
                found[root.sequence]?.failures += 1
            }
        }
        let sorted = found.values.sorted { a, b in
            (b.failures, a.events[0].sequence) < (a.failures, b.events[0].sequence)
        }
        kinds = Self.kinds(sorted)
        chains = Array(sorted.prefix(Self.limit))
        omitted = sorted.count - chains.count
    }

    private static func kinds(_ chains: [Chain]) -> [Kind] {
        var kinds: [[String]: Kind] = [:]
        for chain in chains {
            guard let new = Kind(chain) else { continue }
            var kind = kinds[new.order] ?? new
            kind.causes += 1
            kind.failures += chain.failures
            kinds[new.order] = kind
        }
        return kinds.values.sorted { a, b in
            a.failures == b.failures
                ? a.order.lexicographicallyPrecedes(b.order) : a.failures > b.failures
        }
    }

    private static func chain(
        of failure: TimelineEvent,
        _ subjects: IncidentSubjects,
        _ snapshot: borrowing Snapshot
    ) throws -> ([TimelineEvent], Chain.Link) {
        var events = [failure]
        while let cause = events[0].cause, cause < events[0].sequence,
            let line = try snapshot.line(at: cause)
        {
            events.insert(TimelineEvent(cause, line), at: 0)
        }
        var link = Chain.Link.cause
        // A thread called as an entity is about that: what was last said of it comes before.
        if events.count == 1, let thread = failure.correlation,
            let before = subjects.events[thread]?.last(where: { $0 < failure.sequence }),
            let line = try snapshot.line(at: before)
        {
            events.insert(TimelineEvent(before, line), at: 0)
            link = .subject
        }
        return (events, link)
    }
}
