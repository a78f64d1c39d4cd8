import Foundation
import Testing

/// Incidents: what happened to an entity, and the report of it.
@Suite("Incidents") struct IncidentTests {
    private static func order(_ id: String, _ status: String, _ minute: Int) -> String {
        #"{"specversion":"1.0","id":"\#(id)-\#(status)","source":"woocommerce","#
            + #""type":"order.updated","subject":"order:\#(id)","#
            + #""time":"2026-11-20T09:0\#(minute):00Z","#
            + #""data":{"id":"\#(id)","status":"\#(status)","currency":"EUR","total":"12.50","#
            + #""date_created_gmt":"2026-11-20T09:00:00","#
            + #""date_modified_gmt":"2026-11-20T09:0\#(minute):00"}}"#
    }

    @Test(
        "a failed job and an order are told on a timeline and in a report, which is recorded first"
    )
    func report() throws {
        try withTrial { trial in
            for fact in [Self.order("1001", "pending", 1), Self.order("1001", "processing", 2)] {
                let done = try trial.daybook("append", input: fact)
                try #require(done.status == 0, "\(done)")
            }
            try trial.daybook("sync", "invoices", "--", "sh", "-c", "echo '<b>no</b>' >&2; exit 3")

            let timeline = try trial.daybook(
                "timeline",
                "--subject",
                "order:1001",
                "--format",
                "ndjson"
            )
            #expect(timeline.status == 0, "\(timeline)")
            #expect(timeline.rows.map { $0["why"] } == ["subject", "subject"], "\(timeline)")
            #expect(try trial.daybook("timeline", "--subject", "order:9").status == 1)
            #expect(try trial.daybook("timeline").status == 2)

            let file = trial.path("INC-12.html")
            let words = ["incident", "INC-12", "--from", "1h", "--to", "2099-01-01", "--out", file]
            let made = try trial.run([Trial.program] + words + ["--purpose", "a drill"])
            #expect(made.status == 0, "\(made)")
            let page = try trial.read("INC-12.html")
            #expect(page.hasPrefix("<!DOCTYPE html>") && page.hasSuffix("</html>\n"))
            #expect(page.contains("exit status 3"))
            #expect(!page.contains("<script"))
            let again = try trial.run([Trial.program] + words)
            #expect(again.status == 2 && again.error.contains("exists already"), "\(again)")
            #expect(try trial.read("INC-12.html") == page)

            let reports = try trial.log("--type", "daybook.report")
            #expect(reports.count == 1)
            #expect(reports.first?["reason"] == "a drill")
            #expect(reports.first?["subject"] == "report:incident")
            let number = try #require(reports.first?["sequence"].flatMap { Int($0) })
            #expect(page.contains("daybook rerun \(number)"))

            let markdown = try trial.daybook(
                "incident",
                "INC-12",
                "--from",
                "1h",
                "--to",
                "2099-01-01",
                "--markdown",
                "--redacted"
            )
            #expect(markdown.status == 0, "\(markdown)")
            #expect(markdown.output.hasPrefix("# `INC-12`\n"))
            #expect(!markdown.output.contains("order:1001"), "an entity is named")
            #expect(
                try trial.daybook("incident", "INC-1", "--from", "1h", "--to", "2h").status == 2
            )
            #expect(try trial.daybook("rate-limits", "--format", "ndjson").status == 0)
            #expect(try trial.isSound())
        }
    }
}
