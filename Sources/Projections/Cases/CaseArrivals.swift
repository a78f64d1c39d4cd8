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
        let holder = event.outcome.takesEffect ? holder(of: event) : nil
        let isDuplicate = holder.map { story.given[$0].content == event.content } ?? false
        let line: GivenEvent.Template
        if holder == nil {
            line = event.line
        } else {
            line = isDuplicate ? event.duplicate : event.conflict
        }
        arrivals.append(
            Arrival(
                event: place,
                line: line.line(at: sequence),
                hasBody: !isDuplicate,
                isRepeat: isRepeat
            )
        )
    }

    /// The event that has arrived before and owns another's source and id.
    private func holder(of event: GivenEvent) -> Int? {
        arrivals.lazy.map(\.event).first { place in
            let other = story.given[place]
            return other.outcome.takesEffect && other.id == event.id
                && other.source == event.source
        }
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
