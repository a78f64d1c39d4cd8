internal import Bytes
internal import HTTPClient
internal import Ledger
internal import Synchronization

/// All calls to one service: who may go now, who waits, and whether the service is up.
final class ServiceLane: Sendable {
    /// Leave to send one attempt.
    struct Pass: Sendable {
        let ticket: Limiter.Ticket
        /// Whether it is to find out if a service that failed is back.
        let isProbe: Bool
        /// How long it would have waited if limits were held.
        let wouldWait: Duration?
    }

    private struct State {
        var limiter: Limiter
        var breaker: Breaker
        var waiting: [Limiter.Ticket: CallRun] = [:]
        /// What runs do after a pause.
        var pausing: [ObjectIdentifier: @Sendable () -> Void] = [:]
        var tickets: UInt64 = 0
        var armed: Timestamp?
    }

    let service: OutboundService
    let context: CallContext
    /// `nil` unless the service grants its tokens for a time.
    let tokens: TokenKeeper?
    private let state: Mutex<State>

    init(_ service: OutboundService, _ context: CallContext) {
        self.service = service
        self.context = context
        if case .oauth2(let grant) = service.credential {
            tokens = TokenKeeper(grant, service, context)
        } else {
            tokens = nil
        }
        state = Mutex(
            State(
                limiter: Limiter(
                    service.limits,
                    mode: service.limitMode,
                    connecting: .zero
                ),
                breaker: Breaker(service.breaker)
            )
        )
    }

    // MARK: - Before a call

    /// Asks for leave to send; `run` is told, perhaps at once.
    func ask(_ run: CallRun, patience: Duration) {
        let now = context.clock.now
        let change = state.withLock { $0.breaker.wake(at: now) }
        if let change { context.note(event(change)) }
        let answer: Result<Pass, CallProblem>? = state.withLock { state in
            if case .refused(let until) = state.breaker.outlook(at: now) {
                return .failure(Self.open(until, now))
            }
            // Under the lock, so that nobody begins to wait after all were turned away.
            if context.isStopping.load(ordering: .relaxed) { return .failure(.stopping) }
            state.tickets += 1
            let ticket = Limiter.Ticket(number: state.tickets)
            let caller = run.record.request.caller
            switch state.limiter.ask(
                ticket,
                caller: "\(caller.kind) \(caller.name)",
                at: now,
                patience: now.adding(patience)
            ) {
            case .go(let wouldWait): return Self.admit(ticket, wouldWait, &state, now)
            case .refused(let refusal): return .failure(Self.problem(refusal))
            case .wait:
                state.waiting[ticket] = run
                return nil
            }
        }
        if let answer { run.take(answer) }
        settle()
    }

    /// Asks the breaker for one who has leave of the limits.
    private static func admit(
        _ ticket: Limiter.Ticket,
        _ wouldWait: Duration?,
        _ state: inout State,
        _ now: Timestamp
    ) -> Result<Pass, CallProblem> {
        switch state.breaker.admit(at: now) {
        case .go: return .success(Pass(ticket: ticket, isProbe: false, wouldWait: wouldWait))
        case .probe: return .success(Pass(ticket: ticket, isProbe: true, wouldWait: wouldWait))
        case .refused(let until):
            state.limiter.unused(ticket, at: now)
            return .failure(open(until, now))
        }
    }

    private static func open(_ until: Timestamp, _ now: Timestamp) -> CallProblem {
        CallProblem(
            .circuitOpen,
            "the service failed again and again and is left alone for a while",
            retryAfter: max(until.since(now), .seconds(1))
        )
    }

    private static func problem(_ refusal: Limiter.Refusal) -> CallProblem {
        CallProblem(.limitReached, refusal.why, retryAfter: refusal.retryAfter)
    }

    // MARK: - During a call

    func sent(_ pass: Pass, at now: Timestamp) {
        state.withLock { $0.limiter.sent(pass.ticket, at: now) }
    }

    func arrived(_ pass: Pass, at now: Timestamp) {
        state.withLock { $0.limiter.arrived(pass.ticket, at: now) }
        settle()
    }

    /// Takes back a pass that was not used.
    func unused(_ pass: Pass) {
        let now = context.clock.now
        state.withLock { state in
            state.limiter.unused(pass.ticket, at: now)
            if pass.isProbe { state.breaker.probeUnused(at: now) }
        }
        // Not from here: what cannot be recorded now would be asked for again and again, each time
        // deeper on the stack.
        context.loop.perform { [self] in settle() }
    }

