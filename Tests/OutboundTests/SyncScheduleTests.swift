import Bytes
import Ledger
import Outbound
import Testing
import YAML

@Suite("The syncs of a configuration") struct SyncScheduleTests {
    private func read(_ text: String) throws(YAMLError) -> [SyncSchedule] {
        let bytes = Array(text.utf8)
        let node = try parseYAML(bytes.span, file: "daybook.yaml")
        return try SyncSchedule.all(node)
    }

    @Test("are read with their zone and grace, or the usual ones")
    func reads() throws {
        let syncs = try read(
            """
            klaviyo-products: { schedule: "0 2 * * *", zone: Europe/London, grace: 30m }
            stock: { schedule: "*/5   * * * *", grace: 90s }
            orders: { schedule: "@daily" }
            """
        )
        #expect(
            syncs.map(\.notation) == [
                "0 2 * * * Europe/London, grace 30m", "*/5 * * * * UTC, grace 90s",
                "@daily UTC, grace 30m",
            ]
        )
        #expect(syncs.map(\.name) == ["klaviyo-products", "stock", "orders"])
        #expect(syncs[0].next(after: moment2026("07-01 12:00"))?.short == "2026-07-02T01:00:00Z")
        #expect(try read("{}").isEmpty)
    }

    @Test(
        "are refused with line, column, and what was expected",
        arguments: [
            ("x: { schedule: 0 2 * * }", "daybook.yaml:1:16: found \"0 2 * *\""),
            ("x: { schedule: 0 2 * * }", "five fields such as 0 2 * * *"),
            ("x: { schedule: 0 99 * * * }", "found \"99\" as the hour"),
            ("x: { zone: UTC }", "missing key \"schedule\""),
            ("x: { schedule: '@daily', graze: 5m }", "unknown key \"graze\""),
            ("x: { schedule: '@daily', zone: Europe/Londno }", "Europe/Londno is not in"),
            ("x: { schedule: '@daily', zone: ../passwd }", "expected such as Europe/London"),
            ("x: { schedule: '@daily', grace: 5 }", "a duration such as"),
            ("x: { schedule: '@daily', grace: 0s }", "whole seconds from 1s to 7d"),
            ("x: { schedule: '@daily', grace: 8d }", "whole seconds from 1s to 7d"),
            ("x: { schedule: '@daily', grace: 1500ms }", "whole seconds from 1s to 7d"),
            ("X: { schedule: '@daily' }", "found the sync \"X\", expected 1 to 64 of"),
            ("daybook: { schedule: '@daily' }", "found the sync \"daybook\""),
            ("- x", "a mapping"), ("x: '@daily'", "a mapping"),
            ("x: { schedule: [0, 2] }", "a text"),
        ]
    )
    func refusals(text: String, message: String) {
        let error = #expect(throws: YAMLError.self) { try read(text) }
        #expect(error.map { "\($0)".contains(message) } == true, "\(error.map { "\($0)" } ?? "")")
    }

    @Test("are not more than any house has")
    func tooMany() {
        let text = (0...SyncLimits.schedules).map { "s\($0): { schedule: '@daily' }\n" }.joined()
        let error = #expect(throws: YAMLError.self) { try read(text) }
        #expect(error.map { "\($0)".contains("found 1001 syncs") } == true)
    }

    @Test("stand as their newest runs say, in whatever order those were recorded")
    func overview() {
        var log = SimulatedLog()
        log.run("a", from: moment2026("02-02 02:00"), at: moment2026("02-02 02:10"))
        log.run(
            "a",
            from: moment2026("02-03 02:00"),
            at: moment2026("02-03 02:10"),
            hasFailed: true
        )
        log.run("a", from: moment2026("02-01 02:00"), at: moment2026("02-03 02:11"))
        log.run("b", from: nil, at: moment2026("02-03 02:12"), hasFailed: true)
        for id in ["late:a:1", "late:a:1", "late:a:2", "missed:a:1"] {
            let word = id.prefix { $0 != ":" }
            let draft = Draft(
                source: "a",
                id: id,
                type: "sync.\(word)",
                kind: .sync,
                outcome: .failed
            )
            log.append(draft, at: moment2026("02-03 03:00"))
        }
        log.append(Draft(source: "c", id: "1", type: "sync.late", kind: .fact), at: .max)
        var overview = SyncOverview()
        for line in log.lines {
            let bytes = line.span
            overview.take(Line(bytes))
        }
        #expect(overview.standings.keys.sorted() == ["a", "b"])
        let a = overview.standings["a"] ?? SyncOverview.Standing()
        #expect(a.lastRun == moment2026("02-03 02:00"))
        #expect(a.lastStatus == "failed")
        #expect(a.lastSuccess == moment2026("02-02 02:00"))
        // The second late:a:1 is a duplicate and takes no effect.
        #expect([a.late, a.missed] == [2, 1])
        let b = overview.standings["b"] ?? SyncOverview.Standing()
        #expect(b.lastRun == moment2026("02-03 02:12"))
        #expect(b.lastSuccess == nil)
    }
}
