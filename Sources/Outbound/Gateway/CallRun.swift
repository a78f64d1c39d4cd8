internal import Bytes
internal import HTTPClient
internal import Ledger
internal import Synchronization

/// One request on its way: it asks for leave, is recorded, sent, recorded again and answered; as
/// often as it is tried.
final class CallRun: TransferReceiver {
    /// Bytes of an answer that are held, so that the caller gets it when its event is on disk; a
    /// longer one is passed on as it comes, all but its end.
    private static let heldBytes = 64 << 10
    /// The same of an answer after which another attempt may follow.
    private static let heldProblemBytes = 1 << 20

    private struct State {
        var attempt = 1
        /// The event that caused this attempt.
        var cause: String?
        var patience: Duration
        var asked: Timestamp
        var pass: ServiceLane.Pass?
        var token: String?
        var intent: UInt64 = 0
        var sent = Timestamp.min
        var transfer: TransferID?
        /// Whether there was room before it was known for which transfer.
        var mustResume = false
        var ending = CallRecord.Ending()
        /// What is held of the answer while it is not passed on.
        var held: [UInt8] = []
        var stream: (any CallStream)?
    }

    let record: CallRecord
    private let lane: ServiceLane
    private let answerer: any CallAnswerer
    private let state: Mutex<State>

    private var context: CallContext { lane.context }
    private var service: OutboundService { lane.service }

    init(_ request: GatewayRequest, _ lane: ServiceLane, _ answerer: any CallAnswerer) {
        self.lane = lane
        self.answerer = answerer
        record = CallRecord(request, lane.service, lane.context)
        state = Mutex(
            State(
                cause: request.causation,
                patience: request.patience,
                asked: lane.context.clock.now
            )
        )
        context.heldBytes.add(request.body.count, ordering: .relaxed)
    }

    deinit {
        context.heldBytes.subtract(record.request.body.count, ordering: .relaxed)
    }

    // MARK: - Before an attempt

    /// Begins, or begins again.
    func ask() {
        guard !context.isStopping.load(ordering: .relaxed) else {
            answerer.refuse(CallProblem(.stopping, "daybook is stopping"), call: nil)
            return
        }
        guard let tokens = lane.tokens else { return askLane() }
        tokens.token { [self] result in
            switch result {
            case .success(let token):
                state.withLock { $0.token = token }
                askLane()
            case .failure(let problem): answerer.refuse(problem, call: nil)
            }
        }
    }

    private func askLane() {
        let patience = state.withLock { state in
            state.asked = context.clock.now
            return state.patience
        }
        lane.ask(self, patience: patience)
    }

    /// Takes the lane's answer: leave to send, or why not.
    func take(_ answer: Result<ServiceLane.Pass, CallProblem>) {
        switch answer {
        case .failure(let problem): answerer.refuse(problem, call: nil)
        case .success(let pass):
            let intent = state.withLock { state in
                let now = context.clock.now
                state.patience = max(.zero, state.patience - now.since(state.asked))
                state.pass = pass
                state.ending = CallRecord.Ending(wouldWait: pass.wouldWait)
                return record.intent(state.attempt, at: now, cause: state.cause)
            }
            recordIntent(intent, pass)
        }
    }

    private func recordIntent(_ intent: Draft, _ pass: ServiceLane.Pass) {
        do {
            try context.writer.submit([intent]) { [self] result in
                switch result {
                case .success(let receipts): send(receipts[0].sequence, pass)
                case .failure(let error): refuse(error, pass)
                }
            }
        } catch {
            refuse(error, pass)
        }
    }

    /// What cannot be recorded is not sent.
    private func refuse(_ error: AppendError, _ pass: ServiceLane.Pass) {
        lane.unused(pass)
        answerer.refuse(
            CallProblem(.notRecorded, "nothing was sent: \(error)", retryAfter: .seconds(5)),
            call: nil
        )
    }

    private func send(_ intent: UInt64, _ pass: ServiceLane.Pass) {
        context.opened(intent)
        let now = context.clock.now
        let token = state.withLock { state in
            state.intent = intent
            state.sent = now
            return state.token
        }
        let id = context.loop.start(record.outgoing(token: token), service.rules, self)
        let mustResume = state.withLock { state in
            // The answer may have ended already, and another attempt begun.
            if state.intent == intent { state.transfer = id }
            defer { state.mustResume = false }
            return state.mustResume
        }
        if mustResume { context.loop.resume(id) }
    }

    // MARK: - The answer

    func leaves() {
        if let pass = state.withLock({ $0.pass }) { lane.sent(pass, at: context.clock.now) }
    }

    func began(_ head: AnswerHead) {
        let now = context.clock.now
        let pass = state.withLock { state in
            state.ending.head = head
            return state.pass
        }
        if let pass { lane.arrived(pass, at: now) }
    }

    func received(_ piece: Span<UInt8>) -> Bool {
        let bytes = [UInt8](copying: piece)
        let stream: (any CallStream)? = state.withLock { state in
            state.ending.bodyBytes += bytes.count
            guard let stream = state.stream else {
                state.held += bytes
                return nil
            }
            let room = service.recordedBytes - state.ending.body.count
            if room > 0 { state.ending.body += bytes.prefix(room) }
            return stream
        }
        // Never under the lock: a stream may answer at once that there is room, or nobody.
        return stream.map { $0.write(piece) } ?? streamIfLong()
    }

