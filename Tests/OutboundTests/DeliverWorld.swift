import Bytes
import DaybookTesting
import Outbound

/// A world of chance around one book: events come, attempts end, people give orders, processes die.
///
/// What must hold is checked against a second, naive reading of the same log.
struct DeliverWorld {
    /// A line as the naive reading has it.
    private enum Fact {
        case rule(DeliveryTerms)
        case event(String, String?)
        case attempt(UInt64, isSuccess: Bool, isHopeless: Bool)
        case order(DeliveryEvent.Order, UInt64?)
    }

    /// What the naive reading knows of an event that is pending.
    private struct Known {
        let subject: String?
        var attempts = 0
        var earliest: Timestamp
    }

    private struct Naive {
        var pending: [UInt64: Known] = [:]
        var done: Set<UInt64> = []
        var dead: Set<UInt64> = []
        var isStopped = false
        var terms: DeliveryTerms?
    }

    let isOrdered: Bool
    private(set) var chance: SeededChance
    private let log = DeliverLog()
    private var facts: [(fact: Fact, recorded: Timestamp)] = []
    private var book = DeliveryBook(name: "out")
    private var flying: [DeliveryAttempt] = []
    private var sends: [UInt64: Int] = [:]
    private var lost: [UInt64: Int] = [:]
    private(set) var crashes = 0
    private(set) var problems: [String] = []

    init(seed: UInt64) {
        chance = SeededChance(seed: seed)
        isOrdered = Bool.random(using: &chance)
        record(.event("a", nil)) { $0.event("a") }
        let terms = randomTerms()
        record(.rule(terms)) { $0.rule(terms) }
    }

    private mutating func record(_ fact: Fact, _ append: (DeliverLog) -> UInt64) {
        facts.append((fact, log.now))
        _ = append(log)
    }

    private mutating func pick(_ count: Int) -> Int { Int.random(in: 0..<count, using: &chance) }

    private mutating func randomTerms() -> DeliveryTerms {
        deliverTerms(
            pick(2) == 0 ? ["a"] : ["a", "b*"],
            ordered: isOrdered,
            concurrent: 1 + pick(4),
            retries: Array([1000, 0, 5000, 2000].prefix(pick(5)))
        )
    }

    // MARK: - What happens

    mutating func run(steps: Int) throws {
        for _ in 0..<steps { try step() }
        record(.order(.resumed, nil)) { $0.order(.resumed, rule: "out") }
        var rounds = 0
        while rounds < 10_000 {
            rounds += 1
            try book.follow(log)
            try send()
            if flying.isEmpty, book.pendingCount == 0 { break }
            while !flying.isEmpty { end(at: 0, status: 200) }
            log.wait(seconds: 1)
        }
        try checkEnd()
    }

    private mutating func step() throws {
        switch pick(20) {
        case 0...5:
            let type = ["a", "b1", "c"][pick(3)]
            let subject = pick(5) == 0 ? nil : "order:\(pick(3))"
            record(.event(type, subject)) { $0.event(type, subject: subject) }
        case 6...8: log.wait(seconds: Double(pick(4000)) / 1000)
        case 9...11:
            let limit = pick(5)
            try book.follow(log, limit: limit)
            try send()
        case 12...15:
            guard !flying.isEmpty else { return }
            let status = [200, 204, 500, 302, 429, nil, 410][pick(7)]
            end(at: pick(flying.count), status: status)
        case 16:
            let order: DeliveryEvent.Order = pick(3) == 0 ? .paused : .resumed
            record(.order(order, nil)) { $0.order(order, rule: "out") }
        case 17:
            let sequence = UInt64(facts.count - 1 - pick(min(25, facts.count)))
            record(.order(.retry, sequence)) { $0.order(.retry, rule: "out", event: sequence) }
        case 18 where pick(4) == 0:
            let terms = randomTerms()
            record(.rule(terms)) { $0.rule(terms) }
        case 19: try crash()
        default: break
        }
    }

    /// Sends what is due, and checks that it may be.
    private mutating func send() throws {
        let naive = naive(of: Int(book.position))
        let moment = log.now
        let attempts = book.due(at: moment)
        let terms = naive.terms
        for attempt in attempts {
            let sequence = attempt.sequence
            check(!naive.isStopped, "\(sequence) is sent though nothing may be")
            check(!flying.contains { $0.sequence == sequence }, "\(sequence) is on its way twice")
            guard let known = naive.pending[sequence] else {
                check(false, "\(sequence) is sent though it is settled")
                continue
            }
            check(attempt.number == known.attempts + 1, "\(sequence) is attempt \(attempt.number)")
            check(moment >= known.earliest, "\(sequence) is sent before its time")
            if isOrdered, let subject = known.subject {
                let earlier = naive.pending.contains {
                    $0.key < sequence && $0.value.subject == subject
                }
                check(!earlier, "\(sequence) overtakes another of \(subject)")
                let beside = flying.contains { naive.pending[$0.sequence]?.subject == subject }
                check(!beside, "\(sequence) is on its way beside another of \(subject)")
            }
            flying.append(attempt)
            sends[sequence, default: 0] += 1
        }
        check(
            attempts.isEmpty || flying.count <= terms?.concurrent ?? 0,
            "\(flying.count) at once"
        )
    }

