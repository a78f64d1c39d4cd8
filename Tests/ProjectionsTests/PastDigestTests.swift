import Bytes
import DaybookTesting
import Foundation
import Ledger
import Projections
import Testing

@Suite("Digests of the past")
struct PastDigestTests {
    private static let definition = """
        projection: orders
        version: 1
        about: Orders and what pays for them.
        key: order
        columns:
          total: { type: money, keep: latest }
          payment: { type: enum, of: [pending, paid], keep: latest }
          parcels: { type: text, keep: all }
        events:
          - from: { source: shop, type: said }
            when: { /order: present }
            key: "{/order}"
            at: /at
            set: { total: { from: /total, currency: { is: EUR } } }
          - from: { source: pay, type: linked }
            key: "{/order}"
            at: /at
            link: "pi:{/payment}"
          - from: { source: pay, type: paid }
            key: "pi:{/payment}"
            at: /at
            set: { payment: { is: paid }, parcels: /parcel }

        """

    /// Orders, payments that are linked before or after, some never, and some to two orders.
    private static func draft(_ number: Int, _ chance: inout SeededChance) -> Draft {
        let order = "o\(Int.random(in: 0..<40, using: &chance))"
        let payment = "p\(Int.random(in: 0..<40, using: &chance))"
        let at = "2026-01-01T00:00:\(Int.random(in: 10..<60, using: &chance))Z"
        let (source, type, members) =
            switch Int.random(in: 0..<10, using: &chance) {
            case 0..<5: ("shop", "said", #""order":"\#(order)","total":"\#(number).50""#)
            case 5..<7: ("pay", "linked", #""order":"\#(order)","payment":"\#(payment)""#)
            case 7..<9: ("pay", "paid", #""payment":"\#(payment)","parcel":"x\#(number % 7)""#)
            default: ("shop", "said", #""nothing":1"#)
            }
        var draft = Draft(source: source, id: "e\(number)", type: type, kind: .fact)
        let meta = Array("{}".utf8)
        let content = Array(#"{"at":"\#(at)",\#(members)}"#.utf8)
        draft.body = Body(meta: meta.span, content: content.span)
        return draft
    }

    @Test("are what the view's were when the log had so many events", arguments: [1, 2, 3, 4])
    func asTheyWere(seed: UInt64) throws {
        let folder = try TemporaryLedger()
        let path = URL(filePath: folder.path).appending(path: "projections/orders")
        try FileManager.default.createDirectory(at: path, withIntermediateDirectories: true)
        try Data(Self.definition.utf8).write(to: path.appending(path: "projection.yaml"))
        let ledger = try folder.open(appends: true)
        defer { ledger.close() }
        let writer = try #require(ledger.writer)
        let views = try Views(ledger)
        let request = ViewRequest("orders")
        var chance = SeededChance(seed: seed)
        var number = 0
        var known: [(size: UInt64, digest: Hash256)] = []
        for _ in 0..<25 {
            let count = Int.random(in: 1...20, using: &chance)
            _ = try writer.append(
                (number..<number + count).map { Self.draft($0, &chance) }
            )
            number += count
            known.append((try ledger.read { try $0.size }, try views.digest(request)))
        }
        #expect(Set(known.map(\.digest)).count > 20)
        for (size, digest) in known {
            #expect(try views.digest(request, size: size) == digest, "at \(size), seed \(seed)")
        }
        let end = try ledger.read { try $0.size }
        #expect(throws: LedgerError.self) { try views.digest(request, size: end + 1) }
    }
}
