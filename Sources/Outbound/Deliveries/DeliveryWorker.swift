internal import Bytes
internal import Ledger
internal import POSIX

/// What the engine's thread does, step by step.
struct DeliveryWorker {
    let ledger: Ledger
    let writer: Writer
    let rules: [String: DeliveryRule]
    let send: DeliveryEngine.Send
    let report: @Sendable (String, String) -> Void
    let mailbox: DeliveryMailbox
    var books: DeliveryBooks

    /// Attempts on their way, by numbers of our own: an answer that comes twice counts once.
    private var flights: [UInt64: DeliveryFlight] = [:]
    private var lastFlight: UInt64 = 0
    /// What the writer has not answered.
    private var submitted = 0
    /// What it could not take, to be tried again.
    private var unrecorded: [DeliveryRecord] = []
    private var retryAt: UInt64 = 0
    /// How far the log's times are ahead of the clock, which may have been set back.
    private var ahead: Int64 = 0
    private var isCaughtUp = false
    private var hasComparedTerms = false
    private var stopBy: UInt64?
    private var lastMark = Clock.monotonicNanoseconds
    private var markedPosition: UInt64 = 0
    private var problems: [Topic: String] = [:]

    /// What a problem is about.
    private enum Topic: Hashable {
        case rule(String)
        case reading, recording, marking
    }

    init(
        ledger: Ledger,
        writer: Writer,
        rules: [String: DeliveryRule],
        send: @escaping DeliveryEngine.Send,
        report: @escaping @Sendable (String, String) -> Void,
        mailbox: DeliveryMailbox,
        books: DeliveryBooks
    ) {
        self.ledger = ledger
        self.writer = writer
        self.rules = rules
        self.send = send
        self.report = report
        self.mailbox = mailbox
        self.books = books
    }

    /// Runs until it is asked to stop.
    mutating func run() {
        while true {
            take(mailbox.take(milliseconds: pause))
            if let stopBy, isIdle || Clock.monotonicNanoseconds >= stopBy { break }
            recordAgain()
            follow()
            // What cannot be recorded is not sent.
            if isCaughtUp, stopBy == nil, unrecorded.isEmpty {
                compareTerms()
                beginDue()
            }
            if Clock.monotonicNanoseconds - lastMark > DeliveryLimits.markMilliseconds * 1_000_000 {
                mark()
            }
        }
        follow()
        mark()
    }

    private var isIdle: Bool { flights.isEmpty && submitted == 0 && unrecorded.isEmpty }

    /// The log's own time: never before what was last recorded.
    private var now: Timestamp { Timestamp(microseconds: Clock.microseconds + ahead) }

    /// How long nothing is looked at unless something comes, in milliseconds.
    private var pause: Int {
        mutating get {
            guard isCaughtUp else { return 0 }
            var pause = DeliveryLimits.pollMilliseconds
            for index in books.books.indices {
                guard let next = books.books[index].nextMoment else { continue }
                let left = (next.microseconds - now.microseconds + 999) / 1000
                // What is due now and was not begun waits for the log or for a slot.
                if left > 0 { pause = Int(min(Int64(pause), left)) }
            }
            return pause
        }
    }

    // MARK: - What comes in

    private mutating func take(_ post: DeliveryMailbox.Post) {
        stopBy = post.stopBy
        submitted -= post.answered
        for (record, problem) in post.unrecorded { keep(record, problem) }
        if post.answered > post.unrecorded.count { tell(.recording, nil) }
        for (number, result) in post.results {
            guard let flight = flights.removeValue(forKey: number) else { continue }
            record(flight, result)
        }
    }

    /// Takes the lines that are new.
    private mutating func follow() {
        do {
            isCaughtUp = try ledger.read { snapshot in
                try books.follow(snapshot, limit: DeliveryLimits.batch) {
                    Double.random(in: 0..<1)
                }
            }
            if let newest = books.newest {
                ahead = max(ahead, newest.microseconds - Clock.microseconds)
            }
            tell(.reading, nil)
        } catch {
            isCaughtUp = false
            tell(.reading, "the log cannot be read: \(error)")
            sleepMilliseconds(UInt32(DeliveryLimits.pollMilliseconds))
        }
        guard isCaughtUp else { return }
        let statuses = books.books.map { book in
            DeliveryStatus(
                rule: book.name,
                pending: book.pendingCount,
                isPaused: book.isPaused,
                isDisabled: book.isDisabled
            )
        }
        mailbox.statuses = statuses
    }

    /// Records, once, the rules that have changed since they were last recorded.
    private mutating func compareTerms() {
        guard !hasComparedTerms else { return }
        hasComparedTerms = true
        for book in books.books {
            guard let terms = rules[book.name]?.terms, terms != book.currentTerms else { continue }
            let drafts = [DeliveryEvent.rule(terms, isFirst: false)]
            submit(DeliveryRecord(drafts: drafts, plain: drafts))
        }
    }

