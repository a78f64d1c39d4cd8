import Bytes
import Outbound
import Testing
import YAML

@Suite("What the limiter learns from a provider") struct LimiterLearningTests {
    static let minute = """
        limited: [429]
        retry_after: { header: retry-after, as: seconds }
        readings:
          - { window: 1m, remaining: x-left, reset: x-reset, as: seconds }
          - { window: 1d, remaining: x-day-left, reset: x-day-reset, as: seconds }
        """

    private func learn(_ trial: inout Trial, _ status: Int, _ headers: String) throws {
        trial.limiter.learn(try profile(Self.minute).answer(status, headers), at: now)
    }

    @Test("less than is believed lowers a window until its reset")
    func lowers() throws {
        var trial = Trial(limits("10/1m"))
        #expect(trial.burst(1, at: 0) == 1)
        try learn(&trial, 200, "x-left: 3\nx-reset: 30")
        #expect(trial.used(0) == [7])
        #expect(trial.burst(10, at: 1) == 3)
        #expect(trial.ask(1, patience: 28) == "no +29.0: the limit of 10/1m is reached")
        #expect(trial.burst(10, at: 30) == 6)
    }

    @Test("without a reset it is lowered for the window's length")
    func noReset() throws {
        var trial = Trial(limits("10/1m"))
        try learn(&trial, 200, "x-left: 0")
        #expect(trial.burst(10, at: 60) == 0)
        #expect(trial.burst(20, at: 60.006) == 10)
    }

    @Test("more than is believed raises nothing, and lets a lowered window rise again")
    func raises() throws {
        var trial = Trial(limits("10/1m"))
        try learn(&trial, 200, "x-left: 5000\nx-reset: 50")
        #expect(trial.burst(20, at: 0) == 10)
        var other = Trial(limits("10/1m"))
        try learn(&other, 200, "x-left: 1\nx-reset: 50")
        #expect(other.burst(1, at: 0) == 1)
        try learn(&other, 200, "x-left: 8\nx-reset: 50")
        #expect(other.burst(20, at: 0) == 8)
    }

    @Test("calls under way are not held against us twice")
    func underWay() throws {
        var trial = Trial(limits("10/1m"))
        for _ in 0..<5 { #expect(trial.ask(0) == "go") }
        for number in 1...5 as ClosedRange<UInt64> {
            trial.limiter.arrived(.init(number: number), at: now)
            // All five have arrived before the first answer, or only its own.
            try learn(&trial, 200, "x-left: \(number < 4 ? 5 : 10 - Int(number))")
        }
        #expect(trial.used(0) == [5])
    }

    @Test("a refusal with a moment blocks until then, however far it is")
    func blocked() throws {
        var trial = Trial(limits("10/1m"))
        try learn(&trial, 429, "retry-after: 7200")
        #expect(
            trial.ask(0, patience: 60)
                == "no +7200.0: the service wants no calls until 2026-11-20T12:00:00Z"
        )
        #expect(trial.limiter.status(at: now).blockedUntil == second(7200))
        #expect(trial.ask(0, patience: 7200) == "wait")
        #expect(trial.limiter.nextMoment == second(7200))
        #expect(trial.advance(7199) == [])
        #expect(trial.advance(7200) == ["go 2"])
    }

    @Test("a block turns away at once those who wait and are not that patient")
    func blockedWaiting() {
        var trial = Trial(ServiceLimits(concurrent: 1))
        #expect(trial.ask(0) == "go")
        #expect(trial.ask(0, patience: 5) == "wait")
        #expect(trial.ask(0, patience: 50) == "wait")
        trial.limiter.blocked(until: second(20), at: second(1))
        #expect(trial.advance(1) == ["no 2"])
        trial.limiter.blocked(until: second(10), at: second(2))
        trial.limiter.finished(.init(number: 1), at: second(2))
        #expect(trial.advance(19.9) == [])
        #expect(trial.advance(20) == ["go 3"])
    }

    @Test("a window that is not configured holds until its reset")
    func unconfigured() throws {
        var trial = Trial(limits("10/1m"))
        try learn(&trial, 200, "x-day-left: 4\nx-day-reset: 600")
        #expect(trial.burst(10, at: 0) == 4)
        let why = "nothing is left of 1d, by the service's own word"
        #expect(trial.ask(1, patience: 60) == "no +599.0: \(why)")
        #expect(trial.burst(20, at: 600) == 10)
    }

    @Test("a call that is not sent after all gives back what was left")
    func givenBack() throws {
        var trial = Trial(ServiceLimits())
        try learn(&trial, 200, "x-day-left: 1\nx-day-reset: 600")
        #expect(trial.ask(0) == "go")
        #expect(trial.ask(0, patience: 0) != "go")
        trial.limiter.unused(.init(number: 1), at: now)
        #expect(trial.ask(0, patience: 0) == "go")
    }

