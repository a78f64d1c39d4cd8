import Bytes
import DaybookTesting
import Foundation
import Testing

@testable import Ledger
@testable import Projections

@Suite("What projections keep of erased bodies") struct KeptBodiesTests {
    private static let definition = """
        projection: orders
        version: 1
        key: order
        columns:
          state: { type: enum, of: [new, paid], keep: latest }
          total: { type: money, keep: latest }
          name: { type: text, keep: latest }
          channel: { type: text, keep: latest, personal: false }
          birth: { type: time, keep: latest, personal: true }
          skus: { type: text, keep: all, personal: false }
        events:
          - from: { source: shop, type: order }
            when: { /customer: present }
            key: "{/id}"
            at: /at
            set:
              state: { from: /state, optional: true }
              total: { from: /total, currency: /currency, optional: true }
              name: { from: /customer/name, optional: true }
              channel: { from: /channel, optional: true }
              birth: { from: /customer/birth, optional: true }
              skus: { from: /skus, optional: true }
          - from: { source: shop, type: basket }
            each: /lines
            key: "{/order}"
            at: /at
            set: { total: { from: /price, currency: /currency } }

        """

    private static let order = #"""
        {"id":"o-1","at":"2026-01-01T10:00:00Z","state":"paid","total":12.50,"currency":"EUR",\#
        "channel":"web","customer":{"name":"Anna Secret","birth":"1980-01-01T00:00:00Z"},\#
        "skus":["A","B"],"note":"Secret"}
        """#
    private static let basket = #"""
        {"at":"2026-01-02T10:00:00Z","currency":"EUR","lines":[{"order":"o-2","price":"1.00",\#
        "gift":"Secret"},{"order":"o-3","price":"2.00","currency":"USD","who":{"a":"Secret"}}]}
        """#

    private final class Folder {
        let folder: TemporaryLedger
        let ledger: Ledger

        init(_ events: [(type: String, content: String)]) throws {
            folder = try TemporaryLedger()
            let path = URL(filePath: folder.path).appending(path: "projections/orders")
            try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
            try Data(KeptBodiesTests.definition.utf8)
                .write(to: path.appending(path: "projection.yaml"))
            ledger = try folder.open(appends: true)
            let drafts = events.enumerated().map { number, event in
                var draft = Draft(source: "shop", id: "e\(number)", type: event.type, kind: .fact)
                draft[.datacontenttype] = "application/json"
                draft.body = Body(
                    meta: Array("{}".utf8).span,
                    content: Array(event.content.utf8).span
                )
                return draft
            }
            _ = try ledger.writer?.append(drafts)
        }

        deinit { ledger.close() }

        func rows(_ views: Views) throws -> [String: String] {
            var rows: [String: String] = [:]
            try views.forEachRow(ViewRequest("orders")) { row in
                let cells = row.cells.compactMap { cell in
                    cell.value.map { "\(cell.name)=\($0.readable)" }
                }
                rows[row.key] = cells.joined(separator: " ")
                return true
            }
            return rows
        }
    }

    private static func content(_ body: Body?) -> String? {
        guard let body, let layout = BodyLayout(body.record.span) else { return nil }
        return String(decoding: body.record[layout.content], as: UTF8.self)
    }

    @Test("is what names rows and decides rules, and values that are not personal")
    func kept() throws {
        let nested = #""skus":["A","B",{"note":"Secret"},["Secret"]]"#
        let order = Self.order.replacing(#""skus":["A","B"]"#, with: nested)
        let folder = try Folder([("order", order), ("basket", Self.basket), ("else", "{}")])
        let views = try Views(folder.ledger)
        let kept = try views.keptBodies(of: [1, 2, 3])
        #expect(kept.projections == ["orders"])
        #expect(
            Self.content(kept.bodies[1])
                == #"{"at":"2026-01-01T10:00:00Z","channel":"web","currency":"EUR","customer":{},"#
                + #""id":"o-1","skus":["A","B",{}],"state":"paid","total":12.50}"#
        )
        #expect(
            Self.content(kept.bodies[2])
                == #"{"at":"2026-01-02T10:00:00Z","currency":"EUR","lines":[{"order":"o-2","#
                + #""price":"1.00"},{"currency":"USD","order":"o-3","price":"2.00"}]}"#
        )
        #expect(kept.bodies[3] == nil)
    }

    @Test("gives the same rows without what is personal, also to a rebuild and to the past")
    func folded() throws {
        let folder = try Folder([("order", Self.order), ("basket", Self.basket)])
        let views = try Views(folder.ledger)
        let before = try folder.rows(views)
        #expect(before["o-1"]?.contains("Anna Secret") == true)
        let kept = try views.keptBodies(of: [1, 2])
        _ = try folder.ledger.erase(
            [1, 2].map { ErasedBody(sequence: $0, kept: kept.bodies[$0]) },
            subject: "order:o-1",
            reason: "asked",
            actor: .user("anna")
        )
        #expect(try folder.ledger.overwriteRemoved().isComplete)
        let report = try views.foldAnew(kept.projections)
        #expect(report.left.isEmpty)
        #expect(report.overwriting.isComplete)
        let after = try folder.rows(views)
        let o1 = try #require(after["o-1"])
        #expect(o1.contains("state=") && o1.contains("total=12.50 EUR"))
        #expect(o1.contains("channel=web") && o1.contains("skus=A, B"))
        #expect(!o1.contains("name=") && !o1.contains("birth="))
        #expect(after["o-2"] == before["o-2"])
        #expect(after["o-3"] == before["o-3"])
        let past = try views.row(ViewRequest("orders"), key: "o-1", at: .asAt(sequence: 2))
        #expect(past["name"] == nil)
        #expect(past["total"]?.readable == "12.50 EUR")
        for file in ["log", "views"] {
            let data = try Data(
                contentsOf: URL(filePath: folder.folder.path).appending(path: "\(file)/data.mdb")
            )
            #expect(data.range(of: Data("Secret".utf8)) == nil, "\(file)")
        }
    }

    @Test("is nothing if that is asked for, and the events are set aside as erased")
    func nothing() throws {
        let folder = try Folder([("order", Self.order)])
        let views = try Views(folder.ledger)
        _ = try folder.ledger.erase(
            [ErasedBody(sequence: 1, kept: nil)],
            subject: "order:o-1",
            reason: "asked",
            actor: .user("anna")
        )
        _ = try views.foldAnew(["orders"])
        #expect(try folder.rows(views).isEmpty)
        let quarantined = try views.quarantined(ViewRequest("orders"))
        #expect(quarantined.map(\.reason) == ["the body was erased"])
    }
}
