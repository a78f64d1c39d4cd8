import Foundation
import Synchronization
import Testing

@testable import Outbound

@Suite("many callers of the gateway at once")
struct GatewayLoadTests {
    private struct Seen {
        var arrivals: [UInt64] = []
        var atOnce = 0
        var mostAtOnce = 0
    }

    @Test("two hundred callers at once exceed no limit, and all of them are answered")
    func limits() throws {
        let seen = Mutex(Seen())
        let provider = try RawProvider { link, _, _ in
            let now = clock_gettime_nsec()
            seen.withLock { seen in
                seen.arrivals.append(now)
                seen.atOnce += 1
                seen.mostAtOnce = max(seen.mostAtOnce, seen.atOnce)
            }
            usleep(useconds_t.random(in: 0...10_000))
            seen.withLock { $0.atOnce -= 1 }
            link.answer(200, "ok")
        }
        let trial = try HarshTrial("limits: [50/1s], concurrent: 5", port: provider.port)
        let answerers = try (0..<200).map { number in
            try trial.start(
                "GET",
                "/\(number)",
                [("X-Daybook-Max-Wait", "30s")],
                as: "c\(number % 7)"
            )
        }
        for answerer in answerers { #expect(answerer.answered()?.head?.status == 200) }
        #expect(trial.gateway.status.first?.limits.inFlight == 0)
        #expect(trial.gateway.firstOpenIntent == nil)
        trial.close()
        #expect(answerers.allSatisfy { $0.count == 1 })
        let found = seen.withLock { $0 }
        #expect(found.mostAtOnce <= 5)
        let arrivals = found.arrivals.sorted()
        #expect(arrivals.count == 200)
        for (first, next) in zip(arrivals, arrivals.dropFirst(50)) {
            #expect(next - first >= 1_000_000_000)
        }
        #expect(try trial.pairedCalls().count == 200)
    }

    @Test("who sends a little does not wait for who sends much")
    func fairness() throws {
        let gate = HarshGate()
        let provider = try RawProvider { link, _, number in
            if number == 1 { gate.wait() }
            link.answer()
        }
        let trial = try HarshTrial("concurrent: 1", port: provider.port)
        let many = try (0..<100).map { try trial.start("GET", "/much/\($0)", as: "much") }
        let few = try (0..<5).map { try trial.start("GET", "/little/\($0)", as: "little") }
        gate.open()
        for answerer in many + few { #expect(answerer.answered()?.head?.status == 200) }
        trial.close()
        let order = provider.requests.map { $0.contains("/little/") }
        let last = try #require(order.lastIndex(of: true))
        #expect(last <= 11)
        // Each one's own go in their order.
        let own = provider.requests.filter { $0.contains("/much/") }.map { request in
            Int(request.dropFirst("GET /much/".count).prefix { $0.isNumber }) ?? -1
        }
        #expect(own == Array(0..<100))
    }

    @Test("a service that says 429 is left alone by all until the moment that it named")
    func retryAfter() throws {
        let moments = Mutex<[UInt64]>([])
        let provider = try RawProvider { link, _, number in
            moments.withLock { $0.append(clock_gettime_nsec()) }
            if number == 1 { link.answer(429, "", "Retry-After: 1\r\n") } else { link.answer() }
        }
        let trial = try HarshTrial("concurrent: 1", port: provider.port)
        let answerers = try (0..<10).map { _ in try trial.start() }
        for answerer in answerers { #expect(answerer.answered()?.head?.status == 200) }
        trial.close()
        let found = moments.withLock { $0 }
        #expect(found.count == 11)
        #expect(found[1] - found[0] >= 1_000_000_000)
    }
}

/// A clock that never goes back, in nanoseconds.
private func clock_gettime_nsec() -> UInt64 { DispatchTime.now().uptimeNanoseconds }
