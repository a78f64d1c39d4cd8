package import Bytes
package import Ledger

/// How what others send came in: late, twice, out of order (I6).
package struct Arrivals: Sendable {
    /// One event that came in oddly.
    package struct Arrival: Hashable, Sendable {
        /// What is odd about it, in the order in which they are listed.
        package enum Class: String, CaseIterable, Sendable {
            case late, duplicate, conflict, reordered, ahead
        }

        package let kind: Class
        package let sequence: UInt64
        package let source: String
        package let type: String
        package let subject: String?
        package let id: String
        package let occurred: Timestamp?
        package let recorded: Timestamp
        /// Microseconds: from occurring to being recorded; of a duplicate from the first record;
        /// of a reordered event how much earlier than the newest known one it occurred.
        package let delay: Int64
        /// Of a duplicate or conflict the event that came first; of a reordered one the event
        /// that overtook it.
        package let other: UInt64?
    }

    /// What came from one source.
    package struct Source: Sendable {
        package let name: String
        package var events: UInt64 = 0
        /// Events that say when they occurred.
        package var timed: UInt64 = 0
        package var rejected: UInt64 = 0
        /// Odd arrivals by class.
        package var counts: [Arrival.Class: UInt64] = [:]
        /// Microseconds from occurring to being recorded.
        package var median: Int64?
        package var p95: Int64?
        package var worst: Int64?
        package var worstSequence: UInt64?
        var delays: [Int64] = []
    }

    /// What is looked for, and how much of it is kept.
    package struct Limits: Sendable {
        /// Microseconds after which an event is late.
        package var late: Int64
        /// The classes whose arrivals are kept.
        package var listed: Set<Arrival.Class>
        /// The most arrivals that are kept, the worst ones.
        package var kept: Int

        package init(late: Int64, listed: Set<Arrival.Class>, kept: Int = .max) {
            self.late = late
            self.listed = listed
            self.kept = kept
        }
    }

    /// By name.
    package private(set) var sources: [Source] = []
    /// The odd arrivals that are asked for, the worst first.
    package private(set) var worst: [Arrival] = []

    private let limits: Limits
    private var found: [String: Source] = [:]
    /// The newest moment of each entity of a source, and the event that said it.
    private var newest: [String: (time: Int64, sequence: UInt64)] = [:]

    /// Looks at the events of a selection among the first `size`: webhooks and their parts.
    package init(
        _ selection: EventSelection,
        _ limits: Limits,
        size: UInt64,
        in snapshot: borrowing Snapshot
    ) throws {
        self.limits = limits
        try selection.forEach(in: snapshot, size: size) { sequence, line in
            guard let kind = line.text(.kind), kind == "webhook" || kind == "fact",
                let recorded = line.recordedTime
            else { return true }
            try take(sequence, line, recorded, snapshot)
            return true
        }
        for (_, var source) in found {
            source.summarize()
            sources.append(source)
        }
        sources.sort { $0.name < $1.name }
        found = [:]
        newest = [:]
        cut(to: limits.kept)
    }

    private mutating func take(
        _ sequence: UInt64,
        _ line: borrowing Line,
        _ recorded: Timestamp,
        _ snapshot: borrowing Snapshot
    ) throws {
        let name = line.text(.source) ?? ""
        var source = found[name] ?? Source(name: name)
        found[name] = nil
        defer { found[name] = source }
        source.events += 1
        let occurred = Self.occurred(line)
        var arrival = Draft(sequence, occurred, recorded)
        switch line.outcome {
        case .rejected: source.rejected += 1
        case .duplicate, .conflict:
            let first = line.integer(.causationid)
            let known = try first.flatMap { try Self.recorded($0, snapshot) }
            arrival.delay = recorded.microseconds - (known ?? recorded).microseconds
            arrival.other = first
            let isConflict = line.outcome == .conflict
            note(isConflict ? .conflict : .duplicate, arrival, line, &source)
        default:
            guard let occurred else { return }
            source.timed += 1
            arrival.delay = recorded.microseconds - occurred.microseconds
            source.add(arrival.delay, sequence)
            if arrival.delay > limits.late { note(.late, arrival, line, &source) }
            if arrival.delay < 0 { note(.ahead, arrival, line, &source) }
            noteOrder(arrival, occurred, line, &source)
        }
    }

    /// Whether something newer of the same entity was known already.
    private mutating func noteOrder(
        _ arrival: Draft,
        _ occurred: Timestamp,
        _ line: borrowing Line,
        _ source: inout Source
    ) {
        guard let subject = line.text(.subject) else { return }
        let place = "\(source.name)\u{0}\(subject)"
        guard let known = newest[place], known.time > occurred.microseconds else {
            newest[place] = (occurred.microseconds, arrival.sequence)
            return
        }
        var reordered = arrival
        reordered.delay = known.time - occurred.microseconds
        reordered.other = known.sequence
        note(.reordered, reordered, line, &source)
    }

    private mutating func note(
        _ kind: Arrival.Class,
        _ draft: Draft,
        _ line: borrowing Line,
        _ source: inout Source
    ) {
        source.counts[kind, default: 0] += 1
        guard limits.listed.contains(kind) else { return }
        worst.append(
            Arrival(
                kind: kind,
                sequence: draft.sequence,
                source: source.name,
                type: line.text(.type) ?? "",
                subject: line.text(.subject),
                id: line.text(.id) ?? "",
                occurred: draft.occurred,
                recorded: draft.recorded,
                delay: draft.delay,
                other: draft.other
            )
        )
        // Twice as many as are asked for: sorted seldom, held never more.
        if worst.count / 2 > limits.kept { cut(to: limits.kept) }
    }

    private mutating func cut(to count: Int) {
        worst.sort { a, b in
            let (x, y) = (a.delay.magnitude, b.delay.magnitude)
            return x != y ? x > y : a.sequence < b.sequence
        }
        if worst.count > count { worst.removeLast(worst.count - count) }
    }

    /// An arrival of which it is not known yet what is odd about it.
    private struct Draft {
        let sequence: UInt64
        let occurred: Timestamp?
        let recorded: Timestamp
        var delay: Int64 = 0
        var other: UInt64?

        init(_ sequence: UInt64, _ occurred: Timestamp?, _ recorded: Timestamp) {
            self.sequence = sequence
            self.occurred = occurred
            self.recorded = recorded
        }
    }

    private static func occurred(_ line: borrowing Line) -> Timestamp? {
        guard let text = line.raw(.time) else { return nil }
        return Timestamp(rfc3339: text)
    }

    private static func recorded(
        _ sequence: UInt64,
        _ snapshot: borrowing Snapshot
    ) throws -> Timestamp? {
        guard let line = try snapshot.line(at: sequence) else { return nil }
        return line.recordedTime
    }
}

extension Arrivals.Source {
    mutating func add(_ delay: Int64, _ sequence: UInt64) {
        delays.append(delay)
        if delay > worst ?? .min {
            worst = delay
            worstSequence = sequence
        }
    }

    /// Works out the percentiles by nearest rank.
    mutating func summarize() {
        delays.sort()
        guard !delays.isEmpty else { return }
        median = delays[(delays.count - 1) / 2]
        p95 = delays[(delays.count * 95 + 99) / 100 - 1]
        delays = []
    }
}