    /// Begins to pass a long answer on, from its beginning.
    private func streamIfLong() -> Bool {
        let (head, held, intent) = state.withLock { ($0.ending.head, $0.held, $0.intent) }
        guard let head else { return true }
        let most = head.status < 400 ? Self.heldBytes : Self.heldProblemBytes
        guard held.count > most else { return true }
        let stream = answerer.stream(passed(head, call: intent)) { [self] in resume() }
        state.withLock { state in
            state.held = []
            state.stream = stream
            state.ending.body = Array(held.prefix(service.recordedBytes))
        }
        return stream.write(held.span)
    }

    private func resume() {
        let id = state.withLock { state in
            if state.transfer == nil { state.mustResume = true }
            return state.transfer
        }
        if let id { context.loop.resume(id) }
    }

    private func passed(_ head: AnswerHead, call: UInt64) -> CallHead {
        CallHead(
            status: head.status,
            headers: PassedHeaders.answer(head.headers)
                + [(name: "Daybook-Call", value: "\(call)")]
        )
    }

    // MARK: - After an attempt

    func ended(_ end: TransferEnd) {
        let now = context.clock.now
        let (attempt, pass): (Attempt, ServiceLane.Pass?) = state.withLock { state in
            state.ending.milliseconds = UInt64(
                max(0, now.since(state.sent).wholeMicroseconds / 1000)
            )
            state.ending.problem = end.problem.map { CallProblem($0) }
            if state.stream == nil {
                state.ending.body = Array(state.held.prefix(service.recordedBytes))
            }
            return (Attempt(state, end, service, now), state.pass)
        }
        if let pass {
            lane.finished(
                pass,
                wasSent: end.wasSent,
                attempt.report,
                isFailure: attempt.isFailure,
                isLimitedUntil: attempt.limitedUntil,
                at: now
            )
        }
        if attempt.status == 401, let token = state.withLock({ $0.token }) {
            lane.tokens?.refused(token)
        }
        let (call, decision): (Draft, RetryDecision) = state.withLock { state in
            let call = record.call(
                state.attempt,
                at: state.sent,
                intent: state.intent,
                state.ending
            )
            guard state.stream == nil, !context.isStopping.load(ordering: .relaxed) else {
                return (call, .done)
            }
            return (call, decide(attempt, state, now))
        }
        recordCall(call, decision)
    }

    /// What is to be known of an attempt that has ended.
    private struct Attempt {
        let status: Int?
        let report: LimitReport?
        let outcome: AttemptOutcome
        /// Whether the service failed; `nil` where that cannot be said.
        let isFailure: Bool?
        let limitedUntil: Timestamp?

        init(_ state: State, _ end: TransferEnd, _ service: OutboundService, _ now: Timestamp) {
            status = state.ending.head?.status
            if let head = state.ending.head {
                let body = state.stream == nil ? state.held : []
                report = service.profile.read(
                    status: head.status,
                    headers: head.headers,
                    body: body.span,
                    at: now
                )
            } else {
                report = nil
            }
            limitedUntil =
                report?.isLimited == true && report?.retryAt == nil && status == 429
                ? now.adding(.seconds(1)) : nil
            outcome = AttemptOutcome(
                status: status,
                problem: end.problem,
                wasSent: end.wasSent
            )
            isFailure =
                switch end.problem {
                case .forbiddenAddress, .cancelled, .tooLarge, .headersTooLarge, .badURL,
                    .badRequest:
                    nil
                case .some: true
                case nil: (status ?? 0) >= 500
                }
        }
    }

    private func decide(_ attempt: Attempt, _ state: State, _ now: Timestamp) -> RetryDecision {
        service.retries.decide(
            attempt: state.attempt,
            method: record.request.method,
            hasKey: record.hasKey,
            outcome: attempt.outcome,
            retryAt: attempt.report?.retryAt,
            now: now,
            patience: now.adding(state.patience),
            chance: .random(in: 0..<1)
        )
    }

    private func recordCall(_ call: Draft, _ decision: RetryDecision, triesLeft: Int = 50) {
        do {
            try context.writer.submit([call]) { [self] result in
                switch result {
                case .success(let receipts):
                    context.closed(state.withLock { $0.intent })
                    follow(receipts[0].sequence, decision)
                case .failure: follow(nil, .done)
                }
            }
        } catch .queueFull where triesLeft > 0 {
            context.loop.perform(after: 100_000_000) { [self] in
                recordCall(call, decision, triesLeft: triesLeft - 1)
            }
        } catch {
            // What was done is done: the caller learns of it, and the next start closes the intent.
            follow(nil, .done)
        }
    }

    /// Tries again, or answers; `call` is `nil` where the call could not be recorded.
    private func follow(_ call: UInt64?, _ decision: RetryDecision) {
        guard case .again(let wait) = decision, let call else { return answer(call) }
        state.withLock { state in
            state.attempt += 1
            state.cause = Decimal.padded(call, digits: Decimal.sequenceDigits)
            state.patience = max(.zero, state.patience - wait)
            state.held = []
            state.transfer = nil
        }
        context.loop.perform(after: UInt64(max(0, wait.wholeMicroseconds)) * 1000) { [self] in
            ask()
        }
    }

    private func answer(_ call: UInt64?) {
        let ended = state.withLock { state in
            // It knows of this run, too: neither must keep the other.
            defer { state.stream = nil }
            return state
        }
        if let stream = ended.stream {
            return ended.ending.problem == nil && call != nil ? stream.end() : stream.fail()
        }
        if let problem = ended.ending.problem {
            return answerer.refuse(problem, call: call)
        }
        guard let head = ended.ending.head else {
            return answerer.refuse(CallProblem(.brokenAnswer, "there was no answer"), call: call)
        }
        var passed = passed(head, call: call ?? ended.intent)
        if call == nil { passed.headers.append((name: "Daybook-Problem", value: "not-recorded")) }
        answerer.answer(passed, ended.held)
    }
}
