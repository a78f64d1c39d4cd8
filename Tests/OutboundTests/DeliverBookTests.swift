import Bytes
import Ledger
import Outbound
import Testing

/// The book of one rule, by hand and at random.
@Suite struct DeliverBookTests {
    @Test(
        "nothing is lost, overtaken or sent without need, whatever happens",
        arguments: (0..<8).map { $0 * 10 }
    )
    func world(first: Int) throws {
        var crashes = 0
        for seed in first..<first + 10 {
            var world = DeliverWorld(seed: UInt64(seed))
            try world.run(steps: 200)
            crashes += world.crashes
            #expect(world.problems == [], "seed \(seed)")
        }
        #expect(crashes > 50)
    }

    private func begin(_ terms: DeliveryTerms) -> (DeliverLog, DeliveryBook) {
        let log = DeliverLog()
        log.rule(terms)
        return (log, DeliveryBook(name: "out"))
    }

    @Test("an event is pending that fits and takes effect, from the rule's own event on")
    func selected() throws {
        let log = DeliverLog()
        var book = DeliveryBook(name: "out")
        log.event("a")
        log.rule(deliverTerms())
        let fitting = [log.event("a"), log.event("a", kind: "fact")]
        log.event("b")
        log.event("a", kind: "call")
        for outcome in ["rejected", "duplicate", "conflict"] {
            log.append(["kind": "webhook", "source": "s", "type": "a", "outcome": outcome])
        }
        // A rule's event that did not take effect, and one of another rule.
        log.append(
            [
                "kind": "admin", "source": "daybook", "type": "daybook.delivery.rule",
                "subject": "delivery:out", "outcome": "duplicate",
            ],
            terms: deliverTerms(["b"])
        )
        log.event("b")
        try book.follow(log)
        #expect(book.standings.map(\.sequence) == fitting)
    }

