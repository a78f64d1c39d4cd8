import Bytes
import DaybookTesting
import HTTPClient
import Outbound
import Testing

@Suite("Whether an attempt is made again") struct RetryRulesTests {
    private func decide(
        _ outcome: AttemptOutcome,
        method: String = "GET",
        hasKey: Bool = false,
        attempt: Int = 1,
        retryAt: Timestamp? = nil,
        patience: Double = 1000,
        chance: Double = 0.5,
        rules: RetryRules = RetryRules()
    ) -> RetryDecision {
        rules.decide(
            attempt: attempt,
            method: method,
            hasKey: hasKey,
            outcome: outcome,
            retryAt: retryAt,
            now: now,
            patience: second(patience),
            chance: chance
        )
    }

    static let idempotent = ["GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE"]
    static let others = ["POST", "PATCH", "CONNECT", "get", "", "LOCK"]

    @Test("methods that may be repeated are, for every status that passes", arguments: 100...599)
    func statuses(status: Int) {
        let passing = [408, 429, 500, 502, 503, 504]
        let lasting = [501, 505]
        for method in Self.idempotent {
            let isAgain = passing.contains(status) || (status >= 500 && !lasting.contains(status))
            #expect((decide(.answered(status: status), method: method) != .done) == isAgain)
        }
        for method in Self.others {
            #expect(decide(.answered(status: status), method: method) == .done)
            let keyed = decide(.answered(status: status), method: method, hasKey: true)
            #expect((keyed != .done) == passing.contains(status))
        }
    }

    @Test("what was not sent is sent again by any method, what was sent only where it is safe")
    func unanswered() {
        for method in Self.others {
            #expect(decide(.unanswered(wasSent: false), method: method) != .done)
            #expect(decide(.unanswered(wasSent: true), method: method) == .done)
            #expect(decide(.unanswered(wasSent: true), method: method, hasKey: true) != .done)
        }
        for method in Self.idempotent {
            #expect(decide(.unanswered(wasSent: true), method: method) != .done)
        }
    }

    @Test(
        "a transfer's end is judged by its problem, else by its status",
        arguments: [
            (200, nil, .answered(status: 200)), (503, nil, .answered(status: 503)),
            (nil, .unreachable(reason: ""), .unanswered(wasSent: true)),
            (nil, .failed(code: 56, reason: ""), .unanswered(wasSent: true)),
            (200, .failed(code: 18, reason: ""), .unanswered(wasSent: true)),
            (nil, .tooSlow(limit: 1), .unanswered(wasSent: true)),
            (nil, nil, .unanswered(wasSent: true)), (nil, .untrusted(reason: ""), .hopeless),
            (200, .tooLarge(limit: 1), .hopeless), (nil, .badURL(reason: ""), .hopeless),
            (nil, .badRequest(reason: ""), .hopeless),
        ] as [(Int?, HTTPClientError?, AttemptOutcome)]
    )
    func transfers(status: Int?, problem: HTTPClientError?, outcome: AttemptOutcome) {
        #expect(AttemptOutcome(status: status, problem: problem, wasSent: true) == outcome)
    }

    @Test("what is hopeless is never repeated")
    func hopeless() {
        for method in Self.idempotent {
            #expect(decide(.hopeless, method: method, hasKey: true) == .done)
        }
    }

    @Test("there are no more attempts than there may be", arguments: [1, 2, 5, 20])
    func attempts(most: Int) {
        let rules = RetryRules(attempts: most)
        for attempt in 1...25 {
            let decision = decide(.answered(status: 503), attempt: attempt, rules: rules)
            #expect((decision != .done) == (attempt < most))
        }
    }

    @Test(
        "the wait is by chance between nothing and 250 ms, doubled for each attempt, at most 30 s"
    )
    func jitter() {
        var chance = SeededChance(seed: 7)
        let rules = RetryRules(attempts: 100)
        for attempt in 1...99 {
            let most = min(Duration.seconds(30), .milliseconds(250) * (1 << min(attempt - 1, 20)))
            var waits: [Duration] = []
            for _ in 0..<200 {
                let random = Double.random(in: 0..<1, using: &chance)
                guard
                    case .again(let wait) = decide(
                        .unanswered(wasSent: true),
                        attempt: attempt,
                        chance: random,
                        rules: rules
                    )
                else {
                    Issue.record("attempt \(attempt) is not made again")
                    return
                }
                waits.append(wait)
            }
            #expect(waits.allSatisfy { $0 >= .zero && $0 < most })
            // Full jitter: all of the range is used.
            #expect(waits.contains { $0 < most / 10 } && waits.contains { $0 > most * 9 / 10 })
        }
        #expect(decide(.unanswered(wasSent: true), chance: 0) == .again(after: .zero))
        #expect(decide(.unanswered(wasSent: true), chance: .nan) == .again(after: .zero))
    }

    @Test("Retry-After is never shortened, and beyond patience it ends the attempts")
    func retryAfter() {
        for status in [429, 503] {
            let outcome = AttemptOutcome.answered(status: status)
            #expect(decide(outcome, retryAt: second(7)) == .again(after: .seconds(7)))
            #expect(decide(outcome, retryAt: second(7), patience: 7) == .again(after: .seconds(7)))
            #expect(decide(outcome, retryAt: second(7), patience: 6.9) == .done)
            #expect(decide(outcome, retryAt: .max, patience: 6.9) == .done)
            let past = decide(outcome, retryAt: second(-7), chance: 0.5)
            #expect(past == .again(after: .milliseconds(125)))
        }
    }

    @Test("who is not patient for the wait gets the outcome as it is")
    func impatient() {
        #expect(decide(.answered(status: 500), patience: 0.125) != .done)
        #expect(decide(.answered(status: 500), patience: 0.124) == .done)
        #expect(decide(.answered(status: 500), patience: -5, chance: 0) == .done)
    }
}
