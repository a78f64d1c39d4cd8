import Audit
import Bytes
import Foundation
import Ledger
import POSIX
import Projections
import Testing

@Suite("Checking closed periods")
struct PeriodCheckTests {
    private static func closed() throws -> (SalesLedger, ClosedPeriod) {
        let sales = try SalesLedger()
        try sales.append((1...9).map { SalesLedger.sale($0, total: "\($0).10") })
        try sales.append([
            SalesLedger.fact("pay", "p1", "paid", #"{"payment":"7","at":"2026-01-01T00:00:00Z"}"#)
        ])
        let now = Timestamp(microseconds: Clock.microseconds)
        let period = try Period(String(now.rfc3339.prefix(7)))
        let closing = try Periods(sales.views, tool: "daybook 1").close(
            period,
            by: .anna,
            now: period.end
        )
        return (sales, closing.closed)
    }

    @Test("everything is the same however much came later")
    func same() throws {
        let (sales, closed) = try Self.closed()
        try sales.append((20...60).map { SalesLedger.sale($0 % 25, total: "5.00", at: nil) })
        _ = try sales.views.digest(ViewRequest("sales"))
        let check = try PeriodCheck(closed, views: sales.views)
        #expect(check.holds && check.rows.allSatisfy { $0.result == .same })
        #expect(check.rows.contains { $0.name == "digests.sales" })
    }

    /// Who has the key can state anything, and a check tells.
    @Test(
        "a figure that the log does not give differs",
        arguments: [
            ("\"events\":11", "\"events\":12", "totals.events"),
            ("\"sum\":\"45.90\"", "\"sum\":\"46.90\"", "totals.amounts total EUR sales.sum"),
            ("\"root\":\"", "\"root\":\"00", "root"),
            ("\"sales\":\"", "\"sales\":\"00", "digests.sales"),
            ("\"bodiless\":0", "\"bodiless\":1", "bodiless"),
            (
                "\"count\":9,\"outcome\"", "\"count\":8,\"outcome\"",
                "totals.types accepted shop sale.made.count"
            ),
        ]
    )
    func forged(old: String, new: String, figure: String) throws {
        let (sales, closed) = try Self.closed()
        let text = String(decoding: closed.content, as: UTF8.self)
        let place = try #require(
            old.hasPrefix("\"sales\"")
                ? text.range(of: old, options: .backwards) : text.range(of: old),
            "\(text)"
        )
        let content = Array(text.replacingCharacters(in: place, with: new).utf8)
        var draft = AdminEvent.draft(type: "daybook.period.closed", json: content.span)
        draft[.subject] = closed.act.period.subject
        try sales.append([draft])
        let history = try sales.ledger.read { try PeriodHistory(in: $0, size: $0.size) }
        let forged = try ClosedPeriod(history.closing(of: closed.act.period), in: sales.ledger)
        let check = try PeriodCheck(forged, views: sales.views)
        #expect(!check.holds)
        #expect(check.rows.filter { $0.result == .differs }.map(\.name) == [figure])
    }

    @Test("a definition that was replaced makes amounts not comparable, and nothing else")
    func replaced() throws {
        let (sales, closed) = try Self.closed()
        let text = SalesLedger.definition.replacing("version: 1", with: "version: 2")
            .replacing(
                "total: { from: /total, currency: /currency }",
                with: "total: { from: /total, currency: { is: USD } }"
            )
        let views = try sales.views(by: text)
        let check = try PeriodCheck(closed, views: views)
        #expect(check.holds)
        let replaced = check.rows.filter { $0.result == .replaced }.map(\.name)
        #expect(replaced.contains("definitions.sales"))
        #expect(replaced.contains("totals.amounts total EUR sales.sum"))
        #expect(replaced.contains("totals.amounts total USD sales.sum"))
        // The version that answered then is still stored, so its rows can be had.
        #expect(check.rows.first { $0.name == "digests.sales" }?.result == .same)
        #expect(check.rows.allSatisfy { $0.result == .same || replaced.contains($0.name) })
    }

    @Test("a closing that states no stretch, or one beyond the log, is refused")
    func odd() throws {
        let (sales, closed) = try Self.closed()
        for text in [
            "{}", #"{"first":3,"end":2,"size":9}"#, #"{"first":0,"end":9,"size":8}"#, "[1]",
            #"{"first":0,"end":5,"size":100000}"#,
        ] {
            let content = Array(text.utf8)
            var draft = AdminEvent.draft(type: "daybook.period.closed", json: content.span)
            draft[.subject] = closed.act.period.subject
            try sales.append([draft])
            let history = try sales.ledger.read { try PeriodHistory(in: $0, size: $0.size) }
            let act = try history.closing(of: closed.act.period)
            #expect(throws: (any Error).self, "\(text)") {
                let odd = try ClosedPeriod(act, in: sales.ledger)
                _ = try PeriodCheck(odd, views: sales.views)
            }
        }
    }

    @Test(
        "the period before is of the same length",
        arguments: [
            ("2026", "2025"), ("2026-Q1", "2025-Q4"), ("2026-Q3", "2026-Q2"),
            ("2026-01", "2025-12"), ("2026-12", "2026-11"), ("2024-03-01", "2024-02-29"),
        ]
    )
    func before(name: String, expected: String) throws {
        let period = try Period(name)
        #expect(period.before?.name == expected)
        #expect(period.before?.end == period.start)
        #expect(try Period("2026").covers(Period("2026-Q3")))
        #expect(try !Period("2026-Q3").covers(Period("2026-10")))
        #expect(period.contains(period.start) && !period.contains(period.end))
    }
}
