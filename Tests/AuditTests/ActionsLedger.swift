import DaybookTesting
import Digest
import Ledger
import POSIX
import Projections

/// A ledger with a projection of orders that reads corrections, and facts about orders.
final class ActionsLedger {
    static let definition = """
        projection: orders
        version: 1
        key: order
        columns:
          state: { type: text, keep: latest }
          total: { type: integer, keep: sum }
          times: { type: integer, keep: count }
          tags: { type: text, keep: all }
        events:
          - from: { provider: shop, type: "order.*" }
            key: "{/id}"
            at: { from: /at, as: unix }
            link: "pay:{/pay}"
            set: { state: /state, total: /n, times: { count: true }, tags: /tag }
          - from: { provider: pay }
            key: "pay:{/id}"
            at: { from: /at, as: unix }
            set: { state: /state }

        """

    let folder: TemporaryLedger
    let ledger: Ledger
    let views: Views

    init() throws {
        folder = try TemporaryLedger()
        let place = "\(folder.path)/projections/orders"
        try Files.makeFolder(place)
        try Files.create("\(place)/projection.yaml", with: Array(Self.definition.utf8))
        ledger = try folder.open(appends: true)
        views = try Views(ledger)
    }

    deinit { ledger.close() }

    /// An order's event: who, its state, units and moment.
    static func order(_ id: String, _ order: Int, _ state: String, _ n: Int, at: Int) -> Draft {
        let content =
            #"{"id":"o\#(order)","state":"\#(state)","n":\#(n),"at":\#(at),"tag":"t\#(n)","#
            + #""pay":"p\#(order % 3)-\#(order)"}"#
        return draft(id, "shop", "order.said", content)
    }

    static func draft(
        _ id: String,
        _ provider: String,
        _ type: String,
        _ content: String,
        kind: Kind = .webhook,
        outcome: Outcome = .accepted
    ) -> Draft {
        var draft = Draft(source: provider, id: id, type: type, kind: kind, outcome: outcome)
        draft[.provider] = provider
        draft[.datacontenttype] = "application/json"
        draft.body = Body(
            salt: Random.fill(16).span,
            meta: Array("{}".utf8).span,
            content: Array(content.utf8).span
        )
        return draft
    }

    @discardableResult
    func take(_ drafts: Draft...) throws -> UInt64 {
        guard let writer = ledger.writer else { throw AppendError.stopped }
        return try writer.append(drafts)[0].sequence
    }

    /// All rows as text.
    func rows() throws -> [String] {
        var rows: [String] = []
        try views.forEachRow(ViewRequest("orders")) { row in
            rows.append(Self.text(row))
            return true
        }
        return rows
    }

    static func text(_ row: Row?) -> String {
        guard let row else { return "none" }
        return row.key + row.cells.map { " \($0.name)=\($0.value?.json ?? "-")" }.joined()
    }
}
