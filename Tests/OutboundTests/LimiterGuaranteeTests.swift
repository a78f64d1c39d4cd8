import Bytes
import DaybookTesting
import Outbound
import Testing

/// A simulated provider that judges strictly by arrival.
@Suite("The limiter's guarantee") struct LimiterGuaranteeTests {
    struct Case: CustomTestStringConvertible, Sendable {
        let testDescription: String
        let limits: ServiceLimits
        let workers: Int
        /// For how long, in seconds.
        let seconds: Int64

        init(_ name: String, _ limits: ServiceLimits, workers: Int, seconds: Int64) {
            testDescription = name
            self.limits = limits
            self.workers = workers
            self.seconds = seconds
        }
    }

    static let cases = [
        Case("100/1s", limits("100/1s"), workers: 150, seconds: 8),
        Case("1/1s", limits("1/1s"), workers: 3, seconds: 60),
        Case("60/1m 5 at once", limits("60/1m", concurrent: 5), workers: 8, seconds: 400),
        Case("10/1s 100/1m", limits("10/1s 100/1m"), workers: 30, seconds: 200),
        Case("7/3s 20/20s", limits("7/3s 20/20s"), workers: 11, seconds: 150),
        Case(
            "bucket",
            ServiceLimits(bucket: (size: 40, restore: rate("2/1s"))),
            workers: 60,
            seconds: 200
        ),
        Case(
            "bucket and window",
            ServiceLimits(
                windows: [.init(rate: rate("30/10s"))],
                bucket: (size: 20, restore: rate("7/2s")),
                concurrent: 12
            ),
            workers: 25,
            seconds: 120
        ),
    ]

    /// Everything late, lost, given up, connected anew, and permitted for nothing.
    static let hostile = Simulation.Network(
        connect: 0...5_000_000,
        connecting: 50,
        out: 0...990_000,
        back: 0...700_000,
        body: 0...400_000,
        lost: 40,
        notice: 0...4_000_000,
        cancelled: 60,
        unused: 60
    )
    /// Answers that take up to 40 s, over connections that are there.
    static let slow = Simulation.Network(
        out: 0...300_000,
        back: 0...40_000_000,
        body: 0...3_000_000,
        lost: 10,
        notice: 0...30_000_000
    )

    @Test(
        "no window is exceeded, wherever it begins, in any weather",
        arguments: cases,
        [1, 2, 3] as [UInt64]
    )
    func weather(_ item: Case, seed: UInt64) {
        for network in [Simulation.Network(), Self.hostile, Self.slow] {
            var simulation = Simulation(
                item.limits,
                network,
                [.init(name: "a", workers: item.workers)],
                seed: seed
            )
            simulation.run(until: item.seconds * 1_000_000)
            #expect(simulation.provider.exceeded() == [], "seed \(seed)")
            #expect(simulation.mostAtOnce <= item.limits.concurrent ?? .max)
            #expect(simulation.provider.arrivals.count > 5)
        }
    }

    @Test("no window is exceeded while the clock stands still", arguments: cases)
    func restingClock(_ item: Case) {
        let part = item.seconds * 1_000_000 / 8
        var simulation = Simulation(
            item.limits,
            Self.hostile,
            [.init(name: "a", workers: item.workers)],
            seed: 11,
            rests: [(part, 3_000_000), (2 * part, 200_000), (4 * part, part / 2)]
        )
        simulation.run(until: 8 * part)
        #expect(simulation.provider.exceeded() == [])
    }

    @Test("no window is exceeded over restarts", arguments: cases, [21, 22] as [UInt64])
    func restarts(_ item: Case, seed: UInt64) {
        var chance = SeededChance(seed: seed)
        let end = item.seconds * 1_000_000
        var simulation = Simulation(
            item.limits,
            Self.hostile,
            [.init(name: "a", workers: item.workers)],
            seed: seed,
            restarts: (0..<6).map { _ in Int64.random(in: 0..<end, using: &chance) }
        )
        simulation.run(until: end)
        #expect(simulation.provider.exceeded() == [])
        #expect(simulation.provider.arrivals.count > 10)
    }

    @Test("a window of very many calls is not exceeded, and used to 99 %")
    func manyCalls() {
        let limits = limits("9000/2s")
        var simulation = Simulation(
            limits,
            Simulation.Network(out: 0...2000, back: 0...2000),
            [.init(name: "a", workers: 400)],
            seed: 5
        )
        simulation.run(until: 2_200_000)
        #expect(simulation.provider.exceeded() == [])
        #expect(simulation.provider.arrivals.count >= 9000 + 9000 * 99 / 100)
    }

    @Test(
        "latency costs little",
        arguments: [("100/1s", 98, 20_000), ("60/1m", 59, 1_000_000), ("1000/1d", 999, 5_000_000)]
            as [(String, Int, Int64)]
    )
    func throughput(notation: String, least: Int, latency: Int64) {
        let limits = limits(notation)
        let window = Int64(limits.windows[0].rate.window.seconds) * 1_000_000
        var simulation = Simulation(
            limits,
            Simulation.Network(out: 0...(latency / 2), back: 0...(latency / 2)),
            [.init(name: "a", workers: 200)],
            seed: 3
        )
        // The first window may be used at once: what counts is what comes behind it.
        simulation.run(until: 11 * window)
        let later = simulation.provider.arrivals.count { $0 >= window / 2 }
        #expect(later >= 10 * least)
        #expect(simulation.provider.exceeded() == [])
    }

    @Test("a bucket gives its whole rate, and its whole size at once")
    func bucketThroughput() {
        var simulation = Simulation(
            ServiceLimits(bucket: (size: 40, restore: rate("2/1s"))),
            Simulation.Network(),
            [.init(name: "a", workers: 60)],
            seed: 3
        )
        simulation.run(until: 100_000)
        #expect(simulation.provider.arrivals.count == 40)
        simulation.run(until: 100_000_000)
        #expect(simulation.provider.arrivals.count >= 40 + 198 * 99 / 100)
    }
}

func rate(_ text: String) -> Rate {
    guard let rate = Rate(text) else { fatalError("no rate: \(text)") }
    return rate
}

/// Windows as in `60/1m 5000/1d`.
func limits(_ notation: String, concurrent: Int? = nil) -> ServiceLimits {
    ServiceLimits(
        windows: notation.split(separator: " ").map { .init(rate: rate(String($0))) },
        concurrent: concurrent
    )
}