    /// Learns what came of a call; `isFailure` is `nil` where that says nothing of the service.
    func finished(
        _ pass: Pass,
        wasSent: Bool,
        _ report: LimitReport?,
        isFailure: Bool?,
        isLimitedUntil: Timestamp?,
        at now: Timestamp
    ) {
        let change: Breaker.Change? = state.withLock { state in
            if wasSent {
                state.limiter.finished(pass.ticket, at: now)
            } else {
                state.limiter.unused(pass.ticket, at: now)
            }
            if let report { state.limiter.learn(report, at: now) }
            if let isLimitedUntil { state.limiter.blocked(until: isLimitedUntil, at: now) }
            guard let isFailure else {
                if pass.isProbe { state.breaker.probeUnused(at: now) }
                return nil
            }
            return state.breaker.record(
                isFailure ? .failure : .success,
                wasProbe: pass.isProbe,
                at: now
            )
        }
        if let change { context.note(event(change)) }
        settle()
    }

    private func event(_ change: Breaker.Change) -> Draft {
        let word =
            switch change.state {
            case .open: "opened"
            case .halfOpen: "half_opened"
            case .closed: "closed"
            }
        var draft = AdminEvent.draft(type: "daybook.breaker.\(word)")
        draft[.service] = service.name
        draft[.subject] = "service:\(service.name)"
        draft[.reason] = change.reason
        return draft
    }

    // MARK: - Those who wait

    /// Lets those go who may, and turns away those whose patience is over.
    private func settle() {
        var answers: [(CallRun, Result<Pass, CallProblem>)] = []
        let (now, next): (Timestamp, Timestamp?) = state.withLock { state in
            let now = context.clock.now
            for grant in state.limiter.advance(at: now) {
                switch grant {
                case .go(let ticket):
                    guard let run = state.waiting.removeValue(forKey: ticket) else { continue }
                    answers.append((run, Self.admit(ticket, nil, &state, now)))
                case .refused(let ticket, let refusal):
                    guard let run = state.waiting.removeValue(forKey: ticket) else { continue }
                    answers.append((run, .failure(Self.problem(refusal))))
                }
            }
            guard let next = state.limiter.nextMoment else { return (now, nil) }
            if let armed = state.armed, armed <= next { return (now, nil) }
            state.armed = next
            return (now, next)
        }
        for (run, answer) in answers { run.take(answer) }
        guard let next else { return }
        let wait = max(0, next.microseconds - now.microseconds)
        context.loop.perform(after: UInt64(wait) * 1000) { [self] in
            state.withLock { if $0.armed == next { $0.armed = nil } }
            settle()
        }
    }

    /// Lets a run go on after a time, or at once when all ends.
    func pause(_ run: CallRun, _ wait: Duration, then goOn: @escaping @Sendable () -> Void) {
        let id = ObjectIdentifier(run)
        state.withLock { $0.pausing[id] = goOn }
        context.loop.perform(after: UInt64(max(0, wait.wholeMicroseconds)) * 1000) { [self] in
            let goOn = state.withLock { $0.pausing.removeValue(forKey: id) }
            goOn?()
        }
        if context.isStopping.load(ordering: .relaxed) { stop() }
    }

    /// Turns away all who wait for leave, and ends all pauses.
    func stop() {
        let (runs, pausing) = state.withLock { state in
            for ticket in state.waiting.keys { state.limiter.withdraw(ticket) }
            defer {
                state.waiting = [:]
                state.pausing = [:]
            }
            return (Array(state.waiting.values), Array(state.pausing.values))
        }
        for run in runs { run.take(.failure(.stopping)) }
        for goOn in pausing { goOn() }
    }

    /// Counts the calls of earlier processes, by when they ended.
    func restore(_ calls: [Timestamp]) {
        let now = context.clock.now
        state.withLock { $0.limiter.restore(calls, at: now) }
    }

    /// How it stands.
    var status: ServiceStatus {
        let now = context.clock.now
        return state.withLock { state in
            ServiceStatus(
                name: service.name,
                base: service.base,
                breaker: state.breaker.state.rawValue,
                limits: state.limiter.status(at: now)
            )
        }
    }
}

/// How a service stands, for people.
package struct ServiceStatus: Sendable {
    /// The service's name.
    package let name: String
    /// Where it is.
    package let base: String
    /// `closed`, `open` or `half_open`.
    package let breaker: String
    /// How much of its limits is used, and who waits.
    package let limits: Limiter.Status
}
