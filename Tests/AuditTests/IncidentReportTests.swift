import Bytes
import DaybookTesting
import Ledger
import Merkle
import Projections
import Testing

@testable import Audit

@Suite("An incident report") struct IncidentReportTests {
    /// Two orders, of which one cannot be invoiced, and trouble around it.
    private static func trouble(_ log: IncidentLog) throws -> Timestamp {
        try log.take(log.order("1001", "pending"), log.call("xero", 200, milliseconds: 100))
        let since = log.now
        try log.take(
            log.order("1001", "processing"),
            log.payment("pi_7", order: "1001"),
            log.call("xero", 503, thread: "order:1001", milliseconds: 3000),
            log.call("xero", 429, thread: "order:1001", milliseconds: 20),
            log.breaker("xero", "opened"),
            log.order("1002", "pending", total: "7.00"),
            log.refused("stripe", "signature-mismatch: it does not fit"),
            log.sync("invoices", fails: true),
            log.call("xero", 200, thread: "order:1002", milliseconds: 50)
        )
        return since
    }

    @Test("counts what was recorded in its time, and nothing else")
    func figures() throws {
        let log = try IncidentLog()
        let since = try Self.trouble(log)
        let query = try log.query(since: since)
        let figures = try log.report(query).figures
        #expect(figures.events == 9)
        #expect(figures.failureCount == 4)
        #expect(figures.throttled == 1)
        #expect(figures.eventsByKind[.call] == 3)
        #expect(figures.failuresByKind == [.call: 2, .webhook: 1, .sync: 1])
        #expect(figures.outcomes[.rejected] == 1)
        #expect(figures.signatures.count == 4)
        #expect(figures.recoveries.keys.sorted() == ["xero"])
        #expect(figures.errors.keys.sorted() == ["invoices", "stripe", "xero"])
        // The charts may go beyond the incident.
        #expect((3...4).contains(figures.kinds[.call]?.reduce(0, +) ?? 0))
        let durations = Set(figures.durations.joined())
        #expect(durations.isSuperset(of: [20_000, 50_000, 3_000_000]))
    }

    @Test("names the entities that failures are about, with the money of their rows")
    func affected() throws {
        let log = try IncidentLog()
        let report = try log.report(log.query(since: Self.trouble(log)))
        #expect(report.subjects.affected.keys.sorted() == ["order:1001"])
        let subject = try #require(report.subjects.affected["order:1001"])
        #expect(subject.failures.count == 2)
        #expect(subject.rows.map { "\($0.projection) \($0.key)" } == ["order-status woo-1001"])
        #expect(report.money.map(\.text) == ["12.50 EUR"])
        #expect(report.money.map(\.rows) == [1])
    }

    @Test("of named entities it shows all events and those of their rows, and only their money")
    func named() throws {
        let log = try IncidentLog()
        var query = try log.query(since: Self.trouble(log))
        query.subjects = ["order:1002"]
        let report = try log.report(query)
        #expect(report.subjects.affected.keys.sorted() == ["order:1002"])
        #expect(report.money.map(\.text) == ["7.00 EUR"])
        let types = report.timeline.entries.map(\.event.type)
        #expect(types.contains("order.updated"))
        query.subjects = ["order:*"]
        let both = try log.report(query)
        #expect(both.subjects.affected.count == 2)
        #expect(both.money.map(\.text) == ["19.50 EUR"])
        // The payment is about another subject, but told the order's row.
        #expect(both.timeline.entries.contains { $0.event.type == "payment_intent.succeeded" })
    }

