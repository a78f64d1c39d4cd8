internal import Bytes
internal import Ledger
internal import Projections

/// What is told of an incident, event by event.
struct IncidentTimeline {
    /// One event of it.
    struct Entry {
        var event: TimelineEvent
        /// Failures of the same kind since the entry before of that kind, which are not shown.
        var alike = 0
    }

    /// Entries at most; what is beyond, which nobody would read, is counted.
    static let limit = 600
    /// The first failures of a kind that are shown, besides the last.
    private static let shownAlike = 3

    private(set) var entries: [Entry] = []
    /// Failures that are only counted, in entries or beyond the limit.
    private(set) var hiddenFailures = 0
    /// Entries beyond the limit.
    private(set) var cut = 0

    /// Takes the failures, a few of each kind, the notes, and all of the named subjects.
    init(_ figures: IncidentFigures, _ others: [TimelineEvent]) {
        var byPlace: [UInt64: Entry] = [:]
        for event in figures.notes + figures.named + others {
            byPlace[event.sequence] = Entry(event: event)
        }
        var seen: [FailureSignature: (count: Int, hidden: Int)] = [:]
        for event in figures.failures {
            let signature = event.signature
            var known = seen[signature] ?? (0, 0)
            known.count += 1
            let isLast = known.count == figures.signatures[signature]?.count
            if known.count <= Self.shownAlike || isLast || byPlace[event.sequence] != nil {
                byPlace[event.sequence] = Entry(event: event, alike: known.hidden)
                known.hidden = 0
            } else {
                known.hidden += 1
                hiddenFailures += 1
            }
            seen[signature] = known
        }
        hiddenFailures += figures.failureCount - figures.failures.count
        let sorted = byPlace.values.sorted { $0.event.sequence < $1.event.sequence }
        entries = Array(sorted.prefix(Self.limit))
        cut = sorted.count - entries.count
    }

    /// Gives the events what they changed in rows.
    ///
    /// Of rows that are not the event's own, as those of a service, only what is said in words
    /// counts: each call changes their numbers.
    mutating func take(_ passages: [RowPassage], free: [String: Set<String>]) {
        var effects: [UInt64: [ProjectionEffect]] = [:]
        for passage in passages where !passage.isWaiting {
            for (sequence, changes) in passage.steps where !changes.isEmpty {
                effects[sequence, default: []].append(
                    .init(projection: passage.projection, key: passage.key, changes: changes)
                )
            }
        }
        for place in entries.indices {
            let event = entries[place].event
            let own = effects[event.sequence]?.compactMap { effect -> ProjectionEffect? in
                let isOwn = [event.subject, event.correlation].contains { subject in
                    subject.map { SubjectName.isName(effect.key, of: $0) } == true
                }
                let changes =
                    isOwn
                    ? effect.changes
                    : effect.changes.filter { $0.isOfWords(free[effect.projection]) }
                guard !changes.isEmpty else { return nil }
                return .init(projection: effect.projection, key: effect.key, changes: changes)
            }
            entries[place].event.effects = (own ?? []).sorted {
                ($0.projection, $0.key) < ($1.projection, $1.key)
            }
        }
    }
}

extension Change {
    /// Whether it is one of words from a closed list.
    func isOfWords(_ free: Set<String>?) -> Bool {
        guard free?.contains(column) != true else { return false }
        if case .text = new ?? old { return true }
        return false
    }
}
