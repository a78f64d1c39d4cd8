package import Bytes

/// What one rule has to deliver: a fold of the log's lines, and what of it may be sent when.
///
/// All that outlives a crash is in the log: which events fit the terms that held when they came,
/// and the attempts recorded since. Only what is on its way is known here alone; so a crash repeats
/// at most that.
package struct DeliveryBook: Sendable {
    /// The rule's name.
    package let name: String
    /// The sequence of the next line to take: those before it are taken, or settled long ago.
    package internal(set) var position: UInt64
    /// The rule's terms in the order of their events; each holds for the events after its own.
    var terms: [(sequence: UInt64, terms: DeliveryTerms)]
    /// Whether a person has ordered that nothing be sent.
    package internal(set) var isPaused: Bool
    /// Whether the destination has said that it is gone for good (410).
    package internal(set) var isDisabled: Bool

    var entries: [UInt64: Entry] = [:]
    var lanes: [String: DeliveryLane] = [:]
    private var queue = DueQueue()
    private var flying = 0
    /// How many attempts at once the destination has earned: 1 after a failure, then double with
    /// each success.
    var earned = DeliveryLimits.concurrent

    /// An event that is neither delivered nor given up.
    struct Entry: Sendable {
        /// When it may be sent.
        var due: Timestamp
        /// Its subject, if the events of a subject wait for each other.
        let lane: String?
        /// The first line that a fold needs to know of it.
        let since: UInt64
        /// Attempts recorded since then.
        var attempts = 0
        /// The sequence of the newest of them.
        var last: UInt64?
        var isFlying = false
    }

    /// Begins a rule's book at a sequence, with the terms in force there, if there are any, and
    /// with whether anything was sent then or later.
    package init(
        name: String,
        start: UInt64 = 0,
        terms: (sequence: UInt64, terms: DeliveryTerms)? = nil,
        isPaused: Bool = false,
        isDisabled: Bool = false
    ) {
        self.name = name
        position = start
        self.terms = terms.map { [$0] } ?? []
        self.isPaused = isPaused
        self.isDisabled = isDisabled
    }

    /// The terms that hold now.
    package var currentTerms: DeliveryTerms? { terms.last?.terms }

    // MARK: - What may be sent

    /// What may be sent now, which is on its way from here on: within the attempts at once that the
    /// terms and the destination's answers allow, and of each subject the earliest event only.
    package mutating func due(at now: Timestamp) -> [DeliveryAttempt] {
        guard !isPaused, !isDisabled, let terms = currentTerms else { return [] }
        var attempts: [DeliveryAttempt] = []
        while flying < min(earned, terms.concurrent), let item = firstEligible(), item.due <= now {
            queue.removeFirst()
            guard let entry = entries[item.sequence] else { continue }
            entries[item.sequence]?.isFlying = true
            if let lane = entry.lane { lanes[lane]?.flying = item.sequence }
            flying += 1
            attempts.append(
                DeliveryAttempt(rule: name, sequence: item.sequence, number: entry.attempts + 1)
            )
        }
        return attempts
    }

    /// When `due` is to be asked next, if no line comes before; `nil`: not at all.
    package var nextMoment: Timestamp? {
        mutating get {
            guard !isPaused, !isDisabled, let terms = currentTerms,
                flying < min(earned, terms.concurrent)
            else { return nil }
            return firstEligible()?.due
        }
    }

    /// Takes back an attempt that could not be begun; it is due again at `moment`.
    package mutating func postpone(_ sequence: UInt64, until moment: Timestamp) {
        guard entries[sequence]?.isFlying == true else { return }
        land(sequence)
        entries[sequence]?.due = moment
        enqueue(sequence)
    }

    /// The first of the queue that is still as it was put there, and that nothing holds back.
    private mutating func firstEligible() -> DueQueue.Item? {
        while let item = queue.first {
            if let entry = entries[item.sequence], !entry.isFlying, entry.due == item.due,
                isNext(item.sequence, entry.lane)
            {
                return item
            }
            // It is put there again when what holds it back is settled.
            queue.removeFirst()
        }
        return nil
    }

    private func isNext(_ sequence: UInt64, _ lane: String?) -> Bool {
        guard let lane else { return true }
        return lanes[lane]?.next == sequence
    }

    // MARK: - What the fold changes

    /// Makes an event pending.
    mutating func add(_ sequence: UInt64, _ entry: Entry) {
        entries[sequence] = entry
        if let lane = entry.lane { lanes[lane, default: DeliveryLane()].insert(sequence) }
        enqueue(sequence)
    }

    /// Settles an event: delivered, or given up.
    mutating func remove(_ sequence: UInt64) {
        land(sequence)
        guard let lane = entries.removeValue(forKey: sequence)?.lane else { return }
        lanes[lane]?.remove(sequence)
        if lanes[lane]?.pending.isEmpty == true {
            lanes[lane] = nil
        } else if let next = lanes[lane]?.next {
            enqueue(next)
        }
    }

    /// Notes that an event is not on its way any more.
    mutating func land(_ sequence: UInt64) {
        guard let entry = entries[sequence], entry.isFlying else { return }
        entries[sequence]?.isFlying = false
        flying -= 1
        guard let lane = entry.lane else { return }
        lanes[lane]?.flying = nil
        if let next = lanes[lane]?.next { enqueue(next) }
    }

    /// Puts an event in the queue, if nothing holds it back.
    mutating func enqueue(_ sequence: UInt64) {
        guard let entry = entries[sequence], !entry.isFlying, isNext(sequence, entry.lane) else {
            return
        }
        queue.insert(DueQueue.Item(due: entry.due, sequence: sequence))
    }
}

/// An attempt to be made.
package struct DeliveryAttempt: Hashable, Sendable {
    /// The rule's name.
    package let rule: String
    /// The event's sequence.
    package let sequence: UInt64
    /// Which attempt it is, from 1; counted anew when the event is sent again by order.
    package let number: Int
}
