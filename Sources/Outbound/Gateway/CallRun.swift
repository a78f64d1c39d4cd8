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

    /// The statuses that can be passed on (RFC 9110 section 15, without the interim ones).
    static let answerable = 200...599

    struct State {
        var attempt = 1
        /// The event that caused this attempt.
        var cause: String?
        var patience: Duration
        var asked: Timestamp
        var pass: ServiceLane.Pass?
        var token: String?
        var intent: UInt64 = 0
        /// The event of the attempt before, whose answer is what there is while none comes after it.
        var lastCall: UInt64?
        var sent = Timestamp.min
        var transfer: TransferID?
        /// Whether there was room before it was known for which transfer.
        var mustResume = false
        /// Whether the caller takes no more for now.
        var isFull = false
        var ending = CallRecord.Ending()
        /// What is held of the answer while it is not passed on.
        var held: [UInt8] = []
        var stream: (any CallStream)?
    }

    let record: CallRecord
    let lane: ServiceLane
    let answerer: any CallAnswerer
    let state: Mutex<State>

    var context: CallContext { lane.context }
    var service: OutboundService { lane.service }
    var isStopping: Bool { context.isStopping.load(ordering: .relaxed) }

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
        context.underWay.add(1, ordering: .relaxed)
    }

    deinit {
        context.heldBytes.subtract(record.request.body.count, ordering: .relaxed)
        context.underWay.subtract(1, ordering: .relaxed)
    }

    // MARK: - Before an attempt

    /// Begins, or begins again.
    func ask() {
        guard !isStopping else { return giveUp(.stopping) }
        let patience = state.withLock { state in
            state.asked = context.clock.now
            return state.patience
        }
        lane.ask(self, patience: patience)
    }

    /// Takes the lane's answer: leave to send, or why not.
    func take(_ answer: Result<ServiceLane.Pass, CallProblem>) {
        switch answer {
        case .failure(let problem): giveUp(problem)
        case .success(let pass):
            let now = context.clock.now
            state.withLock { state in
                state.patience = max(.zero, state.patience - now.since(state.asked))
                state.pass = pass
            }
            withToken(pass)
        }
    }

    /// Has a token before an attempt is recorded; most services need none.
    private func withToken(_ pass: ServiceLane.Pass) {
        guard let tokens = lane.tokens else { return recordIntent(pass) }
        let patience = state.withLock { $0.patience }
        tokens.token(patience: patience) { [self] result in
            switch result {
            case .success(let token):
                state.withLock { $0.token = token }
                recordIntent(pass)
            case .failure(let problem):
                lane.unused(pass)
                giveUp(problem)
            }
        }
    }

    private func recordIntent(_ pass: ServiceLane.Pass) {
        guard !isStopping else {
            lane.unused(pass)
            return giveUp(.stopping)
        }
        let intent = state.withLock { state in
            record.intent(state.attempt, at: context.clock.now, cause: state.cause)
        }
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
        giveUp(
            CallProblem(.notRecorded, "it is not sent now: \(error)", retryAfter: .seconds(5))
        )
    }

    /// Answers without another attempt: what the last one brought, or why there was none.
    private func giveUp(_ problem: CallProblem) {
        if let call = state.withLock({ $0.lastCall }) { return answer(call) }
        answerer.refuse(problem, call: nil)
    }

    private func send(_ intent: UInt64, _ pass: ServiceLane.Pass) {
        context.opened(intent)
        let now = context.clock.now
        let token = state.withLock { state in
            state.intent = intent
            state.sent = now
            state.ending = CallRecord.Ending(wouldWait: pass.wouldWait)
            state.held = []
            state.transfer = nil
            state.lastCall = nil
            return state.token
        }
        guard !isStopping else { return close(pass) }
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

    /// Records that what was meant to be sent was not.
    private func close(_ pass: ServiceLane.Pass) {
        lane.unused(pass)
        let call = state.withLock { state in
            state.ending.problem = .stopping
            return record.call(state.attempt, at: state.sent, intent: state.intent, state.ending)
        }
        recordCall(call, .done)
    }

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
        guard let stream else { return streamIfLong() }
        return goesOn(stream.write(piece))
    }

    /// Keeps in mind whether the caller takes what comes.
    private func goesOn(_ hasRoom: Bool) -> Bool {
        state.withLock { $0.isFull = !hasRoom }
        return hasRoom
    }

    /// Begins to pass a long answer on, from its beginning.
    private func streamIfLong() -> Bool {
        let (head, held, intent) = state.withLock { ($0.ending.head, $0.held, $0.intent) }
        guard let head else { return true }
        let most = head.status < 400 ? Self.heldBytes : Self.heldProblemBytes
        guard held.count > most, Self.answerable.contains(head.status) else { return true }
        let stream = answerer.stream(passed(head, call: intent)) { [self] in resume() }
        state.withLock { state in
            state.held = []
            state.stream = stream
            state.ending.body = Array(held.prefix(service.recordedBytes))
        }
        return goesOn(stream.write(held.span))
    }

    private func resume() {
        let id = state.withLock { state in
            if state.transfer == nil { state.mustResume = true }
            state.isFull = false
            return state.transfer
        }
        if let id { context.loop.resume(id) }
    }

    func passed(_ head: AnswerHead, call: UInt64) -> CallHead {
        CallHead(
            status: head.status,
            headers: PassedHeaders.answer(head.headers)
                + [(name: "Daybook-Call", value: "\(call)")]
        )
    }
}
