package import Bytes

/// A circuit breaker: keeps calls from a service that fails, and tries now and then if it works.
///
/// Time comes in and never goes back.
package struct Breaker: Sendable {
    /// When it opens and closes.
    package struct Rules: Sendable {
        /// At how many failures in 100 calls it opens.
        package var failurePercent = 50
        /// How many calls there must be before it judges.
        package var leastCalls = 20
        /// How long a call counts; in tenths of it.
        package var within = Duration.seconds(30)
        /// How long it stays open at first; twice as long after each probe that fails.
        package var open = Duration.seconds(30)
        /// How long it stays open at most.
        package var longestOpen = Duration.seconds(300)
        /// How many probes must succeed, one after the other, before it closes.
        package var probesToClose = 3

        /// Takes the usual ones.
        package init() {}
    }

    /// Whether calls go.
    package enum State: String, Sendable {
        /// They do.
        case closed
        /// They do not.
        case open
        /// One at a time does, as a probe.
        case halfOpen = "half_open"
    }

    /// What becomes of a call.
    package enum Admission: Hashable, Sendable {
        /// It may go.
        case go
        /// It may go, and its result decides; one of `record` and `probeUnused` must follow.
        case probe
        /// It may not, at least until a moment.
        case refused(until: Timestamp)
    }

    /// What came of a call, as far as the service's health is concerned.
    package enum Result: Sendable {
        /// The service worked.
        case success
        /// It did not.
        case failure

        /// Judges by an answer's status, `nil` without an answer: no answer and 5xx are failures;
        /// 4xx, 429 too, show that the service works.
        package init(status: Int?) {
            self = status.map { $0 < 500 } ?? false ? .success : .failure
        }
    }

    /// A change of state.
    package struct Change: Hashable, Sendable {
        /// What it is now.
        package let state: State
        /// Why, for people.
        package let reason: String
    }

    /// Calls of a tenth of the time that counts.
    private struct Bucket {
        var number: Int64 = .min
        var calls = 0
        var failures = 0
    }

    private static let bucketCount = 10
    /// How soon to ask again while a probe is under way.
    private static let probeRetry: Int64 = 1_000_000
    /// When a probe of which nothing is heard is given up: none takes longer, and without this a
    /// probe that is forgotten would keep the service shut for ever.
    private static let longestProbe: Int64 = 600_000_000

    /// Whether calls go.
    package private(set) var state = State.closed
    private let rules: Rules
    private let bucketLength: Int64
    private var buckets = [Bucket](repeating: Bucket(), count: bucketCount)
    private var openFor: Duration
    private var openUntil = Timestamp.min
    /// When the probe that is under way was let go.
    private var probeSince: Timestamp?
    private var probesGood = 0

    /// Begins closed.
    package init(_ rules: Rules = Rules()) {
        self.rules = rules
        bucketLength = max(1, rules.within.wholeMicroseconds / Int64(Self.bucketCount))
        openFor = rules.open
    }

    /// Becomes half open if the time for that has come; `admit` does so too, without telling.
    package mutating func wake(at now: Timestamp) -> Change? {
        guard state == .open, now >= openUntil else { return nil }
        probesGood = 0
        probeSince = nil
        return change(to: .halfOpen, "it was open for \(openFor.components.seconds) s")
    }

    /// What `admit` would say, without letting anything go.
    package func outlook(at now: Timestamp) -> Admission {
        switch state {
        case .closed: return .go
        case .open: return now < openUntil ? .refused(until: openUntil) : .probe
        case .halfOpen:
            if let probeSince, now.microseconds - probeSince.microseconds < Self.longestProbe {
                return .refused(until: now.later(by: Self.probeRetry))
            }
            return .probe
        }
    }

    /// Says whether a call may go.
    package mutating func admit(at now: Timestamp) -> Admission {
        _ = wake(at: now)
        let admission = outlook(at: now)
        if admission == .probe { probeSince = now }
        return admission
    }

    /// Takes what came of a call, and gives the change of state, if any.
    ///
    /// What was let go before the last change tells nothing of the service now and counts nothing.
    package mutating func record(
        _ result: Result,
        wasProbe: Bool,
        at now: Timestamp
    ) -> Change? {
        switch state {
        case .closed: return wasProbe ? nil : count(result, at: now)
        case .open: return nil
        case .halfOpen:
            guard wasProbe, probeSince != nil else { return nil }
            probeSince = nil
            guard result == .success else {
                openFor = min(openFor * 2, rules.longestOpen)
                return open("a probe failed", at: now)
            }
            probesGood += 1
            guard probesGood >= rules.probesToClose else { return nil }
            openFor = rules.open
            buckets = [Bucket](repeating: Bucket(), count: Self.bucketCount)
            return change(to: .closed, "\(probesGood) probes succeeded")
        }
    }

    /// A probe was not sent after all; another may go in its place.
    package mutating func probeUnused(at now: Timestamp) {
        if state == .halfOpen { probeSince = nil }
    }

    private mutating func count(_ result: Result, at now: Timestamp) -> Change? {
        let number = now.microseconds / bucketLength
        let index = Int(number.magnitude % UInt64(Self.bucketCount))
        if buckets[index].number != number { buckets[index] = Bucket(number: number) }
        buckets[index].calls += 1
        guard result == .failure else { return nil }
        buckets[index].failures += 1
        let recent = buckets.filter { $0.number > number - Int64(Self.bucketCount) }
        let calls = recent.reduce(0) { $0 + $1.calls }
        let failures = recent.reduce(0) { $0 + $1.failures }
        guard calls >= rules.leastCalls, failures * 100 >= calls * rules.failurePercent else {
            return nil
        }
        let seconds = rules.within.components.seconds
        return open("\(failures) of \(calls) calls failed within \(seconds) s", at: now)
    }

    private mutating func open(_ reason: String, at now: Timestamp) -> Change {
        openUntil = now.later(by: openFor.wholeMicroseconds)
        return change(to: .open, reason)
    }

    private mutating func change(to state: State, _ reason: String) -> Change {
        self.state = state
        return Change(state: state, reason: reason)
    }
}

extension Timestamp {
    /// The moment so many microseconds later.
    func later(by microseconds: Int64) -> Timestamp {
        Timestamp(microseconds: self.microseconds + microseconds)
    }
}
