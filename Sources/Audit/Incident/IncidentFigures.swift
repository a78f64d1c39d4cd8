internal import Bytes
internal import Ledger

/// What the lines around an incident add up to: one pass over them.
struct IncidentFigures {
    /// Failures that are kept one by one; those beyond are counted only.
    static let failureLimit = 20_000
    /// Threads and subjects that are kept with each other, so that memory stays bounded.
    static let threadLimit = 100_000

    let query: IncidentQuery
    let buckets: TimeBuckets
    /// The incident's own time, in microseconds since 1970, as far as the log goes.
    let stretch: Range<Int64>
    /// Events by kind, in each bucket.
    private(set) var kinds: [Kind: [Int64]] = [:]
    /// Failures by source or service, in each bucket.
    private(set) var errors: [String: [Int64]] = [:]
    /// How long calls took, in microseconds, in each bucket.
    private(set) var durations: [[Int64]]
    /// By how much webhooks were late, in microseconds, in each bucket.
    private(set) var delays: [[Int64]]
    /// Webhooks whose sender's clock was ahead of ours.
    private(set) var earlyWebhooks = 0

    // Of the incident's own stretch:

    private(set) var events = 0
    private(set) var outcomes: [Outcome: Int] = [:]
    private(set) var failuresByKind: [Kind: Int] = [:]
    private(set) var eventsByKind: [Kind: Int] = [:]
    /// Calls that were answered 429.
    private(set) var throttled = 0
    private(set) var failures: [TimelineEvent] = []
    private(set) var failureCount = 0
    private(set) var signatures: [FailureSignature: Signature] = [:]
    /// What people notice a fault by, what the ledger's own people did, and syncs.
    private(set) var notes: [TimelineEvent] = []
    /// Events of the named subjects.
    private(set) var named: [TimelineEvent] = []
    /// The newest event that went well for each source or service that failed before it.
    private(set) var recoveries: [String: TimelineEvent] = [:]
    /// Subjects by the thread that their events belong to.
    private(set) var subjectsOfThreads: [String: Set<String>] = [:]

    /// How often a kind of failure came, and when.
    struct Signature {
        var count = 0
        let first: TimelineEvent
        var last: TimelineEvent
    }

    /// Counts in the time of the query and half as much before and after it; `last` is the moment
    /// of the log's last event, after which there is nothing.
    init(_ query: IncidentQuery, last: Timestamp) {
        self.query = query
        let end = max(
            min(query.until.microseconds, last.microseconds + 1),
            query.since.microseconds
        )
        let half = (end - query.since.microseconds) / 2
        buckets = TimeBuckets(
            from: Timestamp(microseconds: query.since.microseconds - half),
            to: Timestamp(microseconds: end + half)
        )
        stretch = query.since.microseconds..<end
        durations = Array(repeating: [], count: buckets.count)
        delays = durations
    }

    /// Reads the lines of the buckets among the first `size`.
    mutating func read(_ snapshot: borrowing Snapshot, size: UInt64) throws {
        let first = try snapshot.firstSequence(recordedAtOrAfter: buckets.time(0))
        try snapshot.forEachLine(from: first) { sequence, line in
            guard sequence < size else { return false }
            let event = TimelineEvent(sequence, line)
            guard event.recorded < buckets.end else { return false }
            take(event)
            return true
        }
    }

    private mutating func take(_ event: TimelineEvent) {
        guard let bucket = buckets.index(of: event.recorded) else { return }
        let none = [Int64](repeating: 0, count: buckets.count)
        kinds[event.kind, default: none][bucket] += 1
        let place = event.service ?? event.source
        if event.isFailure { errors[place, default: none][bucket] += 1 }
        if event.kind == .call, let milliseconds = event.milliseconds {
            durations[bucket].append(Int64(clamping: milliseconds) * 1000)
        }
        if event.kind == .webhook, event.outcome == .accepted, let delay = event.delay {
            if delay < 0 { earlyWebhooks += 1 }
            delays[bucket].append(max(0, delay))
        }
        if let thread = event.correlation, let subject = event.subject, event.outcome != .rejected,
            subjectsOfThreads.count < Self.threadLimit
        {
            subjectsOfThreads[thread, default: []].insert(subject)
        }
        if event.recorded >= query.since, event.recorded < query.until {
            takeOwn(event, place)
        }
    }

    private mutating func takeOwn(_ event: TimelineEvent, _ place: String) {
        events += 1
        outcomes[event.outcome, default: 0] += 1
        eventsByKind[event.kind, default: 0] += 1
        if event.isFailure {
            takeFailure(event)
            recoveries[place] = nil
        } else if errors[place] != nil, event.outcome != .duplicate, recoveries[place] == nil {
            recoveries[place] = event
        }
        if event.isSign || event.kind == .sync || Self.isNote(event) { notes.append(event) }
        if isNamed(event) { named.append(event) }
    }

    private mutating func takeFailure(_ event: TimelineEvent) {
        failureCount += 1
        failuresByKind[event.kind, default: 0] += 1
        if event.kind == .call, event.status == 429 { throttled += 1 }
        if failures.count < Self.failureLimit { failures.append(event) }
        var signature = signatures[event.signature] ?? Signature(first: event, last: event)
        signature.count += 1
        signature.last = event
        signatures[event.signature] = signature
    }

    /// Whether it is an act of people on the ledger, not one of its own records of work and reads.
    private static func isNote(_ event: TimelineEvent) -> Bool {
        guard event.kind == .admin else { return false }
        let daily: Set<String> = [
            "daybook.call.intent", "daybook.call.token", "daybook.report", "daybook.read",
            "daybook.anchored",
        ]
        return !daily.contains(event.type)
    }

    private func isNamed(_ event: TimelineEvent) -> Bool {
        query.subjects.contains { pattern in
            event.subject.map { globMatches(pattern, $0) } == true
                || event.correlation.map { globMatches(pattern, $0) } == true
        }
    }

    // MARK: - What it says

    /// The middle one and the one that so many hundredths do not exceed, by nearest rank; `nil`
    /// for none.
    static func percentile(_ percent: Int, of values: [Int64]) -> Int64? {
        guard !values.isEmpty else { return nil }
        let rank = (values.count * percent + 99) / 100
        return values.sorted()[max(rank, 1) - 1]
    }

    /// The buckets that lie wholly or in part in the incident's own stretch.
    var ownBuckets: Range<Int> {
        let last = Timestamp(microseconds: stretch.upperBound - 1)
        let first = buckets.index(of: query.since) ?? 0
        return first..<max(first, buckets.index(of: last) ?? 0) + 1
    }
}