    @Test("waits grow as the schedule says, longer by a tenth at most, then the event is dead")
    func schedule() throws {
        for chance in [0, 1, 0.5, 7, -3] {
            var (log, book) = begin(deliverTerms())
            let event = log.event("a")
            for (attempt, wait) in [1000, 2000, 5000].enumerated() {
                try book.follow(log, chance: chance)
                #expect(book.due(at: log.now).map(\.number) == [attempt + 1])
                log.attempt(event, rule: "out", status: 500)
                let changes = try book.follow(log, chance: chance)
                #expect(changes == [.failed(event, attempts: attempt + 1, by: log.size - 1)])
                let extra = Double(wait) * min(max(chance, 0), 1) / 10
                let due = log.now.microseconds + Int64((Double(wait) + extra) * 1000)
                #expect(book.nextMoment?.microseconds == due)
                log.wait(seconds: (Double(due - log.now.microseconds) - 1) / 1_000_000)
                #expect(book.due(at: log.now) == [])
                log.wait(seconds: 0.000_001)
            }
            #expect(book.due(at: log.now).map(\.number) == [4])
            log.attempt(event, rule: "out", status: 500)
            #expect(
                try book.follow(log) == [.dead(event, attempts: 4, by: log.size - 1)]
            )
            #expect(book.pendingCount == 0 && book.nextMoment == nil)
        }
    }

    @Test(
        "Retry-After is honoured when it is longer than the schedule, a day at most",
        arguments: [
            ("30", 429, 30.0), ("30", 503, 30), ("30", 500, 1), ("0", 429, 1), ("x", 429, 1),
            ("-5", 429, 1), ("999999", 429, 86_400), ("99999999999999999999999", 429, 1),
            ("Fri, 20 Nov 2026 10:01:40 GMT", 503, 100), ("0.5", 429, 1),
        ]
    )
    func asked(text: String, status: Int, seconds: Double) throws {
        var (log, book) = begin(deliverTerms())
        let event = log.event("a")
        try book.follow(log)
        _ = book.due(at: log.now)
        log.attempt(event, rule: "out", status: status, retryAfter: text)
        try book.follow(log, chance: 0)
        let next = book.nextMoment
        let due = try #require(next)
        #expect(due.microseconds - log.now.microseconds == Int64(seconds * 1_000_000))
    }

    @Test("after a failure one is sent at a time, then twice as many with each success")
    func ramp() throws {
        var (log, book) = begin(deliverTerms(concurrent: 5, retries: [1000]))
        for _ in 0..<40 { log.event("a") }
        try book.follow(log)
        var flying = book.due(at: log.now)
        #expect(flying.count == 5)
        log.attempt(flying.removeFirst().sequence, rule: "out", status: 500)
        try book.follow(log)
        #expect(book.due(at: log.now) == [])
        for attempt in flying.dropLast() {
            log.attempt(attempt.sequence, rule: "out", status: 500)
        }
        log.attempt(flying[3].sequence, rule: "out", status: 200)
        try book.follow(log)
        var counts: [Int] = []
        for _ in 0..<4 {
            flying = book.due(at: log.now)
            counts.append(flying.count)
            for attempt in flying { log.attempt(attempt.sequence, rule: "out", status: 200) }
            try book.follow(log)
        }
        #expect(counts == [2, 5, 5, 5])
    }

    @Test("of a subject the later waits for the earlier, until that is delivered or dead")
    func order() throws {
        var (log, book) = begin(deliverTerms(ordered: true, retries: [1000]))
        let first = log.event("a", subject: "x")
        let second = log.event("a", subject: "x")
        let other = log.event("a", subject: "y")
        let free = [log.event("a"), log.event("a")]
        try book.follow(log)
        #expect(Set(book.due(at: log.now).map(\.sequence)) == Set([first, other] + free))
        for sequence in [other] + free { log.attempt(sequence, rule: "out", status: 200) }
        log.attempt(first, rule: "out", status: 500)
        try book.follow(log)
        log.wait(seconds: 0.9)
        #expect(book.due(at: log.now) == [])
        #expect(book.standing(of: second)?.isHeldBack == true)
        log.wait(seconds: 0.3)
        #expect(book.due(at: log.now).map(\.sequence) == [first])
        log.attempt(first, rule: "out", reason: "timeout: no answer")
        try book.follow(log)
        #expect(book.due(at: log.now).map(\.sequence) == [second])
        // The destination earns more than one at a time.
        for _ in 0..<3 {
            let more = log.event("a")
            try book.follow(log)
            log.attempt(more, rule: "out", status: 200)
            try book.follow(log)
        }
        // Sent again while the second is on its way, it waits for that one's end.
        log.order(.retry, rule: "out", event: first)
        try book.follow(log)
        #expect(book.due(at: log.now) == [])
        log.attempt(second, rule: "out", status: 200)
        try book.follow(log)
        #expect(book.due(at: log.now).map(\.sequence) == [first])
    }

    @Test("orders stop a rule and let it go on; 410 needs a person")
    func orders() throws {
        var (log, book) = begin(deliverTerms())
        log.event("a")
        for stop in [DeliveryEvent.Order.paused, .disabled] {
            log.order(stop, rule: "out")
            try book.follow(log)
            #expect(book.due(at: log.now) == [] && book.nextMoment == nil)
            #expect(book.isPaused == (stop == .paused) && book.isDisabled == (stop == .disabled))
            log.order(.resumed, rule: "other")
            try book.follow(log)
            #expect(book.nextMoment == nil)
            log.order(.resumed, rule: "out")
            try book.follow(log)
            #expect(book.nextMoment != nil)
        }
        #expect(book.due(at: log.now).count == 1)
    }

    @Test("what cannot be delivered is dead at once, and costs the destination nothing")
    func hopeless() throws {
        var (log, book) = begin(deliverTerms())
        let events = (0..<20).map { _ in log.event("a") }
        try book.follow(log)
        #expect(book.due(at: log.now).count == 10)
        log.attempt(events[0], rule: "out", reason: "undeliverable: the event's body was erased")
        #expect(try book.follow(log) == [.dead(events[0], attempts: 1, by: log.size - 1)])
        #expect(book.due(at: log.now).count == 1)
    }

    @Test("an attempt that could not be begun is due again, with the same number")
    func postponed() throws {
        var (log, book) = begin(deliverTerms(ordered: true))
        let event = log.event("a", subject: "x")
        try book.follow(log)
        let attempts = book.due(at: log.now)
        let later = Timestamp(microseconds: log.now.microseconds + 500)
        book.postpone(event, until: later)
        book.postpone(99, until: later)
        #expect(book.due(at: log.now) == [])
        #expect(book.due(at: later) == attempts)
    }

    @Test("terms that change hold for the events after them, not for those before")
    func changed() throws {
        var (log, book) = begin(deliverTerms())
        let before = [log.event("a"), log.event("b")]
        log.rule(deliverTerms(["b"]))
        let after = [log.event("a"), log.event("b")]
        try book.follow(log)
        #expect(book.standings.map(\.sequence) == [before[0], after[1]])
        #expect(book.termsInForce(at: before[1]) == 0 && book.termsInForce(at: 0) == nil)
    }

    @Test("foreign and broken lines change nothing")
    func foreign() throws {
        var (log, book) = begin(deliverTerms())
        let event = log.event("a")
        log.attempt(event, rule: "other", status: 200)
        log.attempt(99, rule: "out", status: 200)
        // A fact that calls itself an attempt is none, and nobody but daybook gives orders.
        log.append(["kind": "fact", "source": "out", "type": "webhook.delivery"])
        log.append(
            [
                "kind": "admin", "source": "x", "type": "daybook.delivery.paused",
                "subject": "delivery:out",
            ]
        )
        log.append(["kind": "delivery", "source": "out", "type": "t", "causationid": "x"])
        log.order(.retry, rule: "out", event: 1_000)
        log.order(.retry, rule: "out")
        try book.follow(log)
        #expect(book.standings.map(\.sequence) == [event] && !book.isPaused)
        for bytes in ["", "{", "{}", "[1]", "{\"kind\":\"delivery\"}", "{\"kind\":\"admin\"}"] {
            let text = Array(bytes.utf8)
            let changes = try book.take(Line(text.span), at: book.position, log) { 0 }
            #expect(changes == [])
        }
    }
}
