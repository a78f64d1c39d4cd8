import Testing

@testable import Projections

@Suite("Rejected events")
struct RejectedEventTests {
    private static func failures(_ rules: String, _ cases: String) throws -> [String] {
        let yaml = """
            projection: p
            version: 1
            key: id
            columns:
              seen: { type: integer, keep: count }
              refused: { type: integer, keep: count }
            events:
            \(rules)
            """
        let definition = try Definition(yaml: yaml.utf8Span.span, file: "p.yaml")
        let reports = try checkCases(definition, [CaseFile(name: "c", bytes: Array(cases.utf8))])
        return reports.flatMap { $0.failures.map(\.description) }
    }

    @Test("tell only rules that name their outcome; a star is no name")
    func naming() throws {
        let failures = try Self.failures(
            """
              - from: { type: a, outcome: "*" }
                key: "{@source}"
                set: { seen: { count: true } }
              - from: { type: "*", outcome: rejected }
                key: "{@source}"
                set: { refused: { count: true } }
              - from: { type: b }
                key: "{@source}"
                set: { seen: { count: true } }
              - from: { type: c, outcome: "reject*" }
                key: "{@source}"
                set: { seen: { count: true } }
            """,
            """
            case: x
            given:
              - { source: s, type: a }
              - { source: s, type: a, outcome: rejected }
              - { source: s, type: a, outcome: failed }
              - { source: s, type: b }
              - { source: s, type: b, outcome: rejected }
              - { source: t, type: c, outcome: rejected }
            then: [{ id: s, seen: 3, refused: 2 }, { id: t, refused: 1, seen: ~ }]
            """
        )
        #expect(failures == [])
    }

    @Test("count as rejected where no rule takes them, and in the equation where one does")
    func tally() throws {
        let yaml = """
            projection: p
            version: 1
            key: id
            columns: { n: { type: integer, keep: count } }
            events:
              - from: { kind: webhook, outcome: [accepted, rejected] }
                when: { "@subject": present }
                key: "{@subject}"
                at: "@time"
                set: { n: { count: true } }
            """
        let plan = Plan(try Definition(yaml: yaml.utf8Span.span, file: "p.yaml"))
        let cases = """
            case: x
            given:
              - { source: s, type: a, subject: k, time: 2026-01-01T00:00:00Z, outcome: rejected }
              - { source: s, type: a, subject: k, time: 2026-01-01T00:00:00Z }
              - { source: s, type: a, time: 2026-01-01T00:00:00Z, outcome: rejected }
              - { source: s, type: a, time: 2026-01-01T00:00:00Z }
              - { source: s, type: a, subject: k, outcome: rejected }
              - { source: s, type: a, subject: k, kind: fact, outcome: rejected }
              - { source: s, type: a, subject: k, kind: fact }
            quarantined: [e5]
            """
        let story = try #require(
            try CaseReader(plan.definition).cases(cases.utf8Span.span, file: "c").first
        )
        var chance = CaseChance(seed: 4)
        var arrivals = CaseArrivals(story, Array(story.given.indices), &chance)
        while arrivals.arrivals.contains(where: \.isRepeat) {
            arrivals = CaseArrivals(story, Array(story.given.indices), &chance)
        }
        var folding = Folding(plan)
        try folding.take(arrivals, 0..<7)
        let tally = folding.tally
        #expect(tally.applied == 2)
        #expect(tally.ignored == 1)
        #expect(tally.rejected == 2)
        #expect(tally.quarantined == 1)
        #expect(tally.unknown == 1)
        #expect(tally.events == 7)
    }

    @Test("are never taken for a rule that says nothing of outcomes, so those rules are disjoint")
    func disjoint() throws {
        let rules = """
            columns: { n: { type: integer, keep: count } }
            events:
              - { from: { type: a }, key: "{@source}", set: { n: { count: true } } }
              - { from: { type: a, outcome: OUTCOME }, key: "{@id}", set: { n: { count: true } } }
            """
        func refusal(_ outcome: String) -> String? {
            let rules = rules.replacing("OUTCOME", with: outcome)
            return Sample.refusal(of: "projection: p\nversion: 1\nkey: k\n\(rules)")
        }
        #expect(refusal("rejected") == nil)
        #expect(refusal("[rejected, accepted]")?.contains("could both fit one event") == true)
        #expect(refusal("\"*\"")?.contains("could both fit one event") == true)
    }
}
