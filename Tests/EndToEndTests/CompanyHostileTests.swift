import DaybookTesting
import Foundation
import LMDB
import Ledger
import Projections
import Testing

@Suite("Hostile events") struct CompanyHostileTests {
    private static let company = Company(
        seed: 5,
        size: .init(orders: 12, members: 4, items: 3, moves: 5)
    )

    @Test("are set aside with their reason, or bounded; all other rows are right")
    func setAside() throws {
        let messages = Self.company.messages
        let ledger = try CompanyLedger(Array(messages.prefix(messages.count / 2)))
        let receipts = try ledger.ledger.append(HostileEvent.all.map(\.draft), at: 10)
        try ledger.take(messages.dropFirst(messages.count / 2))
        let views = try Views(ledger.ledger)
        #expect(try views.followAll().isEmpty)
        for projection in Company.Projection.allCases {
            let aside = try views.quarantined(ViewRequest(projection.rawValue))
            for (event, receipt) in zip(HostileEvent.all, receipts) {
                let found = aside.first { $0.sequence == receipt.sequence }
                guard event.projection == projection, let reason = event.reason else {
                    #expect(found == nil, "\(event.what): \(found?.reason ?? "")")
                    continue
                }
                let quarantined = try #require(found, "\(event.what) was folded")
                #expect(quarantined.line > 0 && !quarantined.reason.isEmpty, "\(event.what)")
                let text = quarantined.reason.replacing(",", with: "")
                #expect(reason.isEmpty || text.contains(reason), "\(event.what): \(text)")
                #expect(quarantined.reason.utf8.count < 300, "\(event.what)")
            }
            let keys = Set(Self.company.truth(projection).map(\.key))
            let rows = try views.rows(projection)
            expect(rows.filter { keys.contains($0.key) }, Self.company.truth(projection))
        }
        try expectBounded(views)
        for status in try views.status(catchesUp: false) {
            #expect(status.tally.events == status.logSize)
        }
    }

    private func expectBounded(_ views: Views) throws {
        let stock = ViewRequest("stock-levels")
        #expect(try TrueRow(views.row(stock, key: "most@h")).columns["on_hand"] == "-10000")
        let sum = try TrueRow(views.row(stock, key: "sum@h")).columns["on_hand"]
        #expect(sum == "18446744073709551614")
        for key in ["many@h", "half@h", "n1@h"] {
            #expect(throws: ViewError.self) { try views.row(stock, key: key) }
        }
        let row = try views.row(ViewRequest("order-status"), key: "tracking:H1000-7")
        #expect(row.key == "shopify-1000")
        let parcels = try #require(TrueRow(row).columns["tracking"])
        #expect(parcels.split(separator: ",").count == 1000)
    }

    @Test("end a rebuild with sequence, file and line, unless they are to be set aside")
    func rebuild() throws {
        let ledger = try CompanyLedger(Self.company.messages)
        let receipts = try ledger.ledger.append(HostileEvent.all.map(\.draft), at: 10)
        let views = try Views(ledger.ledger)
        for projection in [Company.Projection.orders, .stock] {
            let live = try views.digest(ViewRequest(projection.rawValue))
            var options = RebuildOptions()
            options.anew = true
            let first = zip(HostileEvent.all, receipts)
                .first { $0.0.projection == projection && $0.0.reason != nil }?.1
            do {
                _ = try views.rebuild(projection.rawValue, options)
                Issue.record("the rebuild did not end")
            } catch {
                let text = "\(error)"
                let sequence = try #require(first).sequence
                #expect(text.contains("event \(sequence) "), "\(text)")
                let place = try #require(text.firstRange(of: "projection.yaml:"))
                #expect(text[place.upperBound...].first?.isNumber == true, "\(text)")
                #expect(text.contains("--quarantine"))
            }
            // What answered is as it was.
            #expect(try views.digest(ViewRequest(projection.rawValue)) == live)
            options.quarantines = true
            options.chunkSize = 50
            options.threads = 2
            #expect(try views.rebuild(projection.rawValue, options).digest == live)
        }
    }

    @Test("events whose bodies were erased are set aside as that, and end no rebuild")
    func erased() throws {
        let folder = try TemporaryLedger()
        let company = Self.company
        let erased = try #require(company.messages.first { $0.type == "order.shipped" })
        do {
            let ledger = try folder.open(appends: true)
            defer { ledger.close() }
            try ledger.append(company.messages.map(\.draft))
        }
        let place = try #require(company.messages.firstIndex { $0.identity == erased.identity })
        let sequence = UInt64(place) + 1
        try erase(sequence, folder)
        let views = try Views(folder.open(appends: false))
        let known = Set(company.messages.map(\.identity)).subtracting([erased.identity])
        for _ in 0..<2 {
            expect(try views.rows(.orders), company.truth(.orders, of: known))
            let aside = try views.quarantined(ViewRequest("order-status"))
            #expect(aside.map(\.sequence) == [sequence])
            #expect(aside.first?.reason.contains("erased") == true)
            var options = RebuildOptions()
            options.anew = true
            _ = try views.rebuild("order-status", options)
        }
        expect(try views.rows(.stock), company.truth(.stock))
    }

    /// Deletes a body's record, as erasure does.
    private func erase(_ sequence: UInt64, _ folder: TemporaryLedger) throws {
        let options = Environment.Options(mapSize: 1 << 26, databases: 8)
        let environment = try Environment(path: "\(folder.path)/log", options: options)
        let bodies = try environment.open([("bodies", KeyKind.integer)])[0]
        try environment.write { transaction in
            let isGone = try transaction.remove(sequence, in: bodies)
            #expect(isGone)
        }
    }
}
