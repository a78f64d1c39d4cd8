import Bytes
import DaybookTesting
import Foundation
import Ledger
import Projections
import Testing

@testable import Audit

/// Reconciliation, arrivals and blast against a ledger.
@Suite struct ReconcileLedgerTests {
    private static func event(
        _ id: String,
        _ amount: Int = 1250,
        at time: String = "2026-10-05T10:00:00Z",
        object: String = "pi_1",
        source: String = "stripe"
    ) -> Draft {
        var draft = Draft(
            source: source,
            id: id,
            type: "payment_intent.succeeded",
            kind: .webhook
        )
        draft[.provider] = "stripe"
        draft[.subject] = "payment_intent:\(object)"
        draft[.time] = time
        let body = json(id, amount, object: object)
        draft.body = Body(meta: Array("{}".utf8).span, content: Array(body.utf8).span)
        return draft
    }

    private static func json(
        _ id: String,
        _ amount: Int = 1250,
        object: String = "pi_1",
        created: Int = 1_791_194_400
    ) -> String {
        #"{"id":"\#(id)","object":"event","type":"payment_intent.succeeded","created":\#(created),"#
            + #""data":{"object":{"id":"\#(object)","object":"payment_intent","amount":\#(amount),"#
            + #""currency":"eur","status":"succeeded","metadata":{"order_id":"1"}}}}"#
    }

    private static func list(_ elements: [String]) throws -> ProviderList {
        let text = "[" + elements.joined(separator: ",") + "]"
        return try ProviderList(json: Array(text.utf8), .stripeEvents)
    }

    private func withViews(
        _ drafts: [Draft],
        _ body: (Views, Ledger) throws -> Void
    ) throws {
        let folder = try TemporaryLedger()
        for files in DefaultProjections.all where ["payments", "invoices"].contains(files.name) {
            let path = URL(filePath: folder.path).appending(path: "projections/\(files.name)")
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            try Data(files.definition).write(to: path.appending(path: "projection.yaml"))
        }
        let ledger = try folder.open(appends: true)
        defer { ledger.close() }
        for draft in drafts { _ = try #require(ledger.writer).append([draft]) }
        try body(Views(ledger), ledger)
    }

    private func compare(
        _ list: ProviderList,
        _ query: ProviderQuery?,
        _ views: Views
    ) throws -> ProviderReconciliation {
        let size = try views.ledger.read { try $0.size }
        return try ProviderReconciliation(
            list,
            query ?? .init(source: "stripe"),
            size: size,
            views: views
        )
    }

    @Test("missing, extra, different and doubled records are told apart")
    func classes() throws {
        let drafts = [
            Self.event("e1"), Self.event("e2", 999), Self.event("e3"),
            Self.event("e5", source: "shop"), Self.event("old", at: "2026-01-01T00:00:00Z"),
        ]
        try withViews(drafts) { views, _ in
            let list = try Self.list([
                Self.json("e1"), Self.json("e2"), Self.json("e4"), Self.json("e1"),
                Self.json("e5"), #"{"object":"event"}"#,
            ])
            let result = try compare(list, nil, views)
            let found = result.differences.map { "\($0.kind.rawValue) \($0.id ?? "-")" }
            #expect(
                found == [
                    "missing e4", "missing e5", "extra e3", "different e2", "duplicate e1",
                    "unreadable -",
                ]
            )
            #expect(result.matched == 1)
            #expect(result.missing.text == "25.00 EUR")
            let different = try #require(result.differences.first { $0.kind == .different })
            #expect(different.what == "amount 12.50 EUR, in the log 9.99 EUR")
        }
    }

    @Test("a period leaves out both sides' other records, and counts theirs")
    func period() throws {
        let drafts = [Self.event("e1"), Self.event("e2", at: "2026-11-01T00:00:00Z")]
        try withViews(drafts) { views, _ in
            var query = ProviderQuery(source: "stripe")
            query.period = try Period("2026-10")
            let list = try Self.list([Self.json("e1"), Self.json("e9", created: 1_793_491_200)])
            let result = try compare(list, query, views)
            #expect(result.isClean)
            #expect(result.outside == 1)
        }
    }

