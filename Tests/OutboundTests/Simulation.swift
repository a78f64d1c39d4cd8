import Bytes
import DaybookTesting
import Outbound

/// Callers, a limiter, a network and a provider, all by a seed and without a true clock.
struct Simulation {
    /// How long things take at most, in microseconds, and how many of 1000 calls go wrong.
    struct Network {
        var connect: ClosedRange<Int64> = 0...0
        /// How many of 1000 calls make a connection of their own.
        var connecting = 0
        var out: ClosedRange<Int64> = 0...10_000
        var back: ClosedRange<Int64> = 0...10_000
        var body: ClosedRange<Int64> = 0...2000
        /// The provider does the work, and its answer is lost.
        var lost = 0
        /// After how long the loss is noticed.
        var notice: ClosedRange<Int64> = 0...2_000_000
        /// Given up while the request is on its way.
        var cancelled = 0
        /// Permitted, and not sent.
        var unused = 0
    }

    /// A caller with so many workers; each asks again at once when its call has ended.
    struct Caller {
        let name: String
        let workers: Int
        var patience: Int64 = 3_600_000_000
        /// How long a worker does other things between two calls.
        var think: ClosedRange<Int64> = 0...0
    }

    enum Item {
        case ask(worker: Int)
        case send(UInt64)
        case arrive(UInt64)
        case head(UInt64)
        case finish(UInt64)
        case unused(UInt64)
        case restart
        case other
    }

    /// Others that use up the provider's limit too, and headers that tell what remains.
    struct Others {
        /// How long it is from one of their calls to the next, at most.
        let gap: Int64
        /// How many they make at once.
        var burst = 1
        let profile: ServiceProfile
        /// Whether what answers say is taken.
        let isHeard: Bool
    }

    private(set) var limiter: Limiter
    private(set) var provider: StrictProvider
    private(set) var granted: [String: Int] = [:]
    private(set) var refused: [String: Int] = [:]
    private(set) var mostAtOnce = 0
    /// How many calls the provider refused.
    private(set) var limited = 0
    /// In which order callers were granted.
    private(set) var order: [String] = []
    private let limits: ServiceLimits
    private let network: Network
    private var chance: SeededChance
    private var agenda = Agenda<Item>()
    private var workers: [(caller: Caller, ticket: UInt64)] = []
    private var owner: [UInt64: Int] = [:]
    private let others: Others?
    private var answers: [UInt64: (status: Int, remaining: Int)] = [:]
    private var atOnce: Set<UInt64> = []
    /// Ends of calls, as the log has them.
    private var ended: [Timestamp] = []
    private var ticket: UInt64 = 0
    /// When and for how long the limiter's clock stands still.
    private let rests: [(at: Int64, length: Int64)]
    private(set) var now: Int64 = 0

    init(
        _ limits: ServiceLimits,
        _ network: Network,
        _ callers: [Caller],
        seed: UInt64,
        rests: [(at: Int64, length: Int64)] = [],
        restarts: [Int64] = [],
        others: Others? = nil
    ) {
        self.others = others
        self.limits = limits
        self.network = network
        self.rests = rests
        limiter = Limiter(limits, mode: .hold)
        provider = StrictProvider(limits)
        chance = SeededChance(seed: seed)
        for caller in callers {
            for _ in 0..<caller.workers {
                agenda.add(.ask(worker: workers.count), at: 0)
                workers.append((caller, 0))
            }
        }
        if let others { agenda.add(.other, at: draw(0...others.gap)) }
        for restart in restarts { agenda.add(.restart, at: restart) }
    }

    /// What the limiter's clock shows.
    private var clock: Timestamp { clock(at: now) }

    private func clock(at moment: Int64) -> Timestamp {
        let rested = rests.reduce(0) { $0 + min(max(moment - $1.at, 0), $1.length) }
        return Timestamp(microseconds: Self.start + moment - rested)
    }

    static let start: Int64 = 1_795_168_800_000_000

    /// The first moment at which the limiter's clock shows one.
    private func moment(of clock: Timestamp) -> Int64 {
        var moment = max(now, clock.microseconds - Self.start)
        while self.clock(at: moment) < clock {
            moment += clock.microseconds - self.clock(at: moment).microseconds
        }
        return moment
    }

    private mutating func draw(_ range: ClosedRange<Int64>) -> Int64 {
        Int64.random(in: range, using: &chance)
    }

    private mutating func happens(_ perMille: Int) -> Bool {
        Int.random(in: 0..<1000, using: &chance) < perMille
    }

    /// Lets everything happen until a moment.
    mutating func run(until end: Int64) {
        var idle = 0
        while true {
            let wake = limiter.nextMoment.map { moment(of: $0) } ?? .max
            let next = agenda.first ?? .max
            guard min(wake, next) <= end else { return }
            now = max(now, min(wake, next))
            if next <= wake, let item = agenda.next() { happen(item) }
            let grants = limiter.advance(at: clock)
            // A limiter that asks to be woken again and again for nothing would burn a core.
            idle = grants.isEmpty && wake < next ? idle + 1 : 0
            precondition(idle < 1000, "woken for nothing at \(now)")
            for grant in grants {
                switch grant {
                case .go(let ticket): permit(ticket.number)
                case .refused(let ticket, let refusal): refuse(ticket.number, refusal)
                }
            }
            mostAtOnce = max(mostAtOnce, atOnce.count)
        }
    }

