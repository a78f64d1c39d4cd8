import Audit
import Bytes
import DaybookTesting
import Digest
import Foundation
import Ledger
import POSIX
import Projections
import Testing

/// A ledger with one projection, `sales`, that says amounts of money; and facts for it.
final class SalesLedger {
    static let definition = """
        projection: sales
        version: 1
        about: What was sold.
        key: sale
        columns:
          total: { type: money, keep: latest }
          note: { type: text, keep: latest }
        events:
          - from: { source: shop, type: sale.* }
            key: "{/id}"
            at: /at
            set: { total: { from: /total, currency: /currency } }
          - from: { source: pay, type: linked }
            key: "{/id}"
            at: /at
            link: "pi:{/payment}"
            set: { note: { is: linked } }
          - from: { source: pay, type: paid }
            key: "pi:{/payment}"
            at: /at
            set: { note: { is: paid } }

        """

    let folder: TemporaryLedger
    let ledger: Ledger
    let views: Views

    init(definition: String = SalesLedger.definition) throws {
        folder = try TemporaryLedger()
        try Self.write(definition, in: folder)
        ledger = try folder.open(appends: true)
        views = try Views(ledger)
    }

    deinit { ledger.close() }

    private static func write(_ definition: String, in folder: TemporaryLedger) throws {
        let path = URL(filePath: folder.path).appending(path: "projections/sales")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        try Data(definition.utf8).write(to: path.appending(path: "projection.yaml"))
    }

    /// The views by a definition that replaces the one there was, and answers.
    func views(by definition: String) throws -> Views {
        try Self.write(definition, in: folder)
        let views = try Views(ledger)
        _ = try views.rebuild("sales")
        _ = try views.promote("sales")
        return views
    }

    @discardableResult
    func append(_ drafts: [Draft]) throws -> [UInt64] {
        try #require(ledger.writer).append(drafts).map(\.sequence)
    }

    /// A sale; `total` is decimal text, `nil` for a sale that says none.
    static func sale(
        _ number: Int,
        total: String?,
        currency: String = "EUR",
        at time: String? = nil
    ) -> Draft {
        let money = total.map { #","total":"\#($0)","currency":"\#(currency)""# } ?? ""
        let content = #"{"id":"s\#(number)","at":"2026-01-01T00:00:00Z"\#(money)}"#
        return fact("shop", "sale-\(number)", "sale.made", content, at: time)
    }

    static func fact(
        _ source: String,
        _ id: String,
        _ type: String,
        _ content: String,
        at time: String? = nil
    ) -> Draft {
        var draft = Draft(source: source, id: id, type: type, kind: .fact)
        draft[.time] = time
        draft[.subject] = "sale:\(id)"
        let meta = Array("{}".utf8)
        let bytes = Array(content.utf8)
        draft.body = Body(meta: meta.span, content: bytes.span)
        return draft
    }

    var size: UInt64 {
        get throws { try ledger.read { try $0.size } }
    }
}

extension Actor {
    static let anna = Actor.user("anna")
    static let auditor = Actor(authType: "token", name: "bert", role: "auditor")
}
