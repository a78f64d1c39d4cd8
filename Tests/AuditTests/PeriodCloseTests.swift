import Audit
import Bytes
import DaybookTesting
import Foundation
import Ledger
import POSIX
import Projections
import Testing

@Suite("Closing periods")
struct PeriodCloseTests {
    /// The month that is recorded in, and the next.
    private struct Months {
        let this: Period
        let next: Period
        let now: Timestamp
        /// When this month is over, and when the next one is.
        let later: Timestamp
        let muchLater: Timestamp
        /// A moment within this month.
        let within: String

        init() throws {
            now = Timestamp(microseconds: Clock.microseconds)
            this = try Period(String(now.rfc3339.prefix(7)))
            later = Timestamp(microseconds: this.end.microseconds + 1)
            next = try Period(String(later.rfc3339.prefix(7)))
            muchLater = next.end
            within = this.start.short
        }
    }

    private static func sales() throws -> (SalesLedger, Periods, Months) {
        let sales = try SalesLedger()
        try sales.append([
            SalesLedger.sale(1, total: "12.50"), SalesLedger.sale(2, total: "7.00"),
        ])
        return (sales, Periods(sales.views, tool: "daybook 1"), try Months())
    }

    private static func expectRefusal(_ part: String, _ body: () throws -> Void) {
        do {
            try body()
            Issue.record("this is accepted, expected \(part)")
        } catch {
            #expect("\(error)".contains(part), "\(error)")
        }
    }

    private static func history(_ sales: SalesLedger) throws -> PeriodHistory {
        try sales.ledger.read { try PeriodHistory(in: $0, size: $0.size) }
    }

    @Test("states head, totals, digests and definitions in a signed event")
    func closes() throws {
        let (sales, periods, months) = try Self.sales()
        let closing = try periods.close(months.this, by: .anna, now: months.later)
        #expect(closing.openBefore.isEmpty)
        #expect(closing.closed.range == 0..<3 && closing.closed.size == 3)
        let list = try closing.closed.figures()
        let figures = Dictionary(list.map { ($0.name, $0.value) }) { a, _ in a }
        #expect(figures["early"] == "false" && figures["period"] == months.this.name)
        #expect(try figures["root"] == "\(sales.ledger.read { try $0.root(size: 3) })")
        #expect(figures["totals.amounts total EUR sales.sum"] == "19.50")
        let digest = try sales.views.digest(ViewRequest("sales"))
        #expect(figures["digests.sales"] == "\(digest)")
        let line = try sales.ledger.event(at: 3).line
        let text = String(decoding: line, as: UTF8.self)
        #expect(text.contains(#""authid":"anna""#) && text.contains("daybook.period.closed"))
        guard case .closed(let act) = try Self.history(sales).state(of: months.this) else {
            Issue.record("it is not closed")
            return
        }
        #expect(act.sequence == 3 && act.actor == .anna)
        #expect(try sales.folder.verify().findings.isEmpty)
    }

    @Test("is refused for what has not begun, is not over, was before the log, or is closed")
    func refusals() throws {
        let (sales, periods, months) = try Self.sales()
        defer { withExtendedLifetime(sales) {} }
        Self.expectRefusal("begins at") {
            _ = try periods.close(months.next, by: .anna, now: months.now)
        }
        Self.expectRefusal("still open") {
            _ = try periods.close(months.this, by: .anna, now: months.now)
        }
        Self.expectRefusal("still open") {
            _ = try periods.close(months.this, early: "", by: .anna, now: months.now)
        }
        Self.expectRefusal("the log began") {
            _ = try periods.close(Period("2020"), by: .anna, now: months.now)
        }
        _ = try periods.close(months.this, by: .anna, now: months.later)
        Self.expectRefusal("closed already") {
            _ = try periods.close(months.this, by: .anna, now: months.later)
        }
    }

