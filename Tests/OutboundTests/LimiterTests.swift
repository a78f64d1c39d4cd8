import Bytes
import Outbound
import Testing

/// A limiter with shorter words; moments are seconds after `now`.
struct Trial {
    var limiter: Limiter
    private var number: UInt64 = 0

    init(_ limits: ServiceLimits, mode: Limiter.Mode = .hold, mostWaiting: Int = 10_000) {
        limiter = Limiter(limits, mode: mode, mostWaiting: mostWaiting)
    }

    /// `go`, `go +SECONDS`, `wait`, or `no +SECONDS: WHY`.
    mutating func ask(_ seconds: Double, patience: Double = 1e6, caller: String = "a") -> String {
        number += 1
        switch limiter.ask(
            .init(number: number),
            caller: caller,
            at: second(seconds),
            patience: second(seconds + patience)
        ) {
        case .go(nil): return "go"
        case .go(let wait?): return "go +\(wait / .seconds(1))"
        case .wait: return "wait"
        case .refused(let refusal): return "no +\(refusal.retryAfter / .seconds(1)): \(refusal.why)"
        }
    }

    /// Asks for calls that go out, are answered and end at once; gives how many went.
    mutating func burst(_ count: Int, at seconds: Double) -> Int {
        var gone = 0
        for _ in 0..<count where ask(seconds, patience: 0) == "go" {
            gone += 1
            done(seconds)
        }
        return gone
    }

    var last: Limiter.Ticket { .init(number: number) }

    /// The last one goes out, is answered and ends.
    mutating func done(_ seconds: Double) {
        limiter.sent(last, at: second(seconds))
        limiter.arrived(last, at: second(seconds))
        limiter.finished(last, at: second(seconds))
    }

    mutating func advance(_ seconds: Double) -> [String] {
        limiter.advance(at: second(seconds)).map(\.words)
    }

    func used(_ seconds: Double) -> [Int] {
        limiter.status(at: second(seconds)).windows.map(\.used)
    }
}

func second(_ seconds: Double) -> Timestamp { at(Int64(seconds * 1e6)) }

@Suite("The limiter, step by step") struct LimiterTests {
    @Test(
        "limits are written as a line has them",
        arguments: [
            ([("60/1m", 80), ("5000/1d", 90)], "60/1m 5000/1d@90"), ([("1/1s", 80)], "1/1s"),
            ([], nil),
        ] as [([(String, Int)], String?)]
    )
    func notation(windows: [(String, Int)], expected: String?) {
        let limits = ServiceLimits(
            windows: windows.map { .init(rate: rate($0.0), alertAt: $0.1) },
            concurrent: 5
        )
        #expect(limits.notation == expected)
    }

    @Test("without limits everything goes, and nobody is to be woken")
    func unlimited() {
        var trial = Trial(ServiceLimits())
        #expect(trial.burst(1000, at: 0) == 1000)
        #expect(trial.limiter.nextMoment == nil)
        #expect(trial.limiter.status(at: now).blockedUntil == nil)
    }

    @Test("a place is free a window after the answer's head, not after the call was sent")
    func place() {
        var trial = Trial(limits("1/10s"))
        #expect(trial.ask(0) == "go")
        let first = trial.last
        trial.limiter.sent(first, at: second(0))
        #expect(trial.ask(1) == "wait")
        trial.limiter.arrived(first, at: second(3))
        #expect(trial.advance(13) == [])
        // A ten-thousandth of the window is for clocks that differ.
        #expect(trial.limiter.nextMoment == second(13.001))
        #expect(trial.advance(13.001) == ["go 2"])
    }

    @Test("the next moment is when the place is free, or patience ends")
    func moments() {
        var trial = Trial(limits("1/10s"))
        #expect(trial.burst(1, at: 0) == 1)
        #expect(trial.ask(1) == "wait")
        #expect(trial.limiter.nextMoment == second(10.001))
        #expect(trial.advance(10) == [])
        #expect(trial.advance(10.001) == ["go 2"])
        #expect(trial.limiter.nextMoment == nil)
    }

    @Test("a call without an answer counts from a second after its end")
    func unanswered() {
        var trial = Trial(limits("1/10s"))
        #expect(trial.ask(0) == "go")
        trial.limiter.sent(trial.last, at: second(0))
        trial.limiter.finished(trial.last, at: second(2))
        #expect(trial.ask(2.5) == "wait")
        #expect(trial.advance(13) == [])
        #expect(trial.advance(13.001) == ["go 2"])
    }

