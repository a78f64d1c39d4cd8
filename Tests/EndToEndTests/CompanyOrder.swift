/// An order on its way, and the moment that its story has come to.
struct CompanyOrder {
    let number: Int
    let key: String
    let placed: Int
    let cents: Int
    let currency: String
    let payment: String
    /// The shop's hours east of Greenwich.
    let zone: Int
    var time: Int
}

extension Company {
    /// An order's story, from one of three shops.
    mutating func order(_ place: Int) {
        let placed = Self.start + number(0...86_400 * Self.days)
        let shop = one(of: ["woo", "woo", "woo", "woo", "shopify", "shopify", "shopify", "oms"])
        let number = seed * 100_000 + place
        var order = CompanyOrder(
            number: number,
            key: "\(shop)-\(number)",
            placed: placed,
            cents: self.number(199...50_000),
            currency: one(of: ["USD", "EUR", "AUD"]),
            payment: name("pi_"),
            zone: one(of: [-5, 0, 2, 10]),
            time: placed
        )
        switch shop {
        case "woo": wooCommerce(&order)
        case "shopify": shopify(&order)
        default: orderSystem(&order)
        }
    }

    /// Lets time pass.
    mutating func pass(_ range: ClosedRange<Int>, _ order: inout CompanyOrder) {
        order.time += number(range)
    }

    /// Notes a word about an order, and that something was said at its moment.
    mutating func say(
        _ column: String,
        _ word: String,
        _ order: CompanyOrder,
        through: String? = nil
    ) {
        let at = order.time
        note(.orders, order.key, column, .latest, .word(word), at: at, through: through)
        touch(order, through: through)
    }

    mutating func touch(_ order: CompanyOrder, through: String? = nil) {
        let at = order.time
        note(.orders, order.key, "updated_at", .greatest, .time(at), at: at, through: through)
    }

    /// Notes what only the shop knows.
    mutating func describe(_ order: CompanyOrder) {
        let total = CompanyFact.Value.money(cents: order.cents, currency: order.currency)
        note(.orders, order.key, "total", .latest, total, at: order.time)
        note(.orders, order.key, "placed_at", .least, .time(order.placed), at: order.time)
        touch(order)
    }

    /// The last message names an order's parcel.
    mutating func track(_ parcel: String, _ order: CompanyOrder) {
        note(.orders, order.key, "tracking", .all, .word(parcel), at: order.time)
        touch(order)
        link("tracking:\(parcel)")
    }

    /// A carrier, which knows the parcel alone, scans it until it is somewhere.
    mutating func scan(_ parcel: String, _ order: inout CompanyOrder) {
        let ends = ["delivered", "delivered", "delivered", "exception", "returned"]
        for word in ["in_transit", "out_for_delivery", one(of: ends)] {
            pass(3600...86_400, &order)
            let data = #""tracking_number":"\#(parcel)","status":"\#(word)","place":"Åbo""#
            standard("carrier", "tracking.updated", at: order.time, data)
            say("delivery", word, order, through: "tracking:\(parcel)")
        }
    }

    // MARK: - The order system

    private mutating func orderSystem(_ order: inout CompanyOrder) {
        let data = #""order":"\#(order.key)""#
        standard("oms", "order.confirmed", at: order.time, data)
        say("shop", "placed", order)
        if happens(15) {
            pass(60...90_000, &order)
            standard("oms", "order.cancelled", at: order.time, data)
            say("shop", "cancelled", order)
            return
        }
        let parcel = name("FDX", 12)
        pass(3600...90_000, &order)
        ship(parcel, order)
        if happens(50) {
            scan(parcel, &order)
        } else {
            pass(3600...90_000, &order)
            standard("oms", "order.delivered", at: order.time, data)
            say("delivery", "delivered", order)
        }
        guard happens(25) else { return }
        pass(3600...90_000, &order)
        standard("oms", "order.returned", at: order.time, data)
        say("delivery", "returned", order)
    }

    /// The order system sends a parcel.
    mutating func ship(_ parcel: String, _ order: CompanyOrder) {
        let data = #""order":"\#(order.key)","tracking":"\#(parcel)","carrier":"ups""#
        standard("oms", "order.shipped", at: order.time, data)
        say("fulfilment", "fulfilled", order)
        track(parcel, order)
    }
}
