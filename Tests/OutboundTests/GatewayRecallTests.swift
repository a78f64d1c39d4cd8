import Bytes
import DaybookTesting
import Ledger
import POSIX
import Testing

@testable import Outbound

@Suite("what a gateway knows after a restart")
struct GatewayRecallTests {
    private static func ago(_ seconds: Double) -> Timestamp {
        Timestamp(microseconds: Clock.microseconds - Int64(seconds * 1_000_000))
    }

    private static func intent(_ sent: Timestamp, attempt: UInt64 = 1) -> Draft {
        var draft = AdminEvent.draft(type: "daybook.call.intent")
        draft[.service] = "api"
        draft[.method] = "POST"
        draft[.path] = "/x"
        draft[.time] = sent.rfc3339
        draft[.correlationid] = "thread"
        draft[.authtype] = "token"
        draft[.authid] = "shop"
        draft.set(.attempt, to: attempt)
        return draft
    }

    private static func call(
        _ sent: Timestamp,
        milliseconds: UInt64 = 5,
        cause: UInt64 = 0
    ) -> Draft {
        var draft = Draft(
            source: "api",
            id: AdminEvent.newID(),
            type: "api.call",
            kind: .call,
            outcome: .succeeded
        )
        draft[.service] = "api"
        draft[.method] = "GET"
        draft[.path] = "/x"
        draft[.time] = sent.rfc3339
        draft.set(.status, to: 200)
        draft.set(.durationms, to: milliseconds)
        draft[.causationid] = Decimal.padded(cause, digits: Decimal.sequenceDigits)
        return draft
    }

    /// A ledger of these events.
    private static func ledger(_ drafts: [Draft]) throws -> TemporaryLedger {
        let ledger = try TemporaryLedger()
        let open = try ledger.open(appends: true)
        defer { open.close() }
        _ = try open.writer?.append(drafts)
        return ledger
    }

    /// Starts a gateway as the service does, with the longest window a minute.
    private static func start(
        _ ledger: TemporaryLedger,
        _ keys: String,
        _ provider: RawProvider,
        reach seconds: Double = 60
    ) throws -> (HarshTrial, closed: Int) {
        let trial = try HarshTrial(keys, port: provider.port, on: ledger)
        var recall = CallRecall(since: ["api": ago(seconds)])
        try trial.open.read { snapshot in
            try snapshot.forEachLine(from: 0) { sequence, line in
                recall.take(line, sequence)
                return true
            }
        }
        return (trial, try trial.gateway.restore(recall))
    }

    private static func provider() throws -> RawProvider {
        try RawProvider { link, _, _ in link.answer() }
    }

    @Test("intents without an outcome are closed once, however often it is restarted")
    func closing() throws {
        // Event 0 names the key.
        let ledger = try Self.ledger([
            Self.intent(Self.ago(30)), Self.intent(Self.ago(20), attempt: 3),
            Self.call(Self.ago(20), cause: 2), Self.intent(Self.ago(1)),
        ])
        let provider = try Self.provider()
        for expected in [2, 0, 0] {
            let (trial, closed) = try Self.start(ledger, "", provider)
            trial.close()
            #expect(closed == expected)
            let calls = try trial.pairedCalls()
            #expect(calls.count == 3)
            let own = calls.filter { $0["reason"]?.hasPrefix("outcome unknown: ") == true }
            #expect(own.map { $0["attempt"] } == ["1", "1"])
            #expect(own.allSatisfy { $0["source"] == "api" && $0["outcome"] == "failed" })
            #expect(own.allSatisfy { $0["status"] == nil && $0["correlationid"] == "thread" })
        }
        #expect(try ledger.verify().isSound)
    }

    @Test("five thousand open intents are closed")
    func many() throws {
        let ledger = try Self.ledger((0..<5000).map { _ in Self.intent(Self.ago(100)) })
        let provider = try Self.provider()
        for expected in [5000, 0] {
            let (trial, closed) = try Self.start(ledger, "", provider)
            trial.close()
            #expect(closed == expected)
        }
    }

    @Test("limits hold over a restart, also for a call whose outcome is not known")
    func limits() throws {
        let ledger = try Self.ledger([Self.call(Self.ago(40)), Self.intent(Self.ago(10))])
        let provider = try Self.provider()
        let (trial, _) = try Self.start(ledger, "limits: [2/1m]", provider)
        let answered = try trial.send("GET", "/x", [("X-Daybook-Max-Wait", "0")])
        trial.close()
        #expect(answered.problem?.word == .limitReached)
        let retryAfter = try #require(answered.problem?.retryAfter)
        #expect(retryAfter > .seconds(5) && retryAfter < .seconds(25))
        #expect(provider.requests.isEmpty)
    }

    @Test("calls that ended before the window began count no more")
    func horizon() throws {
        let ledger = try Self.ledger([Self.call(Self.ago(70)), Self.call(Self.ago(65))])
        let provider = try Self.provider()
        let (trial, _) = try Self.start(ledger, "limits: [2/1m]", provider)
        for _ in 0..<2 {
            let answered = try trial.send("GET", "/x", [("X-Daybook-Max-Wait", "0")])
            #expect(answered.head?.status == 200)
        }
        trial.close()
    }

    @Test("a call that was sent before the window began, but may have arrived within it, counts")
    func lateArrival() throws {
        let ledger = try Self.ledger([Self.call(Self.ago(65), milliseconds: 30_000)])
        let provider = try Self.provider()
        let (trial, _) = try Self.start(ledger, "limits: [1/1m]", provider)
        let answered = try trial.send("GET", "/x", [("X-Daybook-Max-Wait", "0")])
        trial.close()
        #expect(answered.problem?.word == .limitReached)
    }

    @Test("a call of which nothing is known counts at the second restart as it did at the first")
    func closedCounts() throws {
        // Sent just within the window as the first start sees it; the second one is 2 s later.
        let ledger = try Self.ledger([Self.intent(Self.ago(59.5))])
        let provider = try Self.provider()
        let (first, closed) = try Self.start(ledger, "limits: [1/1m]", provider)
        #expect(closed == 1)
        #expect(first.gateway.status.first?.limits.windows.first?.used == 1)
        first.close()
        let (second, _) = try Self.start(ledger, "limits: [1/1m]", provider, reach: 58)
        #expect(second.gateway.status.first?.limits.windows.first?.used == 1)
        second.close()
    }

    @Test("a call that never left uses no limit up, after a restart either")
    func neverSent() throws {
        let ledger = try TemporaryLedger()
        let dead = try RawProvider.deadPort()
        let trial = try HarshTrial("limits: [1/1m], retries: 1", port: dead, on: ledger)
        #expect(try trial.send().problem?.word == .unreachable)
        #expect(trial.gateway.status.first?.limits.windows.first?.used == 0)
        trial.close()
        let provider = try Self.provider()
        let (second, _) = try Self.start(ledger, "limits: [1/1m]", provider)
        #expect(second.gateway.status.first?.limits.windows.first?.used == 0)
        second.close()
    }
}
