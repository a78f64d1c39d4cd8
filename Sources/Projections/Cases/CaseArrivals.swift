internal import Bytes
internal import Ledger

/// A case's events as they arrive in one order, with what the ledger makes of each.
struct CaseArrivals {
    /// An event's arrival; its sequence is its place.
    struct Arrival {
        /// The event's place in the file.
        let event: Int
        let line: [UInt8]
        let hasBody: Bool
        let isRepeat: Bool
        /// What the ledger makes of it.
        let outcome: Outcome
    }

    private(set) var arrivals: [Arrival] = []
    let story: ProjectionCase

    /// Takes the events in an order, some of them repeated in half of the orders.
    init(_ story: ProjectionCase, _ order: [Int], _ chance: inout CaseChance) {
        self.story = story
        var places = order.map { (event: $0, isRepeat: false) }
        if Bool.random(using: &chance) {
            for _ in 0...Int.random(in: 0...1, using: &chance) {
                let first = Int.random(in: places.indices, using: &chance)
                let again = Int.random(in: first + 1...places.count, using: &chance)
                places.insert((places[first].event, true), at: again)
            }
        }
        for (event, isRepeat) in places { arrive(event, isRepeat) }
    }

    /// Adds an event as the ledger would: of those with one source and id the first takes effect.
    private mutating func arrive(_ place: Int, _ isRepeat: Bool) {
        let event = story.given[place]
        let sequence = UInt64(arrivals.count)
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
                outcome: outcome
            )
        )
    }

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

extension CaseArrivals: EventIDs {
    func id(of sequence: UInt64) -> [UInt8] {
        let bytes = arrivals[Int(sequence)].line
        return Line(bytes.span).identity
    }
}