    // MARK: - What goes out

    private mutating func beginDue() {
        for index in books.books.indices {
            for attempt in books.books[index].due(at: now) { begin(attempt) }
        }
    }

    private mutating func begin(_ attempt: DeliveryAttempt) {
        guard let rule = rules[attempt.rule] else { return }
        do {
            let event = try ledger.event(at: attempt.sequence)
            let sent = Timestamp(microseconds: Clock.microseconds)
            let line = Line(event.line.span)
            var flight = DeliveryFlight(
                attempt: attempt,
                rule: rule,
                sent: sent,
                subject: line.text(.subject),
                correlation: line.text(.correlationid)
            )
            let message: DeliveryMessage
            do {
                message = try DeliveryMessage(event, signer: rule.signer, now: sent) {
                    try ledger.event(at: $0)
                }
            } catch let problem as Undeliverable {
                record(flight, .notTried(problem))
                return
            }
            flight.headers = message.headers
            flight.bodyBytes = message.body.count
            start(flight, message)
            tell(.rule(attempt.rule), nil)
        } catch {
            tell(.rule(attempt.rule), "event \(attempt.sequence) cannot be read: \(error)")
            let later = now.microseconds + Int64(DeliveryLimits.pauseMilliseconds) * 1000
            books.postpone(attempt, until: Timestamp(microseconds: later))
        }
    }

    private mutating func start(_ flight: DeliveryFlight, _ message: DeliveryMessage) {
        lastFlight += 1
        let number = lastFlight
        flights[number] = flight
        let request = DeliveryRequest(
            url: flight.rule.url,
            headers: message.headers,
            body: message.body,
            timeout: flight.rule.terms.timeout,
            allowsPrivate: flight.rule.terms.allowsPrivate
        )
        send(request) { [mailbox] result in mailbox.ended(number, result) }
    }

    // MARK: - What is recorded

    private mutating func record(_ flight: DeliveryFlight, _ result: DeliveryResult) {
        var orders: [Draft] = []
        let book = books.books.first { $0.name == flight.rule.name }
        if result.status == 410, result.problem == nil, book?.isDisabled != true {
            // In the same commit, so that no start can find the one without the other.
            orders.append(
                DeliveryEvent.order(
                    .disabled,
                    rule: flight.rule.name,
                    reason: "the destination answered 410 to event \(flight.attempt.sequence)"
                )
            )
        }
        let drafts = [flight.draft(result)] + orders
        submit(DeliveryRecord(drafts: drafts, plain: [flight.plainDraft(result)] + orders))
    }

    private mutating func submit(_ record: DeliveryRecord) {
        do throws(AppendError) {
            try writer.submit(record.drafts) { [mailbox] result in
                if case .failure(let problem) = result {
                    mailbox.answered(record, problem)
                } else {
                    mailbox.answered(record, nil)
                }
            }
            submitted += 1
        } catch {
            keep(record, error)
        }
    }

    /// Keeps what could not be recorded: nothing else of its events is sent before it is.
    private mutating func keep(_ record: DeliveryRecord, _ problem: AppendError) {
        tell(.recording, "an attempt cannot be recorded: \(problem)")
        if case .refused = problem {
            unrecorded.append(DeliveryRecord(drafts: record.plain, plain: record.plain))
        } else {
            unrecorded.append(record)
        }
        retryAt = Clock.monotonicNanoseconds + UInt64(DeliveryLimits.pauseMilliseconds) * 1_000_000
    }

    private mutating func recordAgain() {
        guard !unrecorded.isEmpty, Clock.monotonicNanoseconds >= retryAt else { return }
        let records = unrecorded
        unrecorded = []
        for record in records { submit(record) }
    }

    /// Stores from where on a start has to read; that it cannot is no reason to stop.
    private mutating func mark() {
        lastMark = Clock.monotonicNanoseconds
        guard isCaughtUp, books.position != markedPosition else { return }
        do {
            let mark = try ledger.read { try DeliveryMark(books, $0) }
            try mark?.save(ledger: ledger.path)
            markedPosition = books.position
        } catch {
            tell(.marking, "the deliveries' mark cannot be stored: \(error)")
        }
    }

    /// Reports a problem unless it is the one that was last reported; `nil` if there is none now.
    private mutating func tell(_ topic: Topic, _ problem: String?) {
        guard problems[topic] != problem else { return }
        problems[topic] = problem
        guard let problem else { return }
        if case .rule(let name) = topic { report(name, problem) } else { report("", problem) }
    }
}
