import Bytes
import DaybookTesting
import Outbound
import Testing

@Suite("The circuit breaker") struct BreakerTests {
    /// Records results while it is closed; gives the first change.
    private func feed(
        _ breaker: inout Breaker,
        good: Int,
        bad: Int,
        at moment: Timestamp
    ) -> Breaker.Change? {
        var change: Breaker.Change?
        for index in 0..<(good + bad) {
            let result = index < good ? Breaker.Result.success : .failure
            change = change ?? breaker.record(result, wasProbe: false, at: moment)
        }
        return change
    }

    @Test(
        "no answer and 5xx are failures, and nothing else is",
        arguments: [
            (nil, .failure), (200, .success), (304, .success), (400, .success), (404, .success),
            (429, .success), (499, .success), (500, .failure), (503, .failure), (599, .failure),
        ] as [(Int?, Breaker.Result)]
    )
    func results(status: Int?, result: Breaker.Result) {
        #expect(Breaker.Result(status: status) == result)
    }

    @Test(
        "it opens at half of at least twenty calls",
        arguments: [
            (0, 19, false), (0, 20, true), (10, 10, true), (11, 10, false), (19, 18, false),
            (500, 500, true), (500, 499, false),
        ] as [(Int, Int, Bool)]
    )
    func opens(good: Int, bad: Int, isOpen: Bool) {
        var breaker = Breaker()
        let change = feed(&breaker, good: good, bad: bad, at: now)
        #expect((change != nil) == isOpen)
        #expect(breaker.state == (isOpen ? .open : .closed))
        #expect(breaker.admit(at: now) == (isOpen ? .refused(until: second(30)) : .go))
        if isOpen {
            #expect(change?.reason.hasSuffix("calls failed within 30 s") == true)
            #expect(change?.state == .open)
        }
    }

    @Test("failures are forgotten after the time that counts, a tenth of it early at most")
    func forgets() {
        var breaker = Breaker()
        #expect(feed(&breaker, good: 0, bad: 19, at: now) == nil)
        #expect(feed(&breaker, good: 0, bad: 1, at: second(30)) == nil)
        var other = Breaker()
        #expect(feed(&other, good: 0, bad: 19, at: now) == nil)
        #expect(feed(&other, good: 0, bad: 1, at: second(26.9))?.state == .open)
    }

    @Test("after its time one probe goes at a time, and three good ones close it")
    func closes() {
        var breaker = Breaker()
        #expect(feed(&breaker, good: 0, bad: 20, at: now) != nil)
        #expect(breaker.admit(at: second(29.9)) == .refused(until: second(30)))
        #expect(breaker.wake(at: second(29.9)) == nil)
        #expect(breaker.outlook(at: second(30)) == .probe)
        #expect(breaker.wake(at: second(30))?.state == .halfOpen)
        #expect(breaker.wake(at: second(30)) == nil)
        for probe in 1...3 {
            #expect(breaker.admit(at: second(30)) == .probe)
            #expect(breaker.admit(at: second(30)) == .refused(until: second(31)))
            let change = breaker.record(.success, wasProbe: true, at: second(30))
            #expect((change?.state == .closed) == (probe == 3))
        }
        #expect(breaker.admit(at: second(30)) == .go)
        // What failed before is forgotten.
        #expect(feed(&breaker, good: 0, bad: 19, at: second(30)) == nil)
    }

    @Test("each probe that fails doubles its time up to five minutes; closing makes it short again")
    func doubles() {
        var breaker = Breaker()
        #expect(feed(&breaker, good: 0, bad: 20, at: now) != nil)
        var time = 0.0
        for open in [30.0, 60, 120, 240, 300, 300] {
            #expect(breaker.admit(at: second(time)) == .refused(until: second(time + open)))
            time += open
            #expect(breaker.admit(at: second(time)) == .probe)
            let change = breaker.record(.failure, wasProbe: true, at: second(time))
            #expect(change?.state == .open)
            #expect(change?.reason == "a probe failed")
        }
        time += 300
        for _ in 0..<3 {
            #expect(breaker.admit(at: second(time)) == .probe)
            _ = breaker.record(.success, wasProbe: true, at: second(time))
        }
        #expect(feed(&breaker, good: 0, bad: 20, at: second(time)) != nil)
        #expect(breaker.admit(at: second(time)) == .refused(until: second(time + 30)))
    }

    @Test("a probe that is not sent, or never heard of again, does not keep it shut")
    func lostProbe() {
        var breaker = Breaker()
        #expect(feed(&breaker, good: 0, bad: 20, at: now) != nil)
        #expect(breaker.admit(at: second(30)) == .probe)
        breaker.probeUnused(at: second(31))
        #expect(breaker.admit(at: second(31)) == .probe)
        #expect(breaker.admit(at: second(630)) == .refused(until: second(631)))
        #expect(breaker.admit(at: second(631)) == .probe)
    }

    @Test(
        "at any order of events it refuses, probes and closes as its rules say",
        arguments: 1...20 as ClosedRange<UInt64>
    )
    func machine(seed: UInt64) {
        var chance = SeededChance(seed: seed)
        var breaker = Breaker()
        var (time, probes, good): (Int64, Int, Int) = (0, 0, 0)
        // Each call with its moment, since it was last closed.
        var calls: [(moment: Int64, failed: Bool)] = []
        var openFor: Int64 = 30
        var openUntil: Int64 = 0
        var state = Breaker.State.closed
        for _ in 0..<3000 {
            time += Int64.random(in: 0...20, using: &chance) * 100_000
            let failed = Bool.random(using: &chance)
            if Bool.random(using: &chance) {
                let admission = breaker.admit(at: at(time))
                if state == .open, time >= openUntil { (state, probes, good) = (.halfOpen, 0, 0) }
                switch state {
                case .closed: #expect(admission == .go)
                case .open: #expect(admission == .refused(until: at(openUntil)))
                case .halfOpen:
                    #expect((admission == .probe) == (probes == 0))
                    probes = 1
                }
            } else {
                let wasProbe =
                    probes == 1 && state == .halfOpen && Int.random(in: 0..<4, using: &chance) > 0
                let change = breaker.record(
                    failed ? .failure : .success,
                    wasProbe: wasProbe,
                    at: at(time)
                )
                let before = state
                if state == .closed {
                    calls.append((time, failed))
                    let part = (now.microseconds + time) / 3_000_000
                    let recent = calls.filter {
                        (now.microseconds + $0.moment) / 3_000_000 > part - 10
                    }
                    if failed, recent.count >= 20, recent.count(where: \.failed) * 2 >= recent.count
                    {
                        (state, openFor) = (.open, 30)
                    }
                } else if wasProbe {
                    probes = 0
                    good = failed ? 0 : good + 1
                    if failed { (state, openFor) = (.open, min(300, openFor * 2)) }
                    if good == 3 { (state, calls) = (.closed, []) }
                }
                if state == .open, before != .open { openUntil = time + openFor * 1_000_000 }
                #expect(change?.state == (state == before ? nil : state), "seed \(seed)")
            }
            #expect(breaker.state == state)
        }
    }
}