    private mutating func happen(_ item: Item) {
        switch item {
        case .ask(let worker): ask(worker)
        case .send(let number): send(number)
        case .arrive(let number):
            if happens(1) { limiter.sent(.init(number: number), at: clock) }
            if others == nil { provider.take(at: now) } else { judge(number) }
        case .head(let number):
            limiter.arrived(.init(number: number), at: clock)
            hear(number)
        case .finish(let number):
            limiter.finished(.init(number: number), at: clock)
            ended.append(clock)
            end(number)
        case .unused(let number):
            limiter.unused(.init(number: number), at: clock)
            end(number)
        case .restart: restart()
        case .other:
            for _ in 0..<min(left, others?.burst ?? 0) { provider.take(at: now) }
            agenda.add(.other, at: now + draw(0...(others?.gap ?? 0)))
        }
    }

    /// What is left of the provider's first window.
    private var left: Int {
        let rate = limits.windows[0].rate
        let length = Int64(rate.window.seconds) * 1_000_000
        return max(0, rate.count - provider.count(within: length, at: now))
    }

    /// Takes a call or refuses it, and says what remains.
    private mutating func judge(_ number: UInt64) {
        guard left > 0 else {
            answers[number] = (429, 0)
            limited += 1
            return
        }
        provider.take(at: now)
        answers[number] = (200, left)
    }

    private mutating func hear(_ number: UInt64) {
        guard let others, let answer = answers.removeValue(forKey: number) else { return }
        if answer.status == 429 { limiter.blocked(until: clock.moved(by: 1_000_000), at: clock) }
        guard others.isHeard else { return }
        let none: [UInt8] = []
        let report = others.profile.read(
            status: answer.status,
            headers: [(name: "x-left", value: "\(answer.remaining)")],
            body: none.span,
            at: clock
        )
        limiter.learn(report, at: clock)
    }

    private mutating func ask(_ worker: Int) {
        ticket += 1
        workers[worker].ticket = ticket
        owner[ticket] = worker
        let caller = workers[worker].caller
        switch limiter.ask(
            .init(number: ticket),
            caller: caller.name,
            at: clock,
            patience: clock.moved(by: caller.patience)
        ) {
        case .go: permit(ticket)
        case .wait: break
        case .refused(let refusal): refuse(ticket, refusal)
        }
    }

    private mutating func permit(_ number: UInt64) {
        guard let worker = owner[number] else { return }
        let name = workers[worker].caller.name
        granted[name, default: 0] += 1
        order.append(name)
        atOnce.insert(number)
        let delay = draw(0...500)
        agenda.add(happens(network.unused) ? .unused(number) : .send(number), at: now + delay)
    }

    private mutating func refuse(_ number: UInt64, _ refusal: Limiter.Refusal) {
        guard let worker = owner.removeValue(forKey: number) else { return }
        refused[workers[worker].caller.name, default: 0] += 1
        let wait = max(1000, Int64(refusal.retryAfter / .microseconds(1)))
        agenda.add(.ask(worker: worker), at: now + wait)
    }

    private mutating func send(_ number: UInt64) {
        limiter.sent(.init(number: number), at: clock)
        let left = now + (happens(network.connecting) ? draw(network.connect) : 0)
        let arrival = left + draw(network.out)
        agenda.add(.arrive(number), at: arrival)
        if happens(network.cancelled) {
            // Given up at the worst moment: as long before the arrival as a packet may take.
            agenda.add(.finish(number), at: max(now, arrival - draw(0...999_999)))
        } else if happens(network.lost) {
            agenda.add(.finish(number), at: arrival + draw(network.notice))
        } else {
            let head = arrival + draw(network.back)
            agenda.add(.head(number), at: head)
            agenda.add(.finish(number), at: head + draw(network.body))
        }
    }

    private mutating func end(_ number: UInt64) {
        atOnce.remove(number)
        guard let worker = owner.removeValue(forKey: number) else { return }
        agenda.add(.ask(worker: worker), at: now + draw(workers[worker].caller.think))
    }

    /// The process dies and starts again: what it knew is gone but for the log, and connections
    /// with it, while what it sent may arrive still.
    private mutating func restart() {
        limiter = Limiter(limits, mode: .hold)
        limiter.restore(ended + Array(repeating: clock, count: atOnce.count), at: clock)
        // What the dead process sent is in the log too, from now on.
        ended += Array(repeating: clock, count: atOnce.count)
        atOnce = []
        owner = [:]
        var left = Agenda<Item>()
        while let moment = agenda.first, let item = agenda.next() {
            switch item {
            case .arrive where moment - now < 1_000_000: left.add(item, at: moment)
            case .restart: left.add(item, at: moment)
            default: break
            }
        }
        agenda = left
        for worker in workers.indices { agenda.add(.ask(worker: worker), at: now) }
    }
}

extension Timestamp {
    func moved(by microseconds: Int64) -> Timestamp {
        Timestamp(microseconds: self.microseconds + microseconds)
    }
}
