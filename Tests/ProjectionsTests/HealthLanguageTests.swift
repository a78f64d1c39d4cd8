import Testing

@testable import Projections

/// What `integration-health` and the like need of the language: columns of the last while,
/// quantiles, shares and ages.
@Suite("Columns of the last while, shares and ages")
struct HealthLanguageTests {
    private static let head = """
        projection: p
        version: 1
        key: id
        columns:
          all: { type: integer, keep: count }
          recent: { type: integer, keep: count, last: 1h }
          bad: { type: integer, keep: count, last: 1h }
          wait: { type: integer, keep: quantiles, last: 1h }
          ever: { type: integer, keep: quantiles }
          begun: { type: time, keep: min }
          ended: { type: time, keep: max }
          paid: { type: money, keep: sum }
          back: { type: money, keep: sum, by: refund }
          stock: { type: integer, keep: balance }
          name: { type: text, keep: latest }

        """

    private static let rule = """

        events:
          - from: { type: a }
            key: "{/id}"
            at: { from: /at, as: unix }
            set:
              all: { count: true }
              recent: { count: true }
              bad: { when: { /bad: true }, count: true }
              wait: { from: /wait, optional: true }
              ever: { from: /wait, optional: true }
              begun: { from: /at, as: unix }
              ended: { from: /at, as: unix }
              paid: { from: /paid, currency: /currency, optional: true }
              back:
                { when: { /back: present }, from: /back, currency: /currency, by: "{/refund}" }
              stock: { delta: /stock, optional: true }
              name: { text: "{/id} of {/owner}", optional: true }
        """

    private static func failures(_ derive: String, _ cases: String) throws -> [String] {
        let yaml = head + "derive:\n" + derive + rule
        let definition = try Definition(yaml: yaml.utf8Span.span, file: "p.yaml")
        let reports = try checkCases(definition, [CaseFile(name: "c", bytes: Array(cases.utf8))])
        return reports.flatMap { $0.failures.map(\.description) }
    }

    private static func refusal(_ derive: String) -> String? {
        Sample.refusal(of: head + "derive:\n  " + derive + rule)
    }

    @Test("count what was said in the last while, by the moment asked about")
    func last() throws {
        let failures = try Self.failures(
            """
              rate: { ratio: [bad, recent] }
              fine: { ratio: [bad, recent], times: 10000 }
              p95: { percentile: wait, percent: 95 }
              state: [{ when: { rate: { gte: 50 } }, is: bad }, { is: good }]
            """,
            """
            - case: within the hour
              given:
                - { source: s, type: a, body: { id: x, at: 1788256800, bad: true, wait: 10 } }
                - { source: s, type: a, body: { id: x, at: 1788260399, wait: 20 } }
                - { source: s, type: a, body: { id: x, at: 1788260399, wait: 30 } }
              at: 2026-09-01T10:59:59Z
              then:
                - { id: x, all: 3, recent: 3, bad: 1, rate: 33, fine: 3333, wait: 20, ever: 20,
                    p95: 30, state: good }
            - case: an hour after the first
              given:
                - { source: s, type: a, body: { id: x, at: 1788256800, bad: true, wait: 10 } }
                - { source: s, type: a, body: { id: x, at: 1788260399, bad: true, wait: 20 } }
              at: 2026-09-01T11:00:00Z
              then:
                - { id: x, all: 2, recent: 1, bad: 1, rate: 100, wait: 20, ever: 10, state: bad }
            - case: long after
              given:
                - { source: s, type: a, body: { id: x, at: 1788256800, bad: true, wait: 10 } }
              at: 2026-09-02T11:00:00Z
              then:
                - { id: x, all: 1, recent: 0, bad: 0, rate: ~, fine: ~, wait: ~, ever: 10, p95: ~,
                    state: good }
            """
        )
        #expect(failures == [])
    }

    @Test("tell how old a time is, to now or to another, also below nothing")
    func ages() throws {
        let failures = try Self.failures(
            """
              age: { age: ended }
              took: { age: begun, at: ended }
              back_then: { age: ended, at: begun }
              long: [{ when: { took: { gt: 3599 } }, is: true }, { is: false }]
            """,
            """
            - case: x
              given:
                - { source: s, type: a, body: { id: x, at: "1788256800.5" } }
                - { source: s, type: a, body: { id: x, at: "1788260400.4" } }
                - { source: s, type: a, body: { id: y, at: 1788256800 } }
              at: 2026-09-01T11:00:00.3Z
              then:
                - { id: x, age: -1, took: 3599, back_then: -3600, long: false }
                - { id: y, age: 3600, took: 0, back_then: 0 }
            """
        )
        #expect(failures == [])
    }