    private mutating func end(at place: Int, status: Int?) {
        let attempt = flying.remove(at: place)
        let sequence = attempt.sequence
        let isHopeless = status == nil && pick(3) == 0
        let reason = status == nil ? (isHopeless ? "undeliverable: erased" : "timeout: slow") : nil
        let isSuccess = status == 200 || status == 204
        record(.attempt(sequence, isSuccess: isSuccess, isHopeless: isHopeless)) { log in
            log.attempt(sequence, rule: "out", status: status, reason: reason)
        }
        if status == 410 {
            record(.order(.disabled, nil)) { $0.order(.disabled, rule: "out") }
        }
    }

    /// The process dies with what is on its way; the next one reads the log from its beginning, or
    /// from where the last one's mark says.
    private mutating func crash() throws {
        crashes += 1
        for attempt in flying { lost[attempt.sequence, default: 0] += 1 }
        flying = []
        let start = book.lowWater ?? book.position
        let inForce = book.termsInForce(at: start).flatMap { at in
            log.terms(at: at).map { (at, $0) }
        }
        var marked = DeliveryBook(
            name: "out",
            start: start,
            terms: inForce,
            isPaused: book.isPaused,
            isDisabled: book.isDisabled
        )
        var whole = DeliveryBook(name: "out")
        try marked.follow(log)
        try whole.follow(log)
        check(marked.standings == whole.standings, "a mark and the whole log differ")
        check(
            marked.isPaused == whole.isPaused && marked.isDisabled == whole.isDisabled,
            "a mark and the whole log differ in what is stopped"
        )
        check(marked.currentTerms == whole.currentTerms, "a mark and the log differ in terms")
        book = pick(2) == 0 ? marked : whole
    }

    // MARK: - What must hold

    private mutating func check(_ holds: Bool, _ problem: String) {
        if !holds { problems.append(problem) }
    }

    /// What the first lines of the log come to, read as plainly as can be.
    private func naive(of count: Int) -> Naive {
        var naive = Naive()
        for (place, entry) in facts.prefix(count).enumerated() {
            let sequence = UInt64(place)
            switch entry.fact {
            case .rule(let terms): naive.terms = terms
            case .event(let type, let subject):
                guard let terms = naive.terms else { continue }
                let types = terms.selection.type.map(\.text)
                guard types.contains(type) || (type.hasPrefix("b") && types.contains("b*")) else {
                    continue
                }
                naive.pending[sequence] = Known(subject: subject, earliest: entry.recorded)
            case .attempt(let event, let isSuccess, let isHopeless):
                guard let known = naive.pending[event], let terms = naive.terms else { continue }
                let attempts = known.attempts + 1
                if isSuccess {
                    naive.pending[event] = nil
                    naive.done.insert(event)
                } else if isHopeless || attempts > terms.retries.count {
                    naive.pending[event] = nil
                    naive.dead.insert(event)
                } else {
                    let wait = Int64(terms.retries[attempts - 1]) * 1000
                    let earliest = Timestamp(microseconds: entry.recorded.microseconds + wait)
                    naive.pending[event]?.attempts = attempts
                    naive.pending[event]?.earliest = earliest
                }
            case .order(.paused, _), .order(.disabled, _): naive.isStopped = true
            case .order(.resumed, _): naive.isStopped = false
            case .order(.retry, let event):
                guard let event, naive.terms != nil else { continue }
                naive.dead.remove(event)
                naive.pending[event] = Known(
                    subject: log.event(at: event)?.subject,
                    earliest: entry.recorded
                )
            }
        }
        return naive
    }

    private mutating func checkEnd() throws {
        let naive = naive(of: facts.count)
        check(naive.pending.isEmpty, "never sent: \(naive.pending.keys.sorted())")
        check(book.pendingCount == 0, "still pending: \(book.standings)")
        var recorded: [UInt64: Int] = [:]
        for entry in facts {
            if case .attempt(let event, _, _) = entry.fact { recorded[event, default: 0] += 1 }
        }
        for (event, count) in sends {
            check(
                count == recorded[event, default: 0] + lost[event, default: 0],
                "\(event) was sent \(count) times, recorded \(recorded[event, default: 0]) times, "
                    + "and was on its way \(lost[event, default: 0]) times at a crash"
            )
        }
    }
}
