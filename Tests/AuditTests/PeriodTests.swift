import Audit
import Bytes
import Ledger
import Testing

@Suite struct PeriodTests {
    @Test(
        "a period is named as the calendar has it and ends where the next begins",
        arguments: [
            ("2026", "2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-Q1", "2026-01-01T00:00:00Z", "2026-04-01T00:00:00Z"),
            ("2026-Q4", "2026-10-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2026-02", "2026-02-01T00:00:00Z", "2026-03-01T00:00:00Z"),
            ("2026-12", "2026-12-01T00:00:00Z", "2027-01-01T00:00:00Z"),
            ("2024-02-28", "2024-02-28T00:00:00Z", "2024-02-29T00:00:00Z"),
            ("2024-12-31", "2024-12-31T00:00:00Z", "2025-01-01T00:00:00Z"),
        ]
    )
    func reads(name: String, start: String, end: String) throws {
        let period = try Period(name)
        #expect(period.name == name)
        #expect(period.start == Timestamp(rfc3339: start))
        #expect(period.end == Timestamp(rfc3339: end))
    }

    @Test(
        "what is no period is refused",
        arguments: [
            "", "26", "2026-13", "2026-00", "2026-Q0", "2026-Q5", "2026-q1", "2026-1", "2026-02-30",
            "october", "2026-10-1", " 2026", "2026 ", "20é6",
        ]
    )
    func refuses(name: String) {
        #expect(throws: AuditProblem.self) { try Period(name) }
    }

    @Test("a selection's text is read back as the same selection")
    func roundTrip() throws {
        var selection = try EventSelection(Period("2026-Q3"))
        selection.from = 7
        selection.end = 900
        selection.query.conditions = [
            (.source, "shop eu"), (.type, "a%20*"), (.subject, "order:1"),
        ]
        let again = try EventSelection(text: selection.text)
        #expect(again.text == selection.text)
        #expect(again.query.conditions.map(\.pattern) == ["shop eu", "a%20*", "order:1"])
        #expect(again.query.since == selection.query.since)
        #expect(try EventSelection(text: "all").text == "all")
        #expect(throws: AuditProblem.self) { try EventSelection(text: "colour=blue") }
    }
}