    @Test("what is missing is appended once, under a source that no webhook has")
    func append() throws {
        try withViews([Self.event("e1")]) { views, ledger in
            let list = try Self.list([Self.json("e1"), Self.json("e2"), Self.json("e3")])
            for round in 0..<3 {
                let result = try compare(list, nil, views)
                let report = try ReportRecord(
                    kind: "reconcile",
                    query: "provider",
                    size: 2,
                    rows: 2,
                    definitions: [],
                    tool: "test",
                    actor: .user("anna")
                ).record(in: ledger)
                let done = try result.appendMissing(of: list, to: ledger, report: report)
                #expect(done.appended == (round == 0 ? 2 : 0))
                #expect(done.duplicates == 0)
                #expect(result.appendedBefore == (round == 0 ? 0 : 2))
            }
            let fact = try ledger.event(at: 3)
            let line = Line(fact.line.span)
            #expect(line.text(.source) == "reconcile:stripe")
            #expect(line.text(.kind) == "fact")
            #expect(line.text(.subject) == "payment_intent:pi_1")
            #expect(line.text(.provider) == nil)
            #expect(line.integer(.causationid) == 2)
            #expect(line.text(.authid) == "anna")
            let content = try #require(fact.content)
            #expect(String(decoding: content, as: UTF8.self) == Self.json("e2"))
            // The webhook that comes after all is no duplicate of the fact.
            let late = try #require(ledger.writer).append([Self.event("e2")])
            #expect(late.map(\.outcome) == [.accepted])
            #expect(try compare(list, nil, views).matched == 2)
        }
    }

    @Test("rows of a projection are compared with an export of payments")
    func rows() throws {
        let drafts = [
            Self.event("e1", object: "pi_1"), Self.event("e2", 700, object: "pi_2"),
            Self.event("e3", object: "pi_3", source: "other"),
        ]
        try withViews(drafts) { views, _ in
            var columns = ListColumns(id: "id")
            columns.amount = "Amount"
            columns.currency = "EUR"
            columns.status = "Status"
            let text = "id,Amount,Status\npi_1,12.50,succeeded\npi_2,8.00,failed\npi_9,1.00,x\n"
            let list = try ProviderList(csv: Array(text.utf8), columns)
            var query = ProviderQuery(source: "stripe")
            query.rows = .init(projection: "payments", prefix: "pi:")
            query.words = ["succeeded": "paid"]
            let result = try compare(list, query, views)
            let found = result.differences.map { "\($0.kind.rawValue) \($0.id ?? "")" }
            #expect(found == ["missing pi_9", "different pi_2"])
            query.rows?.amount = "nothing"
            #expect(throws: AuditProblem.self) { try compare(list, query, views) }
        }
    }

    @Test("arrivals count what is late, doubled, in conflict, overtaken and ahead")
    func arrivals() throws {
        var redelivered = Self.event("e1")
        redelivered.isToldByID = true
        let drafts = [
            Self.event("e1", at: "2020-01-01T00:00:02Z"), redelivered,
            Self.event("e1", 5), Self.event("e2", at: "2020-01-01T00:00:01Z"),
            Self.event("e3", at: "9999-01-01T00:00:00Z", object: "pi_9"),
        ]
        try withViews(drafts) { _, ledger in
            let limits = Arrivals.Limits(
                late: 300_000_000,
                listed: Set(Arrivals.Arrival.Class.allCases)
            )
            let arrivals = try ledger.read { snapshot in
                try Arrivals(EventSelection(), limits, size: try snapshot.size, in: snapshot)
            }
            let source = try #require(arrivals.sources.first)
            #expect(
                source.counts == [.late: 2, .duplicate: 1, .conflict: 1, .reordered: 1, .ahead: 1]
            )
            #expect(source.events == 5)
            #expect(source.timed == 3)
            #expect(source.worstSequence == 4)
            #expect(arrivals.worst.first?.kind == .ahead)
            let reordered = try #require(arrivals.worst.first { $0.kind == .reordered })
            #expect(reordered.delay == 1_000_000)
            #expect(reordered.other == 1)
        }
    }

    @Test("a blast finds entities with the newest amount of each")
    func blast() throws {
        let drafts = [
            Self.event("e1", 100, object: "pi_1"), Self.event("e2", 300, object: "pi_1"),
            Self.event("e3", 50, object: "pi_2"), Self.event("e4", source: "other"),
        ]
        try withViews(drafts) { views, ledger in
            let like = EventConditions(like: Line(try ledger.event(at: 1).line.span))
            let size = try ledger.read { try $0.size }
            let blast = try Blast(
                like,
                EventSelection(),
                projection: nil,
                size: size,
                views: views
            )
            #expect(blast.entities.map(\.name) == ["payment_intent:pi_1", "payment_intent:pi_2"])
            #expect(blast.entities.map(\.events) == [2, 1])
            #expect(blast.sums.text == "3.50 EUR")
            let rows = try Blast(
                like,
                EventSelection(),
                projection: "payments",
                size: size,
                views: views
            )
            #expect(rows.entities.map(\.name) == ["pi:pi_1", "pi:pi_2"])
            #expect(rows.events == 3)
        }
    }

    @Test(
        "conditions are read back as they were",
        arguments: ["type=order.*", "status>=500 service=xero", #"reason="no room" kind!=call"#]
    )
    func conditions(text: String) throws {
        #expect(try EventConditions(text).text == text)
    }

    @Test(
        "what is no condition is refused",
        arguments: ["", " ", "type", "colour=blue", "type>3", "status>=x", "reason=\"a", "=x"]
    )
    func noConditions(text: String) {
        #expect(throws: AuditProblem.self) { try EventConditions(text) }
    }
}
