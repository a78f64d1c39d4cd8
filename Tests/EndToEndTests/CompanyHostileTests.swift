import DaybookTesting
import Foundation
import LMDB
import Ledger
import Projections
import Testing

/// An event that does harm where it is believed, and what has to become of it.
private struct HostileEvent {
    let what: String
    let type: String
    let body: [UInt8]
    let projection: Company.Projection
    /// A part of the reason why it is set aside; `nil` if it is folded.
    let reason: String?
    var provider = "standard"

    init(
        _ what: String,
        _ type: String,
        _ body: String,
        _ projection: Company.Projection,
        _ reason: String?,
        provider: String = "standard"
    ) {
        self.init(what, type, Array(body.utf8), projection, reason, provider: provider)
    }

    init(
        _ what: String,
        _ type: String,
        _ body: [UInt8],
        _ projection: Company.Projection,
        _ reason: String?,
        provider: String = "standard"
    ) {
        self.what = what
        self.type = type
        self.body = body
        self.projection = projection
        self.reason = reason
        self.provider = provider
    }

    var draft: Draft {
        var draft = Draft(source: "hostile", id: what, type: type, kind: .webhook)
        draft[.provider] = provider
        let salt = [UInt8](repeating: 7, count: 16)
        draft.body = Body(salt: salt.span, meta: Array("{}".utf8).span, content: body.span)
        return draft
    }

    static func message(_ data: String, at time: String = "2024-06-02T00:00:00Z") -> String {
        #"{"timestamp":"\#(time)","data":{\#(data)}}"#
    }

    static func list(_ count: Int, _ item: (Int) -> String) -> String {
        "[" + (0..<count).map(item).joined(separator: ",") + "]"
    }
}

extension HostileEvent {
    /// Bodies that are no documents, or documents that nobody sends.
    static let bodies: [HostileEvent] = [
        .init("no JSON", "order.confirmed", "order=1&status=paid", .orders, ""),
        .init("nothing", "order.confirmed", "", .orders, ""),
        .init("half", "order.confirmed", #"{"timestamp":"2024-06-02T00:00:00Z","data":"#, .orders, ""),
        .init("no text", "order.confirmed", [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x3a, 0x31, 0x7d], .orders, ""),
        .init("a list", "order.confirmed", "[1,2,3]", .orders, ""),
        .init("deep", "order.confirmed", String(repeating: "[", count: 100_000), .orders, ""),
        .init("null", "order.confirmed", "null", .orders, ""),
        .init("a name twice", "order.confirmed", message(#""order":"h-1","order":"h-2""#), .orders, ""),
    ]

    static let moments: [HostileEvent] = [
        "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
        "2024-13-45T99:99:99Z", "2024-02-30T00:00:00Z", "yesterday", "", "1e400",
        "2024-06-02T00:00:00+99:99", "99999999999999999999-01-01T00:00:00Z",
    ].map { time in
        let body = message(#""order":"h-moment""#, at: time)
        return .init("at \(time)", "order.confirmed", body, .orders, "")
    }

    static let names: [HostileEvent] = [
        .init("long name", "order.confirmed", message(#""order":"\#(String(repeating: "x", count: 300))""#), .orders, "300 bytes"),
        .init("longest name", "order.confirmed", message(#""order":"\#(String(repeating: "y", count: 250))""#), .orders, nil),
        .init("zero in a name", "order.confirmed", message(#""order":"h\u0000x""#), .orders, "control"),
        .init("line in a name", "order.confirmed", message(#""order":"h\nx""#), .orders, "control"),
        .init("escape in a name", "order.confirmed", message(#""order":"h\u001b[2Jx""#), .orders, "control"),
        .init("delete in a name", "order.confirmed", message(#""order":"h\u007fx""#), .orders, "control"),
        .init("half a pair", "order.confirmed", message(#""order":"h\ud800x""#), .orders, ""),
        .init("no name", "order.confirmed", message(#""order":"""#), .orders, "empty"),
        .init("object as a name", "order.confirmed", message(#""order":{"a":1}"#), .orders, ""),
        .init("long parcel", "order.shipped", message(#""order":"h-3","tracking":"\#(String(repeating: "9", count: 300))""#), .orders, "bytes"),
    ]

    static func parcels(_ count: Int) -> String {
        #"{"order_id":\#(count),"updated_at":"2024-06-02T00:00:00Z","tracking_numbers":"#
            + list(count) { "\"H\(count)-\($0)\"" } + "}"
    }

    static func sale(_ count: Int, _ sku: String) -> String {
        message(#""location":"h","lines":"# + list(count) { _ in #"{"sku":"\#(sku)","quantity":1}"# })
    }

    static let crowds: [HostileEvent] = [
        .init("10,000 parcels", "fulfillments/create", parcels(10_000), .orders, "1000", provider: "shopify"),
        .init("1,000 parcels", "fulfillments/create", parcels(1000), .orders, nil, provider: "shopify"),
        .init("100,000 lines", "sale.completed", sale(100_000, "many"), .stock, "10000"),
        .init("10,000 lines", "sale.completed", sale(10_000, "most"), .stock, nil),
        .init("lines that are none", "sale.completed", message(#""location":"h","lines":7"#), .stock, "list"),
        .init("one bad line of two", "sale.completed", message(#""location":"h","lines":[{"sku":"half","quantity":1},{"sku":"half"}]"#), .stock, "quantity"),
    ]

    static func adjusted(_ sku: String, _ delta: String) -> String {
        message(#""sku":"\#(sku)","location":"h","delta":\#(delta)"#)
    }

    static let numbers: [HostileEvent] = [
        .init("64 bits and one", "stock.adjusted", adjusted("n1", "9223372036854775808"), .stock, "64 bits"),
        .init("many digits", "stock.adjusted", adjusted("n1", String(repeating: "9", count: 5000)), .stock, ""),
        .init("a large exponent", "stock.adjusted", adjusted("n1", "1e999999999"), .stock, ""),
        .init("a small exponent", "stock.adjusted", adjusted("n1", "1e-999999999"), .stock, ""),
        .init("a fraction", "stock.adjusted", adjusted("n1", "1.5"), .stock, ""),
        .init("most of 64 bits", "stock.adjusted", adjusted("sum", "9223372036854775807"), .stock, nil),
        .init("most of them again", "stock.adjusted", adjusted("sum", "9223372036854775807"), .stock, nil),
        .init("least of 64 bits turned", "stock.released", message(#""sku":"sum","location":"h","quantity":-9223372036854775808"#), .stock, ""),
        .init("too exact an amount", "order.created", #"{"id":1,"status":"pending","total":"1.001","currency":"EUR","date_created_gmt":"2024-06-02T00:00:00","date_modified_gmt":"2024-06-02T00:00:00"}"#, .orders, "", provider: "woocommerce"),
        .init("too large an amount", "order.created", #"{"id":1,"status":"pending","total":"92233720368547758070","currency":"EUR","date_created_gmt":"2024-06-02T00:00:00","date_modified_gmt":"2024-06-02T00:00:00"}"#, .orders, "", provider: "woocommerce"),
    ]

    static let all = bodies + moments + names + crowds + numbers
}

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
            #expect(rows.map { $0.columns["status"] } == [#""delivered""#, #""shipped""#, #""shipped""#])
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
        try Self.circular.write(toFile: "\(folder)/projection.yaml", atomically: true, encoding: .utf8)
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

extension Draft {
    /// The same event under another id.
    fileprivate static func named(_ draft: Draft, id: String) -> Draft {
        var copy = draft
        copy[.id] = id
        return copy
    }
}