    @Test(
        "headers that lie stop nothing for more than an hour",
        arguments: [
            "x-left: 0\nx-reset: 25920000", "x-day-left: 0\nx-day-reset: 25920000",
            "x-day-left: 0",
        ],
        ["10/1m", "10/1d", "10/1h"]
    )
    func lies(headers: String, notation: String) throws {
        var trial = Trial(limits(notation))
        try learn(&trial, 200, headers)
        #expect(trial.burst(20, at: 3600.36) == 10)
    }

    @Test("a percentage that is used up blocks for a quarter of an hour at most")
    func percentage() throws {
        let meta = try profile(
            """
            readings:
              - { percent: x-usage, members: [acc_id_util_pct], reset: reset_time_duration,
                  as: seconds }
            """
        )
        for (seconds, until) in [(600, 600.0), (86_400, 900.0)] {
            var trial = Trial(limits("10/1m"))
            let value = "{\"acc_id_util_pct\":100,\"reset_time_duration\":\(seconds)}"
            trial.limiter.learn(meta.answer(200, "x-usage: \(value)"), at: now)
            #expect(trial.limiter.status(at: now).blockedUntil == second(until))
            #expect(trial.burst(1, at: until - 1) == 0)
            #expect(trial.burst(1, at: until) == 1)
        }
    }

    @Test("a tenant's and an app's limit of one length are told apart")
    func perTenant() throws {
        let xero = try profile(
            """
            readings:
              - { window: 1m, per: tenant, remaining: x-minlimit-remaining }
              - { window: 1m, per: app, remaining: x-appminlimit-remaining }
            """
        )
        var trial = Trial(limits("60/1m"))
        let answer = xero.answer(200, "x-minlimit-remaining: 50\nx-appminlimit-remaining: 9995")
        trial.limiter.learn(answer, at: now)
        #expect(trial.used(0) == [10])
        let scarce = xero.answer(200, "x-minlimit-remaining: 50\nx-appminlimit-remaining: 3")
        trial.limiter.learn(scarce, at: now)
        #expect(trial.used(0) == [10])
        #expect(trial.burst(60, at: 0) == 3)
        #expect(
            trial.ask(0, patience: 1).hasSuffix("left of 1m per app, by the service's own word")
        )
    }

    @Test("a bucket's fill is taken when it is higher than believed, never when lower")
    func bucket() throws {
        let shopify = try profile("readings:\n  - { ratio: x-calls }")
        let limits = ServiceLimits(bucket: (40, rate("2/1s")))
        var trial = Trial(limits)
        trial.limiter.learn(shopify.answer(200, "x-calls: 38/40"), at: now)
        #expect(trial.burst(40, at: 0) == 2)
        trial.limiter.learn(shopify.answer(200, "x-calls: 0/40"), at: now)
        #expect(trial.burst(40, at: 0) == 0)
        #expect(trial.burst(40, at: 1.001) == 2)
    }

    @Test("a limit without a length is that of the only window, unless its reset is too far off")
    func onlyWindow() throws {
        let plain = try profile(
            "readings:\n  - { remaining: x-left, reset: x-reset, as: seconds }"
        )
        var trial = Trial(limits("10/1m"))
        trial.limiter.learn(plain.answer(200, "x-left: 2\nx-reset: 20"), at: now)
        #expect(trial.used(0) == [8])
        var hour = Trial(limits("10/1m"))
        hour.limiter.learn(plain.answer(200, "x-left: 2\nx-reset: 1800"), at: now)
        #expect(hour.used(0) == [0])
        #expect(hour.burst(10, at: 100) == 2)
        #expect(hour.burst(20, at: 1800) == 10)
    }

    private func beside(
        _ others: (burst: Int, gap: Int64),
        seed: UInt64,
        isHeard: Bool
    ) throws -> Simulation {
        let keys = "readings:\n  - { window: 1m, remaining: x-left }"
        var simulation = Simulation(
            limits("60/1m"),
            Simulation.Network(back: 0...200_000),
            [.init(name: "a", workers: 8, think: 0...10_000_000)],
            seed: seed,
            others: .init(
                gap: others.gap,
                burst: others.burst,
                profile: try profile(keys),
                isHeard: isHeard
            )
        )
        simulation.run(until: 900_000_000)
        return simulation
    }

    @Test(
        "beside others who use the limit too, headers spare us refusals and waste nothing",
        arguments: [(1, 4_000_000), (40, 120_000_000)] as [(Int, Int64)]
    )
    func others(burst: Int, gap: Int64) throws {
        var (deaf, heard) = (0, 0)
        for seed in [1, 2, 3] as [UInt64] {
            deaf += try beside((burst, gap), seed: seed, isHeard: false).limited
            let simulation = try beside((burst, gap), seed: seed, isHeard: true)
            heard += simulation.limited
            #expect(simulation.provider.arrivals.count >= 15 * 60 * 98 / 100)
        }
        // A call of theirs that takes the very place we wait for cannot be known before.
        #expect(heard * 3 < deaf * 2)
    }

    @Test("headers cost nothing where there are no others")
    func alone() throws {
        let simulation = try beside((1, .max / 2), seed: 4, isHeard: true)
        #expect(simulation.limited == 0)
        #expect(simulation.provider.arrivals.count >= 15 * 59)
    }
}
