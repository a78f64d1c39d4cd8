internal import Bytes
internal import HTTPClient
internal import Ledger
internal import Synchronization

/// Has a service's bearer token granted, keeps it, and has it renewed before it ends.
final class TokenKeeper: Sendable {
    typealias Then = @Sendable (Result<String, CallProblem>) -> Void

    private struct State {
        var token: GrantedToken?
        var granted = Timestamp.min
        var renewal = Timestamp.min
        var refreshToken: [UInt8]?
        var isAsking = false
        var waiting: [UInt64: Then] = [:]
        var waiters: UInt64 = 0
        /// When a URL that refused may be asked again.
        var closedUntil = Timestamp.min
        var problem: CallProblem?
    }

    /// Waiting callers beyond which no more are taken.
    private static let mostWaiting = 10_000
    /// How long a URL that grants no token is left alone.
    private static let pause = Duration.seconds(5)

    /// How old a token must be that a service's 401 is believed to be about it.
    private static let young = Duration.seconds(30)

    private let grant: OAuth2Grant
    private let service: OutboundService
    private let context: CallContext
    private let state: Mutex<State>

    init(_ grant: OAuth2Grant, _ service: OutboundService, _ context: CallContext) {
        self.grant = grant
        self.service = service
        self.context = context
        state = Mutex(State(refreshToken: grant.refreshToken))
    }

    /// Gives a token that holds for now, at once if there is one, else when one is granted or
    /// patience ends.
    func token(patience: Duration, then: @escaping Then) {
        let now = context.clock.now
        enum Step { case have(String), refuse(CallProblem), wait(UInt64) }
        let (step, mustAsk): (Step, Bool) = state.withLock { state in
            let isValid = state.token.map { now < $0.expires } ?? false
            let mustAsk =
                !state.isAsking && (!isValid || now >= state.renewal)
                && now >= state.closedUntil
            if mustAsk { state.isAsking = true }
            if let token = state.token, isValid { return (.have(token.value), mustAsk) }
            if !state.isAsking, let problem = state.problem { return (.refuse(problem), false) }
            guard state.waiting.count < Self.mostWaiting else {
                return (.refuse(CallProblem(.busy, "too many wait for a token")), mustAsk)
            }
            state.waiters += 1
            state.waiting[state.waiters] = then
            return (.wait(state.waiters), mustAsk)
        }
        switch step {
        case .have(let token): then(.success(token))
        case .refuse(let problem): then(.failure(problem))
        case .wait(let waiter):
            let wait = UInt64(max(0, patience.wholeMicroseconds)) * 1000
            context.loop.perform(after: wait) { [self] in
                let then = state.withLock { $0.waiting.removeValue(forKey: waiter) }
                then?(.failure(Self.impatient))
            }
        }
        if mustAsk { ask() }
    }

    private static let impatient = CallProblem(
        .tokenRefused,
        "no token was granted within the wait",
        retryAfter: .seconds(1)
    )

    /// Forgets a token that the service did not take.
    ///
    /// One that was granted just now is kept: it is not the token that is wrong.
    func refused(_ token: String) {
        let now = context.clock.now
        state.withLock { state in
            guard state.token?.value == token, now >= state.granted.adding(Self.young) else {
                return
            }
            state.token = nil
        }
    }

    private func ask() {
        let refreshToken = state.withLock { $0.refreshToken }
        var rules = service.rules
        rules.bodyBytes = OutboundLimits.tokenBytes
        let started = context.clock.now
        let request = grant.request(refreshToken: refreshToken)
        let collected = CollectedAnswer { [self] status, body, problem in
            let now = context.clock.now
            let granted = status == 200 ? GrantedToken(body, at: now) : nil
            record(status, problem, started, now, isGranted: granted != nil)
            take(granted, status, problem, now)
        }
        context.loop.start(request, rules, collected)
    }

    private func take(
        _ granted: GrantedToken?,
        _ status: Int?,
        _ problem: CallProblem?,
        _ now: Timestamp
    ) {
        // A client that has none by its configuration needs none.
        let renewed = grant.refreshReference == nil ? nil : granted?.refreshToken
        if let renewed, let reference = grant.refreshReference,
            state.withLock({ $0.refreshToken != renewed })
        {
            context.keepSecret(reference, renewed)
        }
        let (waiting, result): ([Then], Result<String, CallProblem>) = state.withLock { state in
            state.isAsking = false
            let waiting = Array(state.waiting.values)
            state.waiting = [:]
            guard let granted else {
                let detail =
                    problem?.detail ?? "its token URL answered \(status ?? 0), expected a token"
                let refused = CallProblem(.tokenRefused, detail, retryAfter: Self.pause)
                state.problem = refused
                state.closedUntil = now.adding(Self.pause)
                return (waiting, .failure(refused))
            }
            state.token = granted
            state.granted = now
            state.renewal = granted.renewal(granted: now)
            if let renewed { state.refreshToken = renewed }
            state.problem = nil
            return (waiting, .success(granted.value))
        }
        for then in waiting { then(result) }
    }

    /// Records that a token was asked for, without any of the secrets.
    private func record(
        _ status: Int?,
        _ problem: CallProblem?,
        _ started: Timestamp,
        _ now: Timestamp,
        isGranted: Bool
    ) {
        var draft = AdminEvent.draft(type: "daybook.call.token")
        draft[.service] = service.name
        draft[.method] = "POST"
        draft[.time] = started.rfc3339
        draft[.reason] = isGranted ? "granted" : problem?.reason ?? "refused"
        if let status { draft.set(.status, to: UInt64(max(0, status))) }
        draft.set(.durationms, to: UInt64(max(0, now.since(started).wholeMicroseconds / 1000)))
        context.note(draft)
    }
}

/// Collects a short answer.
final class CollectedAnswer: TransferReceiver {
    private let then: @Sendable (Int?, [UInt8], CallProblem?) -> Void
    private let state = Mutex<(status: Int?, body: [UInt8])>((nil, []))

    init(_ then: @escaping @Sendable (Int?, [UInt8], CallProblem?) -> Void) {
        self.then = then
    }

    func began(_ head: AnswerHead) { state.withLock { $0.status = head.status } }

    func received(_ piece: Span<UInt8>) -> Bool {
        let piece = [UInt8](copying: piece)
        state.withLock { $0.body += piece }
        return true
    }

    func ended(_ end: TransferEnd) {
        let (status, body) = state.withLock { $0 }
        then(status, body, end.problem.map { CallProblem($0) })
    }
}