    @Test("the timeline has each failure, sign and change with what it changed")
    func timeline() throws {
        let log = try IncidentLog()
        var query = try log.query(since: Self.trouble(log))
        query.subjects = ["order:1001"]
        let report = try log.report(query)
        let entries = report.timeline.entries
        #expect(entries.map(\.event.sequence) == entries.map(\.event.sequence).sorted())
        let order = try #require(entries.first { $0.event.type == "order.updated" })
        let effect = try #require(
            order.event.effects.first { $0.projection == "order-status" }
        )
        #expect(effect.key == "woo-1001")
        #expect(
            effect.changes.contains {
                $0.column == "shop" && $0.old == .text("placed") && $0.new == .text("paid")
            }
        )
        #expect(entries.contains { $0.event.isSign })
        #expect(report.firstSign != nil)
    }

    @Test("failures like each other are counted, not all shown, and none is lost")
    func alike() throws {
        let log = try IncidentLog()
        let since = log.now
        let writer = try #require(log.ledger.writer)
        _ = try writer.append((0..<100).map { _ in log.call("xero", 503) })
        let report = try log.report(log.query(since: since))
        let shown = report.timeline.entries.filter { $0.event.isFailure }
        #expect(shown.count < 12)
        #expect(shown.count + report.timeline.hiddenFailures == 100)
        #expect(shown.map(\.alike).reduce(0, +) == report.timeline.hiddenFailures)
        #expect(shown.last?.event.sequence == report.figures.failures.last?.sequence)
    }

    @Test("causes are followed to the first, by what events name and by their thread")
    func causes() throws {
        let log = try IncidentLog()
        let since = log.now
        let root = try log.take(log.order("1001", "pending"))[0]
        var delivery = Draft(
            source: "to-shop",
            id: "d1",
            type: "webhook.delivery",
            kind: .delivery,
            outcome: .failed
        )
        delivery[.service] = "to-shop"
        delivery[.causationid] = Decimal.padded(root, digits: Decimal.sequenceDigits)
        try log.take(
            delivery,
            log.call("xero", 500, thread: "order:1001"),
            log.call("xero", 500)
        )
        let causes = try log.report(log.query(since: since)).causes
        #expect(causes.untraced == 1)
        let chain = try #require(causes.chains.first)
        #expect(chain.failures == 2)
        #expect(chain.events.first?.sequence == root)
        #expect(chain.link == .cause)
    }

    @Test("each event that it names has a path to the root that it names")
    func evidence() throws {
        let log = try IncidentLog()
        let since = try Self.trouble(log)
        let views = try log.views()
        let query = try log.query(since: since)
        let report = try log.report(query, views)
        #expect(report.evidence.count >= report.timeline.entries.count)
        let size = report.size
        let root = try log.ledger.read { try $0.root(size: size) }
        #expect(report.root == root)
        for item in report.evidence {
            let proof = try log.ledger.read { snapshot in
                try snapshot.inclusionProof(of: item.event.sequence, size: size)
            }
            #expect(proof?.path == item.path)
            #expect(try log.ledger.event(at: item.event.sequence).leafHash == item.leaf)
        }
    }

    @Test(
        "the same query gives the same bytes, however much came since",
        arguments: IncidentQuery.Form.allCases
    )
    func reproducible(form: IncidentQuery.Form) throws {
        let log = try IncidentLog()
        var query = try log.query(since: Self.trouble(log))
        query.form = form
        var views: Views? = try log.views()
        let (first, sequence) = try {
            let views = try #require(views)
            let report = try log.report(query, views)
            let record = try log.record(report, views)
            return (report.text(record), try #require(record.recorded?.sequence))
        }()
        // Later events link names that the report has, and change its rows.
        try log.take(
            log.payment("pi_8", order: "1002"),
            log.order("1001", "cancelled"),
            log.call("xero", 503, thread: "order:1001")
        )
        views = nil
        log.deleteViews()
        let again = try log.views()
        let second = try IncidentReport.text(
            ReportRecord.read(sequence, in: log.ledger),
            again
        )
        #expect(first == second)
    }

    @Test("a time in which nothing was recorded, or that ends before it begins, is refused")
    func refused() throws {
        let log = try IncidentLog()
        let early = try #require(Timestamp(rfc3339: "2020-01-01T00:00:00Z"))
        let late = try #require(Timestamp(rfc3339: "2020-01-02T00:00:00Z"))
        #expect(throws: AuditProblem.self) {
            try log.report(IncidentQuery(id: "INC-1", since: early, until: late))
        }
        #expect(throws: AuditProblem.self) {
            try IncidentQuery(id: "INC-1", since: late, until: early)
        }
        #expect(throws: AuditProblem.self) {
            try IncidentQuery(id: "", since: early, until: late)
        }
        var query = try IncidentQuery(id: "INC-1", since: early, until: late)
        query.subjects = Array(repeating: "order:1", count: 101)
        #expect(throws: AuditProblem.self) { try query.check() }
    }

    @Test("a query's text is read back as the same query")
    func queryText() throws {
        let early = try #require(Timestamp(rfc3339: "2020-01-01T00:00:00Z"))
        let late = try #require(Timestamp(rfc3339: "2020-01-02T00:00:00.5Z"))
        var query = try IncidentQuery(id: "INC 1%20=\n", since: early, until: late)
        query.title = "a=b c%0A"
        query.subjects = ["order:1 2", "m=*"]
        query.isRedacted = true
        query.form = .markdown
        #expect(try IncidentQuery(text: query.text) == query)
        #expect(!query.text.contains("\n"))
        for text in ["", "id=1", "id=1 since=now until=then form=html", "words"] {
            #expect(throws: AuditProblem.self) { try IncidentQuery(text: text) }
        }
    }
}
