import Testing

@testable import Projections

@Suite("Cases")
struct CaseRunnerTests {
    private static func report(_ yaml: String) throws -> CaseReport {
        try #require(try CaseSample.run(yaml).first)
    }

    private static let two = """
        given:
          - { provider: shop, type: told, id: x, body: { id: a, at: 5, state: open, n: 1 } }
          - { provider: shop, type: told, id: y, body: { id: a, at: 9, state: lost, n: 4 } }
        """

    @Test("hold when every named column of every named row is as expected")
    func holds() throws {
        let report = try Self.report(
            """
            case: a story
            \(Self.two)
            then:
              - { item: a, state: lost, top: 4, low: 1, points: 5, times: 2, word: "off", left: ~ }
            """
        )
        #expect(report.holds)
        #expect(report.failedOrders == 0)
        #expect(report.orders == 2)
        #expect(report.name == "a story")
        #expect(report.file == "c.yaml")
        #expect(report.line == 1)
    }

    @Test(
        "name what is wrong",
        arguments: [
            (
                "then: [{ item: a, state: open }]",
                #"row a, column state: found "lost", expected "open"; in the order x, y"#
            ),
            (
                "then: [{ item: a, state: ~ }]",
                #"row a, column state: found "lost", expected nothing; in the order x, y"#
            ),
            (
                "then: [{ item: a, tags: [red] }]",
                #"row a, column tags: found nothing, expected ["red"]; in the order x, y"#
            ),
            (
                "then: [{ item: a, points: 6 }]",
                "row a, column points: found 5, expected 6; in the order x, y"
            ),
            ("then: [{ item: b }]", "row b: found no such row, expected it; in the order x, y"),
            ("then: []", "then: found a, expected none; in the order x, y"),
            ("absent: [b, a]", "row a: found it, expected no such row; in the order x, y"),
            (
                #"waiting: ["alias:z"]"#,
                "waiting: found none, expected alias:z; in the order x, y"
            ),
            ("quarantined: [y]", "quarantined: found none, expected y; in the order x, y"),
            ("ignored: 1", "ignored: found 0, expected 1; in the order x, y"),
            ("unmapped: 1", "unmapped: found 0, expected 1; in the order x, y"),
            ("unknown: 1", "unknown: found 0, expected 1; in the order x, y"),
            ("conflicts: 1", "conflicts: found 0, expected 1; in the order x, y"),
        ]
    )
    func named(expectation: String, failure: String) throws {
        let report = try Self.report("case: a story\n\(Self.two)\n\(expectation)\n")
        #expect(report.failures.map(\.description) == [failure])
        #expect(report.failedOrders == 2)
    }

