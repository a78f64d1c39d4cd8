internal import Bytes
internal import Ledger

/// A case's events as they arrive in one order, with what the ledger makes of each.
struct CaseArrivals {
    /// An event's arrival.
    struct Arrival {
        /// The event's place in the file.
        let event: Int
        let line: [UInt8]
        let hasBody: Bool
        let isRepeat: Bool
        /// What the ledger makes of it.
        let outcome: Outcome
        /// Where the line of what it is part of lies in `wholes`; empty if it is no part.
        let wholeLine: Range<Int>
        /// Where the body record of that lies; `nil` if it was erased.
        let wholeRecord: Range<Int>?
    }

    private(set) var arrivals: [Arrival] = []
    let story: ProjectionCase
    /// What events are part of, one after the other: lines and body records.
    private var wholes: [UInt8] = []

    /// Takes the events in an order, some of them repeated in half of the orders.
    init(_ story: ProjectionCase, _ order: [Int], _ chance: inout CaseChance) {
        self.story = story
        var places = order.map { (event: $0, isRepeat: false) }
        if Bool.random(using: &chance) {
            for _ in 0...Int.random(in: 0...1, using: &chance) {
                let first = Int.random(in: places.indices, using: &chance)
                let again = Int.random(in: first + 1...places.count, using: &chance)
                // What is rejected owns no id: a second one is another event.
                if story.given[places[first].event].outcome == .rejected { continue }
                places.insert((places[first].event, true), at: again)
            }
        }
        for (event, isRepeat) in places { arrive(event, isRepeat) }
    }

    /// Adds an event as the ledger would: of those with one source and id the first takes effect.
    private mutating func arrive(_ place: Int, _ isRepeat: Bool) {
        let event = story.given[place]
        let sequence = Self.sequence(of: arrivals.count)
        let outcome = outcome(of: event)
        let line =
            switch outcome {
            case .duplicate: event.duplicate
            case .conflict: event.conflict
            default: event.line
            }
        arrivals.append(
            Arrival(
                event: place,
                line: line.line(at: sequence),
                hasBody: outcome != .duplicate,
                isRepeat: isRepeat,
                outcome: outcome,
                wholeLine: keep(event.whole?.line.line(at: sequence - 1) ?? []),
                wholeRecord: event.whole?.record.map { keep($0) }
            )
        )
    }

    private mutating func keep(_ bytes: [UInt8]) -> Range<Int> {
        let start = wholes.count
        wholes.append(contentsOf: bytes)
        return start..<wholes.count
    }

    /// The sequence of the arrival at a place: before each there is one for what it is part of.
    static func sequence(of place: Int) -> UInt64 { UInt64(2 * place + 1) }

    /// The place of the arrival that has a sequence, or that what has it came with.
    static func place(of sequence: UInt64) -> Int { Int(sequence / 2) }

    private func outcome(of event: GivenEvent) -> Outcome {
        guard event.outcome.takesEffect, let holder = holder(of: event) else {
            return event.outcome
        }
        return story.given[holder].content == event.content ? .duplicate : .conflict
    }

    /// The event that has arrived before and owns another's source and id.
    private func holder(of event: GivenEvent) -> Int? {
        arrivals.lazy.map(\.event).first { place in
            let other = story.given[place]
            return other.outcome.takesEffect && other.id == event.id
                && other.source == event.source
        }
    }

    /// What the fold must count, whatever the definition says.
    var tally: Tally {
        var tally = Tally()
        for arrival in arrivals {
            switch arrival.outcome {
            case .accepted, .succeeded, .failed: continue
            case .duplicate, .conflict: tally.duplicate += 1
            case .rejected: tally.rejected += 1
            }
        }
        return tally
    }

    /// The ids in the order of arrival.
    var names: [String] {
        arrivals.map { story.given[$0.event].id + ($0.isRepeat ? " again" : "") }
    }
}

extension CaseArrivals: LoggedEvents {
    func id(of sequence: UInt64) -> [UInt8] {
        let bytes = arrivals[Self.place(of: sequence)].line
        return Line(bytes.span).identity
    }

    // Nothing but what events are part of is looked up.

    @_lifetime(borrow self)
    func line(at sequence: UInt64) -> Line? {
        let place = arrivals[Self.place(of: sequence)].wholeLine
        if place.isEmpty { return nil }
        return Line(wholes.span.extracting(place))
    }

    @_lifetime(borrow self)
    func body(at sequence: UInt64) -> Span<UInt8>? {
        guard let place = arrivals[Self.place(of: sequence)].wholeRecord else { return nil }
        return wholes.span.extracting(place)
    }

    // Of a body that a case calls erased nothing is kept.
    @_lifetime(borrow self)
    func keptBody(at sequence: UInt64) -> Span<UInt8>? { nil }
}
