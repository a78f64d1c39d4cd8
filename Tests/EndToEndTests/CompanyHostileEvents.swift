import Ledger

/// An event that does harm where it is believed, and what has to become of it.
struct HostileEvent {
    let what: String
    let type: String
    let body: [UInt8]
    let projection: Company.Projection
    /// A part of the reason why it is set aside; `nil` if it is folded.
    let reason: String?
    let provider: String

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

    static let all = bodies + moments + names + crowds + numbers
}

// MARK: - What they are made of

extension HostileEvent {
    static func message(_ data: String, at time: String = "2024-06-02T00:00:00Z") -> String {
        #"{"timestamp":"\#(time)","data":{\#(data)}}"#
    }

    /// The order system confirms an order of this name, as JSON.
    private static func named(_ what: String, _ name: String, _ reason: String?) -> HostileEvent {
        .init(what, "order.confirmed", message(#""order":\#(name)"#), .orders, reason)
    }

    private static func confirmed(_ what: String, _ body: String) -> HostileEvent {
        .init(what, "order.confirmed", body, .orders, "")
    }

    private static func adjusted(
        _ what: String,
        _ item: String,
        _ delta: String,
        _ reason: String?
    ) -> HostileEvent {
        let data = #""sku":"\#(item)","location":"h","delta":\#(delta)"#
        return .init(what, "stock.adjusted", message(data), .stock, reason)
    }

    private static func sold(_ what: String, _ lines: String, _ reason: String?) -> HostileEvent {
        let body = message(#""location":"h","lines":"# + lines)
        return .init(what, "sale.completed", body, .stock, reason)
    }

    private static func parcels(_ count: Int, _ reason: String?) -> HostileEvent {
        let body =
            #"{"order_id":\#(count),"updated_at":"2024-06-02T00:00:00Z","tracking_numbers":"#
            + list(count) { "\"H\(count)-\($0)\"" } + "}"
        let type = "fulfillments/create"
        return .init("\(count) parcels", type, body, .orders, reason, provider: "shopify")
    }

    private static func costing(_ what: String, _ total: String) -> HostileEvent {
        let body =
            #"{"id":1,"status":"pending","total":"\#(total)","currency":"EUR","#
            + #""date_created_gmt":"2024-06-02T00:00:00","#
            + #""date_modified_gmt":"2024-06-02T00:00:00"}"#
        return .init(what, "order.created", body, .orders, "", provider: "woocommerce")
    }

    private static func list(_ count: Int, _ item: (Int) -> String) -> String {
        "[" + (0..<count).map(item).joined(separator: ",") + "]"
    }

    private static func text(_ letter: String, _ count: Int) -> String {
        "\"" + String(repeating: letter, count: count) + "\""
    }
}

// MARK: - The events

extension HostileEvent {
    /// Bodies that are no documents, or documents that nobody sends.
    private static let bodies: [HostileEvent] = [
        confirmed("no JSON", "order=1&status=paid"),
        confirmed("nothing", ""),
        confirmed("half", #"{"timestamp":"2024-06-02T00:00:00Z","data":"#),
        confirmed("a list", "[1,2,3]"),
        confirmed("deep", String(repeating: "[", count: 100_000)),
        confirmed("null", "null"),
        .init("no text", "order.confirmed", [0x7b, 0x22, 0xff, 0xfe, 0x22, 0x7d], .orders, ""),
    ]

    private static let moments: [HostileEvent] = [
        "9999-12-31T23:59:59Z", "0000-01-01T00:00:00Z", "1969-12-31T23:59:59Z",
        "2024-13-45T99:99:99Z", "2024-02-30T00:00:00Z", "yesterday", "", "1e400",
        "2024-06-02T00:00:00+99:99", "99999999999999999999-01-01T00:00:00Z",
    ].map { time in confirmed("at \(time)", message(#""order":"h-moment""#, at: time)) }

    private static let names: [HostileEvent] = [
        named("a long name", text("x", 300), "300 bytes"),
        named("the longest name", text("y", 250), nil),
        named("zero in a name", #""h\u0000x""#, "control"),
        named("line in a name", #""h\nx""#, "control"),
        named("escape in a name", #""h\u001b[2Jx""#, "control"),
        named("delete in a name", #""h\u007fx""#, "control"),
        named("half a pair", #""h\ud800x""#, ""),
        named("an empty name", #""""#, "empty"),
        named("an object as a name", #"{"a":1}"#, ""),
        .init(
            "a long parcel",
            "order.shipped",
            message(#""order":"h-3","tracking":"# + text("9", 300)),
            .orders,
            "bytes"
        ),
    ]

    private static let crowds: [HostileEvent] = [
        parcels(10_000, "1000"),
        parcels(1000, nil),
        sold("too many lines", list(100_000) { _ in #"{"sku":"many","quantity":1}"# }, "10000"),
        sold("many lines", list(10_000) { _ in #"{"sku":"most","quantity":1}"# }, nil),
        sold("lines that are none", "7", "list"),
        sold("a bad line", #"[{"sku":"half","quantity":1},{"sku":"half"}]"#, "quantity"),
    ]

    private static let numbers: [HostileEvent] = [
        adjusted("64 bits and one", "n1", "9223372036854775808", "64 bits"),
        adjusted("many digits", "n1", String(repeating: "9", count: 5000), ""),
        adjusted("a large exponent", "n1", "1e999999999", ""),
        adjusted("a small exponent", "n1", "1e-999999999", ""),
        adjusted("a fraction", "n1", "1.5", ""),
        adjusted("most of 64 bits", "sum", "9223372036854775807", nil),
        adjusted("most of them again", "sum", "9223372036854775807", nil),
        .init(
            "what no sign turns",
            "stock.released",
            message(#""sku":"sum","location":"h","quantity":-9223372036854775808"#),
            .stock,
            ""
        ),
        costing("too exact an amount", "1.001"),
        costing("too large an amount", "92233720368547758070"),
    ]
}