    @Test("fail over an event that is quarantined or unknown without their saying so")
    func unsaid() throws {
        let report = try Self.report(
            """
            case: a story
            given:
              - { provider: shop, type: tole, id: x, body: { id: a, at: 5 } }
              - { provider: shop, type: told, id: y, body: { id: a, at: soon } }
            absent: [a]
            """
        )
        #expect(
            report.failures.map(\.description) == [
                "quarantined: found y (found a text at /at, expected seconds since 1970), "
                    + "expected none; in the order x, y",
                "unknown: found 1, expected 0; in the order x, y",
            ]
        )
    }

    @Test(
        "are run in all orders up to seven events, in 2,000 orders above, and some in one",
        arguments: [(1, false, 1), (2, false, 2), (5, false, 120), (6, false, 720)]
            + [(8, false, 2000), (6, true, 16), (20, true, 16)]
    )
    func orders(events: Int, isInOrder: Bool, orders: Int) throws {
        let given = (0..<events).map {
            "  - { provider: shop, type: told, body: { id: a, at: \($0 + 1), n: 1 } }\n"
        }
        let report = try Self.report(
            "case: x\nin_order: \(isInOrder)\ngiven:\n\(given.joined())then: [{ item: a, "
                + "times: \(events) }]\n"
        )
        #expect(report.holds)
        #expect(report.orders == orders)
    }

    @Test("take every order once")
    func permutations() {
        var chance = CaseChance(seed: 1)
        var seen: Set<[Int]> = []
        CaseOrders(events: 4, isInOrder: false).forEach(&chance) { order, _ in
            #expect(seen.insert(order).inserted)
            return true
        }
        #expect(seen.count == 24)
        #expect(seen.contains([0, 1, 2, 3]) && seen.contains([3, 2, 1, 0]))
    }

    @Test("fail where the rows depend on the order of arrival, unless they are told in order")
    func dependent() throws {
        // Of two contents under one id the ledger takes the first that arrives.
        let events = """
            given:
              - { provider: shop, type: told, id: x, body: { id: a, at: 5, state: open } }
              - { provider: shop, type: told, id: x, body: { id: a, at: 6, state: lost } }
            """
        let failed = try Self.report("case: x\n\(events)\nthen: [{ item: a, state: open }]\n")
        #expect(failed.failedOrders == 1)
        #expect(failed.failures.first?.order.prefix(1) == ["x"])
        #expect(failed.failures.first?.found == "\"lost\"")
        let inOrder = try Self.report(
            "case: x\nin_order: true\n\(events)\nthen: [{ item: a, state: open }]\n"
        )
        #expect(inOrder.holds)
    }

    @Test("compare columns that they do not name between orders")
    func unnamed() throws {
        let report = try Self.report(
            """
            case: x
            given:
              - { provider: shop, type: told, id: x, body: { id: a, at: 5, n: 1, state: open } }
              - { provider: shop, type: told, id: x, body: { id: a, at: 5, n: 1, state: lost } }
            then: [{ item: a, points: 1 }]
            """
        )
        #expect(
            report.failures.first?.description
                == #"row a, column state: found "lost", expected "open" as in the file's order; "#
                + "in the order \(report.failures.first?.order.joined(separator: ", ") ?? "")"
        )
    }

    @Test("count a redelivery as a duplicate that changes nothing")
    func repeats() throws {
        let report = try Self.report(
            """
            case: x
            given:
              - { provider: shop, type: told, id: x, body: { id: a, at: 5, n: 1, delta: 2 } }
              - { provider: shop, type: told, id: x, body: { id: a, at: 5, n: 1, delta: 2 } }
              - { provider: shop, type: told, id: x, source: other, body: { id: a, at: 5, n: 1 } }
            then: [{ item: a, points: 2, times: 2, stock: 2 }]
            """
        )
        #expect(report.holds)
    }

    @Test("break ties by rule, then id, then source, never by arrival")
    func ties() throws {
        let report = try Self.report(
            """
            case: x
            given:
              - { provider: shop, type: told, id: "9", body: { id: a, at: 5, state: lost } }
              - { provider: shop, type: told, id: "8", body: { id: b, at: 5, state: lost } }
              - { provider: shop, type: told, id: "7", body: { id: b, at: 5, state: open } }
              - { provider: shop, source: s1, type: told, id: "1",
                  body: { id: c, at: 5, state: lost } }
              - { provider: shop, source: s2, type: told, id: "1",
                  body: { id: c, at: 5, state: open } }
            then: [{ item: b, state: lost }, { item: c, state: open }]
            """
        )
        #expect(report.holds)
    }

    @Test("prove the merge of every register")
    func registers() throws {
        let report = try Self.report(
            """
            case: x
            given:
              - { provider: shop, type: told, body: { id: a, at: 5, state: open, origin: one,
                  best: mid, n: 3, paid: "1.10", currency: EUR, tags: [red, blue], mood: glad,
                  delta: 7, call: 1m, refund: r1, live: true } }
              - { provider: shop, type: known, body: { alias: z, at: 65, state: lost, origin: two,
                  best: low, n: -4, paid: "0.90", currency: EUR, tags: [red, green], mood: sad,
                  count: 40, call: 1m, refund: r2, seen: "2026-11-21T10:00:00Z" } }
              - { provider: shop, type: told, body: { id: a, alias: z, at: 70, best: low, n: 0,
                  paid: 100, currency: JPY, delta: -2, call: 1m } }
              - { provider: shop, type: told, body: { id: a, alias: z, at: 60, n: 9,
                  paid: "-1.00", currency: EUR, delta: 900, refund: r1, live: false } }
            at: 1970-01-01T00:01:30Z
            then:
              - item: a
                state: lost
                origin: one
                best: mid
                top: 9
                low: -4
                points: 8
                times: 4
                paid: [{ amount: "100", currency: JPY }, { amount: "1.00", currency: EUR }]
                tags: [blue, green, red]
                moods: [glad, sad]
                stock: 38
                calls: 2
                refunds:
                  r1: { amount: "-1.00", currency: EUR }
                  r2: { amount: "0.90", currency: EUR }
                returned: { amount: "-0.10", currency: EUR }
                seen: 2026-11-21T10:00:00Z
                live: false
                busiest: 1970-01-01T00:01:00Z
                left: 29
                word: "off"
                ended: 8
            waiting: []
            """
        )
        #expect(report.failures.map(\.description) == [])
        #expect(report.orders == 24)
    }

    @Test("stop at five failures of different kinds")
    func bounded() throws {
        let expected = (0..<9).map { "{ item: r\($0) }" }.joined(separator: ", ")
        let report = try Self.report("case: a story\n\(Self.two)\nthen: [\(expected)]\n")
        #expect(report.failures.count == 5)
        #expect(report.orders == 1)
    }
}