    @Test("share what is there: nothing of something is 0, something of nothing is no share")
    func shares() throws {
        let failures = try Self.failures(
            """
              of_all: { ratio: [stock, all] }
              of_stock: { ratio: [all, stock] }
              unsaid: { ratio: [bad, all] }
              money: { currency: paid }
              left: { subtract: [paid, back] }
            """,
            """
            - case: x
              given:
                - { source: s, type: a, body: { id: x, at: 1788256800, stock: -1, paid: "9.00",
                    currency: eur, back: "1.50", refund: r1 } }
                - { source: s, type: a, body: { id: x, at: 1788256800, stock: -2, paid: "1.00",
                    currency: eur, back: "1.50", refund: r1 } }
                - { source: s, type: a, body: { id: y, at: 1788256800, paid: 1, currency: eur } }
                - { source: s, type: a, body: { id: y, at: 1788256800, paid: 1, currency: usd } }
                - { source: s, type: a, body: { id: z, at: 1788256800, owner: me,
                    stock: 9223372036854775807 } }
              then:
                - { id: x, of_all: -150, of_stock: ~, unsaid: 0, money: EUR, name: ~,
                    left: { amount: "8.50", currency: EUR } }
                - { id: y, of_all: 0, of_stock: ~, money: ~ }
                - { id: z, of_all: ~, of_stock: 0, name: z of me }
            """
        )
        // More than one event can say is a share all the same.
        #expect(failures.count == 1)
        #expect(failures.first?.contains("922337203685477580700") == true)
    }

    @Test(
        "are refused where they mean nothing",
        arguments: [
            ("a: { percentile: wait }", "missing key \"percent\""),
            ("a: { percentile: wait, percent: 0 }", "expected an integer from 1 to 100"),
            ("a: { percentile: wait, percent: all }", "expected an integer from 1 to 100"),
            ("a: { percentile: all, percent: 5 }", "column \"all\" has no quantiles"),
            ("a: { percentile: wait, percent: 5, of: all }", "expected it with reached only"),
            ("a: { sum: [begun] }", "column \"begun\" holds time"),
        ]
    )
    func refused(derive: String, message: String) {
        #expect(Self.refusal(derive)?.contains(message) == true, "\(Self.refusal(derive) ?? "")")
    }

    @Test(
        "the last while is a length of time, for counts and quantiles alone",
        arguments: [
            ("keep: count, last: 1h", nil), ("keep: quantiles, last: 366d", nil),
            ("keep: count, last: 367d", "expected a length of time such as 1h, at most 366d"),
            ("keep: count, last: 0s", "expected a length of time such as 1h, at most 366d"),
            ("keep: count, last: 60", "expected a length of time such as 1h, at most 366d"),
            ("keep: sum, last: 1h", "found \"last\" for keep sum, expected it for keep count and"),
            ("keep: window, last: 1h", "found \"last\" for keep window"),
            ("keep: count, by: x, last: 1h", "found \"last\" for keep count with \"by\""),
            ("keep: quantiles, by: x", "keep quantiles does not go with \"by\""),
        ] as [(String, String?)]
    )
    func lastRefused(column: String, message: String?) {
        let text = Sample.definition(column: "c: { type: integer, \(column) }")
        let refusal = Sample.refusal(of: text)
        guard let message else {
            #expect(refusal == nil)
            return
        }
        #expect(refusal?.contains(message) == true, "\(refusal ?? "nothing")")
    }

    @Test("change the rows' hash if they change the rows, and leave it if they do not")
    func hashes() throws {
        func definition(_ column: String, _ derive: String) throws -> Definition {
            let text = Sample.definition(column: "c: { type: integer, \(column) }")
            return try Sample.read(text.replacing("events:", with: "derive:\n  \(derive)\nevents:"))
        }
        let ages = "a: { age: seen }"
        let hour = try definition("keep: count, last: 1h", ages)
        #expect(try definition("keep: count, last: 60m", ages).hash == hour.hash)
        #expect(try definition("keep: count, last: 2h", ages).foldHash != hour.foldHash)
        #expect(try definition("keep: count", ages).foldHash != hour.foldHash)
        let derived = [
            "a: { age: seen, at: seen }", "a: { currency: paid }", "a: { ratio: [size, times] }",
            "a: { ratio: [times, size] }", "a: { ratio: [size, times], times: 1000 }",
        ]
        var hashes = [hour.hash]
        for derive in derived {
            let other = try definition("keep: count, last: 1h", derive)
            #expect(other.foldHash == hour.foldHash)
            hashes.append(other.hash)
        }
        #expect(Set(hashes).count == hashes.count)
        let hundred = try definition("keep: count, last: 1h", "a: { ratio: [size, times] }")
        let same = "a: { ratio: [size, times], times: 100 }"
        #expect(try definition("keep: count, last: 1h", same).hash == hundred.hash)
    }
}