    @Test("a call that hangs counts from when its connection and its way took their longest")
    func hanging() {
        var trial = Trial(limits("1/10s"))
        #expect(trial.ask(0) == "go")
        trial.limiter.sent(trial.last, at: second(1))
        #expect(trial.ask(2) == "wait")
        #expect(trial.advance(17) == [])
        #expect(trial.advance(17.001) == ["go 2"])
        // Its late end changes nothing.
        trial.limiter.finished(.init(number: 1), at: second(18))
        #expect(trial.used(18) == [1])
        #expect(trial.limiter.status(at: second(18)).inFlight == 1)
    }

    @Test("a call that was not sent uses nothing up, whatever is told of it later")
    func unused() {
        var trial = Trial(limits("1/10s", concurrent: 1))
        for _ in 0..<3 {
            #expect(trial.ask(0) == "go")
            trial.limiter.unused(trial.last, at: now)
            trial.limiter.finished(trial.last, at: now)
            trial.limiter.arrived(trial.last, at: now)
            trial.limiter.unused(trial.last, at: now)
        }
        #expect(trial.used(0) == [0])
        #expect(trial.ask(0) == "go")
        trial.limiter.arrived(trial.last, at: now)
        trial.limiter.unused(trial.last, at: now)
        #expect(trial.used(0) == [1])
        #expect(trial.limiter.status(at: now).inFlight == 0)
    }

    @Test("who cannot have a place in time is refused at once, with the limit and the wait")
    func refusal() {
        var trial = Trial(limits("2/1m", concurrent: 5))
        #expect(trial.burst(2, at: 0) == 2)
        #expect(trial.ask(10, patience: 50) == "no +50.006: the limit of 2/1m is reached")
        #expect(trial.ask(10, patience: 50.006) == "wait")
        #expect(trial.advance(60.006) == ["go 4"])
    }

    @Test("who waits for a call's end is refused when patience is over")
    func impatient() {
        var trial = Trial(ServiceLimits(concurrent: 1))
        #expect(trial.ask(0) == "go")
        let busy = "1 calls are under way, and no more may be at once"
        #expect(trial.ask(0, patience: 0) == "no +1.0: \(busy)")
        #expect(trial.ask(0, patience: 5) == "wait")
        #expect(trial.limiter.nextMoment == second(5))
        #expect(trial.advance(4.9) == [])
        #expect(trial.advance(5) == ["no 3"])
    }

    @Test("no more wait than may")
    func crowd() {
        var trial = Trial(ServiceLimits(concurrent: 1), mostWaiting: 2)
        #expect(trial.ask(0) == "go")
        #expect(trial.ask(0) == "wait")
        #expect(trial.ask(0) == "wait")
        #expect(trial.ask(0) == "no +1.0: 2 calls are waiting already")
        trial.limiter.withdraw(.init(number: 2))
        #expect(trial.ask(0) == "wait")
    }

    @Test("in report mode all go, and it is told how long they would have waited")
    func reports() {
        var trial = Trial(limits("2/10s"), mode: .report)
        var answers: [String] = []
        for _ in 0..<4 {
            answers.append(trial.ask(0))
            trial.done(0)
        }
        #expect(answers == ["go", "go", "go +10.001", "go +10.001"])
        #expect(trial.used(0) == [4])
        #expect(trial.ask(4) == "go +6.001")
        #expect(trial.used(10.001) == [1])
        #expect(trial.limiter.nextMoment == nil)
    }

    @Test("report mode stays small and right under a flood")
    func flood() {
        let restore = rate("1/366d")
        var trial = Trial(
            ServiceLimits(windows: [.init(rate: rate("2/1m"))], bucket: (2, restore)),
            mode: .report
        )
        for number in 0..<40_000 {
            _ = trial.ask(Double(number) / 1e4)
            trial.done(Double(number) / 1e4)
        }
        #expect(trial.used(4) == [40_000])
        #expect(trial.used(65) == [0])
    }

    @Test("calls of earlier processes count, those not ended as of now, and more than may be")
    func restored() {
        var trial = Trial(limits("3/10s"))
        trial.limiter.restore([second(-5), second(-20), second(3), second(-1), now], at: now)
        #expect(trial.used(0) == [4])
        #expect(trial.ask(0, patience: 10) == "no +10.001: the limit of 3/10s is reached")
        // The second of the four leaves at 10.001: -1, and its grace.
        #expect(trial.ask(0, patience: 11) == "wait")
        #expect(trial.advance(10) == [])
        #expect(trial.advance(10.001) == ["go 2"])
    }

    @Test("time that goes back is time that stands still")
    func backwards() {
        var trial = Trial(limits("1/10s"))
        #expect(trial.burst(1, at: 100) == 1)
        #expect(trial.ask(0, patience: 1000) == "wait")
        #expect(trial.advance(50) == [])
        #expect(trial.advance(110.001) == ["go 2"])
    }
}