    @Test("is refused while the clock is behind the log by more than a second")
    func clock() throws {
        let (sales, periods, months) = try Self.sales()
        let newest = try #require(
            try sales.ledger.read { try $0.line(at: 2)?.recordedTime?.microseconds }
        )
        for back in [1_000_001, 86_400_000_000] as [Int64] {
            Self.expectRefusal("the clock went back") {
                let now = Timestamp(microseconds: newest - back)
                _ = try periods.close(months.this, early: "r", by: .anna, now: now)
            }
        }
        let now = Timestamp(microseconds: newest - 1_000_000)
        _ = try periods.close(months.this, early: "r", by: .anna, now: now)
    }

    @Test("says which earlier periods are open; a longer closed one covers them")
    func openBefore() throws {
        let (sales, periods, months) = try Self.sales()
        defer { withExtendedLifetime(sales) {} }
        let closing = try periods.close(months.next, by: .anna, now: months.muchLater)
        #expect(closing.openBefore == [months.this])
        #expect(closing.closed.range.isEmpty)
        let (more, others, _) = try Self.sales()
        defer { withExtendedLifetime(more) {} }
        let year = try Period(String(months.this.name.prefix(4)))
        _ = try others.close(year, early: "test", by: .anna, now: months.now)
        let covered = try others.close(months.next, by: .anna, now: months.muchLater)
        #expect(covered.openBefore.isEmpty)
    }

    @Test("early takes a reason, and what comes after is late")
    func early() throws {
        let (sales, periods, months) = try Self.sales()
        let closing = try periods.close(months.this, early: "sold", by: .anna, now: months.now)
        #expect(closing.closed.act.reason == "sold")
        try sales.append([
            SalesLedger.sale(3, total: "1.00"),
            SalesLedger.sale(4, total: "2.00", at: "2001-01-01T00:00:00Z"),
            SalesLedger.sale(5, total: "4.00", at: months.within),
        ])
        let late = try LateEvents(months.this, views: sales.views)
        #expect(late.afterClosing == 2 && late.beforeClosing == 0)
        var sequences: [UInt64] = []
        try sales.ledger.read { snapshot in
            try late.forEach(in: snapshot) {
                sequences.append($0.sequence)
                #expect($0.isAfterClosing)
                return true
            }
        }
        #expect(sequences == [4, 6])
        #expect(late.totals.events == 2)
        #expect(String(decoding: late.totals.json, as: UTF8.self).contains(#""sum":"5.00""#))
        // The figures as closed stay what they are, and still hold.
        let check = try PeriodCheck(closing.closed, views: sales.views)
        #expect(check.holds && check.rows.allSatisfy { $0.result == .same })
    }

    @Test("two processes that close at the same time close once")
    func race() throws {
        let (sales, periods, months) = try Self.sales()
        var other = Draft(
            source: "daybook",
            id: "period/\(months.this.name)/0/closed",
            type: "daybook.test",
            kind: .admin
        )
        other[.subject] = "nothing"
        try sales.append([other])
        Self.expectRefusal("by another meanwhile, in event 3") {
            _ = try periods.close(months.this, by: .anna, now: months.later)
        }
        #expect(try Self.history(sales).acts.isEmpty)
    }

    @Test("is undone only by another person with the role for it")
    func reopens() throws {
        let (sales, periods, months) = try Self.sales()
        Self.expectRefusal("never closed") {
            try periods.reopen(months.this, reason: "r", by: .auditor)
        }
        let closer = Actor(authType: "token", name: "carla", role: "admin")
        _ = try periods.close(months.this, by: closer, now: months.later)
        for (actor, part) in [
            (Actor.anna, "takes a token"), (closer, "another person"),
            (Actor(authType: "token", name: "x", role: "ingest"), "takes a token"),
            (Actor(authType: "token", name: "x", role: "operator"), "takes a token"),
        ] {
            Self.expectRefusal(part) { try periods.reopen(months.this, reason: "r", by: actor) }
        }
        Self.expectRefusal("--reason") {
            try periods.reopen(months.this, reason: " ", by: .auditor)
        }
        let act = try periods.reopen(months.this, reason: "found more", by: .auditor)
        #expect(act.what == .reopened && act.reason == "found more")
        Self.expectRefusal("reopened it") { _ = try LateEvents(months.this, views: sales.views) }
        Self.expectRefusal("reopened it") {
            try periods.reopen(months.this, reason: "r", by: .auditor)
        }
        // It can be closed again, and is counted as another closing.
        try sales.append([SalesLedger.sale(8, total: "0.50")])
        let again = try periods.close(months.this, by: closer, now: months.later)
        #expect(again.closed.range.upperBound == 6)
        #expect(try Self.history(sales).rounds(of: months.this) == 2)
        #expect(try Self.history(sales).acts.count == 3)
    }

    @Test("is told only by events that are the log's own and take effect")
    func foreign() throws {
        let (sales, _, months) = try Self.sales()
        var drafts: [Draft] = []
        for (source, kind) in [("shop", Kind.admin), ("daybook", .fact)] {
            var draft = Draft(
                source: source,
                id: "f-\(source)",
                type: "daybook.period.closed",
                kind: kind
            )
            draft[.subject] = months.this.subject
            drafts.append(draft)
        }
        var odd = AdminEvent.draft(type: "daybook.period.closed")
        odd[.subject] = "period:never"
        try sales.append(drafts + [odd])
        #expect(try Self.history(sales).acts.isEmpty)
    }
}
