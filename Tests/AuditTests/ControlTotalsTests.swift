import Audit
import Ledger
import Projections
import Testing

@Suite struct ControlTotalsTests {
    @Test("money is written by its currency's digits")
    func money() {
        func text(_ amount: Int128, _ code: String) -> String? {
            Currency(Array(code.utf8).span).map { $0.decimal(amount) }
        }
        #expect(text(0, "EUR") == "0.00")
        #expect(text(-5, "EUR") == "-0.05")
        #expect(text(123_456, "EUR") == "1234.56")
        #expect(text(-100, "JPY") == "-100")
        #expect(text(1, "KWD") == "0.001")
        #expect(text(Int128(Int64.max) * 4, "USD") == "368934881474191032.28")
    }

    @Test("totals of nothing say so")
    func empty() {
        let json = String(decoding: ControlTotals().json, as: UTF8.self)
        #expect(
            json == #"{"amounts":[],"bytes":0,"events":0,"kinds":[],"outcomes":[],"sources":[],"#
                + #""types":[]}"#
        )
    }

    @Test("events and money are counted by what they are, sorted")
    func counts() throws {
        let trial = try BundleTrial(events: 0)
        let writer = try #require(trial.ledger.writer)
        for (number, total) in ["12.50", "7.00", "-0.01"].enumerated() {
            var draft = Draft(
                source: "shop",
                id: "o\(number)",
                type: "order.created",
                kind: .webhook,
                outcome: .accepted
            )
            draft[.provider] = "woocommerce"
            let content =
                Array(
                    #"{"id":\#(number + 1),"status":"processing","total":"\#(total)","#
                        .utf8
                )
                + Array(
                    (#""currency":"EUR","date_created_gmt":"2026-01-01T10:00:00","#
                        + #""date_modified_gmt":"2026-01-01T10:00:00"}"#).utf8
                )
            let meta = Array("{}".utf8)
            draft.body = Body(meta: meta.span, content: content.span)
            _ = try writer.append([draft])
        }
        let size = try trial.ledger.read { try $0.size }
        let totals = try ControlTotals(EventSelection(), size: size, views: trial.views)
        #expect(totals.events == 4 && totals.first == 0 && totals.last == 3)
        #expect(totals.kinds == ["admin": 1, "webhook": 3])
        #expect(totals.sources == ["daybook": 1, "shop": 3])
        #expect(totals.outcomes == ["accepted": 4])
        let orders = totals.amounts.filter { $0.key.projection == "order-status" }
        #expect(orders.count == 1)
        #expect(orders.first?.value.count == 3)
        #expect(orders.first?.value.sum == 1949)
        let json = String(decoding: totals.json, as: UTF8.self)
        #expect(json.contains(#""currency":"EUR","projection":"order-status","sum":"19.49"}"#))
        let one = try ControlTotals(
            EventSelection(text: "from=2 end=3"),
            size: size,
            views: trial.views
        )
        #expect(one.events == 1)
        #expect(
            one.amounts.values.map(\.sum) == [700]
                || one.amounts.values.allSatisfy { $0.sum == 700 }
        )
    }
}
