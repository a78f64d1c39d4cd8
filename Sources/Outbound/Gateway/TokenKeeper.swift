internal import Bytes
internal import HTTPClient
internal import Ledger
internal import Synchronization

/// Has a service's bearer token granted, keeps it, and has it renewed before it ends.
final class TokenKeeper: Sendable {
    typealias Then = @Sendable (Result<String, CallProblem>) -> Void

    private struct State {
        var token: GrantedToken?
        var renewal = Timestamp.min
        var refreshToken: [UInt8]?
        var isAsking = false
        var waiting: [Then] = []
        /// When a URL that refused may be asked again.
        var closedUntil = Timestamp.min
        var problem: CallProblem?
    }

    /// Waiting callers beyond which no more are taken.
    private static let mostWaiting = 10_000
    /// How long a URL that grants no token is left alone.
    private static let pause = Duration.seconds(5)

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

    /// Gives a token that holds for now; at once if there is one.
    func token(_ then: @escaping Then) {
        let now = context.clock.now
        enum Step { case have(String), refuse(CallProblem), wait }
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
            state.waiting.append(then)
            return (.wait, mustAsk)
        }
        switch step {
        case .have(let token): then(.success(token))
        case .refuse(let problem): then(.failure(problem))
        case .wait: break
        }
        if mustAsk { ask() }
    }

    /// Forgets a token that the service did not take.
    func refused(_ token: String) {
        state.withLock { if $0.token?.value == token { $0.token = nil } }
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
        if let token = granted?.refreshToken, let reference = grant.refreshReference {
            context.keepSecret(reference, token)
        }
        let (waiting, result): ([Then], Result<String, CallProblem>) = state.withLock { state in
            state.isAsking = false
            defer { state.waiting = [] }
            guard let granted else {
                let detail =
                    problem?.detail ?? "its token URL answered \(status ?? 0), expected a token"
                let refused = CallProblem(.tokenRefused, detail, retryAfter: Self.pause)
                state.problem = refused
                state.closedUntil = now.adding(Self.pause)
                return (state.waiting, .failure(refused))
            }
            state.token = granted
            state.renewal = granted.renewal(granted: now)
            if let token = granted.refreshToken { state.refreshToken = token }
            state.problem = nil
            return (state.waiting, .success(granted.value))
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
        var draft = Draft(
            source: service.name,
            id: AdminEvent.newID(),
            type: "api.token",
            kind: .call,
            outcome: isGranted ? .succeeded : .failed
        )
        draft[.service] = service.name
        draft[.method] = "POST"
        draft[.time] = started.rfc3339
        draft[.reason] = problem?.reason
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
