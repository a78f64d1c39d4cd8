import Foundation
import Ledger
import Projections
import Testing

@Suite struct RebuildScratchTests {
    @Test(arguments: [250, 500, 1000]) func placeholder(count: Int) throws {
        let ledger = try CompanyLedger()
        var drafts: [Draft] = []
        for n in 0..<count {
            var d = Draft(source: "oms", id: "m\(n)", type: "order.shipped", kind: .webhook)
            d[.provider] = "standard"
            d.body = .sealing(
                #"{"timestamp":"2024-06-02T00:00:00Z","data":{"order":"o\#(n)","tracking":"N/A"}}"#
            )
            drafts.append(d)
        }
        try ledger.ledger.append(drafts, at: 2000)
        let views = try Views(ledger.ledger)
        let c = ContinuousClock()
        let t0 = c.now
        _ = try views.followAll()
        let t1 = c.now
        _ = try views.row(ViewRequest("order-status"), key: "o7")
        let t2 = c.now
        let rows = try views.rows(.orders)
        let t3 = c.now
        _ = try views.status(catchesUp: false)
        let t4 = c.now
        _ = try views.rows(.orders, at: .asAt(sequence: 10))
        _ = try views.rows(.orders, at: .asAt(sequence: UInt64(count)))
        let t5 = c.now
        print(
            "SCRATCH \(count) rows \(rows.count) follow \(t1 - t0) row \(t2 - t1) rows \(t3 - t2) status \(t4 - t3) past \(t5 - t4)"
        )
    }
}
