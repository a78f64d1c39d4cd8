internal import Bytes
internal import HTTPClient
internal import Ledger
internal import Synchronization

/// What follows an attempt: its record, another one, or the answer.
extension CallRun {
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
            guard state.stream == nil, !isStopping else {
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
                // It was the caller who was too slow.
                case .tooSlow where state.isFull: nil
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

    func recordCall(_ call: Draft, _ decision: RetryDecision, triesLeft: Int = 50) {
        do {
            try context.writer.submit([call]) { [self] result in
                switch result {
                case .success(let receipts):
                    context.closed(state.withLock { $0.intent })
                    follow(receipts[0].sequence, decision)
                case .failure: follow(nil, .done)
                }
            }
        } catch .queueFull where triesLeft > 0 && !isStopping {
            lane.pause(self, .milliseconds(100)) { [self] in
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
            state.lastCall = call
            state.cause = Decimal.padded(call, digits: Decimal.sequenceDigits)
            state.patience = max(.zero, state.patience - wait)
        }
        lane.pause(self, wait) { [self] in ask() }
    }

    func answer(_ call: UInt64?) {
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
        guard Self.answerable.contains(head.status) else {
            let problem = CallProblem(.brokenAnswer, "its status is \(head.status)")
            return answerer.refuse(problem, call: call)
        }
        var passed = passed(head, call: call ?? ended.intent)
        if call == nil { passed.headers.append((name: "Daybook-Problem", value: "not-recorded")) }
        answerer.answer(passed, ended.held)
    }
}
