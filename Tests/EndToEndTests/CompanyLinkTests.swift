import DaybookTesting
import Foundation
import Ledger
import Projections
import Testing

@Suite("Links of a company's names") struct CompanyLinkTests {
    private static func shipped(_ order: String, _ parcel: String, hour: Int) -> HostileEvent {
        let time = "2024-06-0\(hour)T00:00:00Z"
        let data = #""order":"\#(order)","tracking":"\#(parcel)""#
        let body = HostileEvent.message(data, at: time)
        return .init("\(order) \(parcel)", "order.shipped", body, .orders, nil)
    }

    @Test("links that would join orders are not followed, in whatever order they come")
    func joining() throws {
        let scan = #""tracking_number":"T2","status":"delivered""#
        // The oldest words count: T1 and T2 are a's, T3 is b's, T4 is c's.
        let events = [
            Self.shipped("a", "T1", hour: 1), Self.shipped("a", "T2", hour: 2),
            Self.shipped("b", "T3", hour: 3), Self.shipped("b", "T2", hour: 4),
            Self.shipped("c", "T4", hour: 5), Self.shipped("c", "T1", hour: 6),
            Self.shipped("c", "T3", hour: 7),
            .init("scan", "tracking.updated", HostileEvent.message(scan), .orders, nil),
        ]
        var digests: Set<String> = []
        var chance = SeededChance(seed: 4)
        for round in 0..<6 {
            let ledger = try CompanyLedger()
            let order = round == 0 ? events : events.shuffled(using: &chance)
            try ledger.ledger.append(order.map(\.draft), at: 1)
            let views = try Views(ledger.ledger)
            let rows = try views.rows(.orders)
            #expect(rows.map(\.key) == ["a", "b", "c"])
            #expect(
                rows.map { $0.columns["status"] } == [
                    #""delivered""#, #""shipped""#, #""shipped""#,
                ]
            )
            let own = [#"["T1","T2"]"#, #"["T2","T3"]"#, #"["T1","T3","T4"]"#]
            #expect(rows.map { $0.columns["tracking"] } == own)
            let request = ViewRequest("order-status")
            #expect(try views.row(request, key: "tracking:T2").key == "a")
            #expect(try views.row(request, key: "tracking:T3").key == "b")
            let aside = try views.quarantined(request)
            #expect(aside.count == 3, "\(aside)")
            #expect(try views.status(catchesUp: false).contains { $0.conflicts == 3 })
            let past = Past.asAt(sequence: UInt64(events.count))
            expect(try views.rows(.orders, at: past), rows)
            for row in rows {
                #expect(TrueRow(try views.row(request, key: row.key, at: past)) == row)
            }
            digests.insert("\(try views.digest(request))")
        }
        #expect(digests.count == 1)
    }

    @Test("a parcel that a thousand orders claim costs a listing once, and is the first one's")
    func crowded() throws {
        let orders = (0..<1000).map { "o\(1000 + $0)" }
        let scan = #""tracking_number":"N/A","status":"delivered""#
        let events =
            orders.map { Self.shipped($0, "N/A", hour: $0 == "o1500" ? 1 : 2) } + [
                .init("scan", "tracking.updated", HostileEvent.message(scan), .orders, nil)
            ]
        let ledger = try CompanyLedger()
        try ledger.ledger.append(events.map(\.draft), at: 100)
        let views = try Views(ledger.ledger)
        let rows = try views.rows(.orders)
        #expect(rows.map(\.key) == orders)
        let delivered = rows.filter { $0.columns["delivery"] == #""delivered""# }
        #expect(delivered.map(\.key) == ["o1500"])
        #expect(try views.status(catchesUp: false).contains { $0.conflicts == 999 })
    }

    private static let circular = """
        projection: circles
        version: 1
        about: Names that name each other.
        key: order
        columns:
          word: { type: text, keep: latest }
        events:
          - from: { provider: standard, type: order }
            key: "{/data/order}"
            at: /timestamp
            link: "p:{/data/p}"
            set: { word: /data/word }
          - from: { provider: standard, type: p }
            key: "p:{/data/p}"
            at: /timestamp
            link: "q:{/data/q}"
            set: { word: /data/word }
          - from: { provider: standard, type: q }
            key: "q:{/data/q}"
            at: /timestamp
            link: "p:{/data/p}"
            set: { word: /data/word }

        """

    @Test("links in circles end, with a key and without one")
    func circles() throws {
        let ledger = try CompanyLedger()
        let folder = "\(ledger.path)/projections/circles"
        try FileManager.default.createDirectory(
            atPath: folder,
            withIntermediateDirectories: true
        )
        try Self.circular.write(
            toFile: "\(folder)/projection.yaml",
            atomically: true,
            encoding: .utf8
        )
        var events: [HostileEvent] = []
        func add(_ type: String, _ data: String, day: Int) {
            let body = HostileEvent.message(
                data + #","word":"\#(day)""#,
                at: "2024-06-0\(day)T00:00:00Z"
            )
            events.append(.init("\(events.count)", type, body, .orders, nil))
        }
        // Round and round: p1 → q1 → p2 → q2 → p1, then each to itself.
        add("p", #""p":"1","q":"1""#, day: 1)
        add("q", #""q":"1","p":"2""#, day: 2)
        add("p", #""p":"2","q":"2""#, day: 3)
        add("q", #""q":"2","p":"1""#, day: 4)
        add("p", #""p":"q:1","q":"p:1""#, day: 1)
        try ledger.ledger.append(events.map(\.draft))
        let views = try Views(ledger.ledger)
        #expect(try views.rows("circles").isEmpty)
        #expect(try views.status(catchesUp: true).first?.waiting == 2)
        events = []
        add("order", #""order":"a","p":"2""#, day: 5)
        let draft = Draft.named(events[0].draft, id: "named")
        try ledger.ledger.append([draft])
        let row = TrueRow(key: "a", columns: ["word": #""5""#])
        #expect(try views.rows("circles") == [row])
        #expect(TrueRow(try views.row(ViewRequest("circles"), key: "q:1")) == row)
        let past = Past.asAt(sequence: 6)
        #expect(TrueRow(try views.row(ViewRequest("circles"), key: "q:1", at: past)) == row)
        #expect(try views.status(catchesUp: true).first?.waiting == 1)
    }
}

extension Draft {
    /// The same event under another id.
    fileprivate static func named(_ draft: Draft, id: String) -> Draft {
        var copy = draft
        copy[.id] = id
        return copy
    }
}
