import Bytes
import Ledger
import Testing

@testable import Audit

@Suite("The use of rate limits") struct RateLimitUseTests {
    private func use(
        _ calls: [Draft],
        _ log: IncidentLog,
        service: String? = nil
    ) throws -> RateLimitUse {
        for call in calls { try log.take(call) }
        return try RateLimitUse(EventSelection(), service: service, log.ledger)
    }

    private func call(
        _ log: IncidentLog,
        at time: String,
        _ status: UInt64 = 200,
        limit: String? = "3/1m 10/1h@90",
        retryAfter: String? = nil
    ) -> Draft {
        var call = log.call("xero", status, limit: limit, retryAfter: retryAfter)
        call[.time] = time
        return call
    }

    @Test("is counted in windows by when calls were sent, for each limit apart")
    func windows() throws {
        let log = try IncidentLog()
        let times = [
            "2026-11-20T09:00:00Z", "2026-11-20T09:00:59.999999Z", "2026-11-20T09:01:00Z",
            "2026-11-20T09:00:30Z", "2026-11-20T09:00:31Z",
        ]
        let use = try use(times.map { call(log, at: $0) }, log)
        let minutes = use.windows.filter { $0.limit.window == "1m" }
        #expect(minutes.map(\.start.short) == ["2026-11-20T09:00:00Z", "2026-11-20T09:01:00Z"])
        #expect(minutes.map(\.calls) == [4, 1])
        #expect(minutes.map(\.percent) == [133, 33])
        #expect(minutes.map(\.state) == [.over, .free])
        let hour = try #require(use.windows.first { $0.limit.window == "1h" })
        #expect((hour.calls, hour.percent, hour.state) == (5, 50, .free))
        #expect(use.summaries.map(\.limit.text) == ["3/1m", "10/1h"])
        #expect(use.summaries.map(\.peak.calls) == [4, 5])
        #expect(use.summaries.map(\.near) == [1, 0])
    }

    @Test("tells the call that reached the share, the 429s, and the longest Retry-After")
    func throttled() throws {
        let log = try IncidentLog()
        let use = try use(
            [
                call(log, at: "2026-11-20T09:00:00Z"), call(log, at: "2026-11-20T09:00:01Z"),
                call(log, at: "2026-11-20T09:00:02Z"),
                call(log, at: "2026-11-20T09:00:03Z", 429, retryAfter: "9"),
                call(log, at: "2026-11-20T09:00:04Z", 429, retryAfter: "37"),
                call(log, at: "2026-11-20T09:00:05Z", 429, retryAfter: "soon"),
            ],
            log
        )
        let minute = try #require(use.windows.first)
        #expect(minute.throttled == 3)
        #expect(minute.retryAfter == "37")
        // 80 of 100 of three calls are reached with the third.
        #expect(minute.alerted == minute.first + 2)
    }

    @Test("counts what says no limit, or one that cannot be read, and takes other services apart")
    func others() throws {
        let log = try IncidentLog()
        let drafts = [
            call(log, at: "2026-11-20T09:00:00Z", limit: nil),
            call(log, at: "2026-11-20T09:00:00Z", limit: "many 3/1m"),
            log.call("klaviyo", 200, limit: "1/1s"), log.breaker("xero", "opened"),
        ]
        let all = try use(drafts, log)
        #expect((all.unlimited, all.unreadable, all.windows.count) == (1, 1, 2))
        let xero = try RateLimitUse(EventSelection(), service: "xero", log.ledger)
        #expect(xero.windows.map(\.service) == ["xero"])
        #expect(xero.breakers.map(\.type) == ["daybook.breaker.opened"])
    }

    @Test(
        "a limit is read as lines have it",
        arguments: [
            ("60/1m", 60, 60_000_000, 80), ("5000/1d@90", 5000, 86_400_000_000, 90),
            ("1/10s", 1, 10_000_000, 80),
        ] as [(String, UInt64, Int64, UInt64)]
    )
    func limits(text: String, allowed: UInt64, width: Int64, alertAt: UInt64) throws {
        let limit = try #require(RateLimitUse.Limit(text[...]))
        #expect((limit.allowed, limit.width, limit.alertAt) == (allowed, width, alertAt))
    }

    @Test(
        "what is no limit is none",
        arguments: [
            "", "60", "60/", "/1m", "0/1m", "60/0m", "60/1y", "-1/1m", "60/1m@@", "60/99999999d",
        ]
    )
    func noLimits(text: String) {
        #expect(RateLimitUse.Limit(text[...]) == nil)
    }
}
