/// What happens to an order, and who says so.
struct OrderStory {
    let order: Order
    var chance: Chance
    var now: Int

    init(_ number: Int, articles: Int, _ chance: Chance) {
        var chance = chance
        order = Order(number, articles: articles, &chance)
        now = order.placed
        self.chance = chance
    }

    mutating func tell(to outbox: inout Outbox) {
        switch order.shop {
        case .woocommerce: tellWooCommerce(&outbox)
        case .shopify: tellShopify(&outbox)
        case .inHouse: tellInHouse(&outbox)
        }
    }

    mutating func wait(_ seconds: ClosedRange<Int>) { now += chance.within(seconds) }

    // MARK: - The order system of the house

    private mutating func tellInHouse(_ outbox: inout Outbox) {
        let more = ",\"customer\":\(order.customer),\"items\":\(order.items.count)"
        say("order.confirmed", more, &outbox)
        if chance.happens(100) {
            wait(60...90_000)
            return say("order.cancelled", ",\"reason\":\"customer\"", &outbox)
        }
        let tracking = "FDX" + chance.text(12, of: Alphabet.capitals)
        wait(3600...90_000)
        sendShipped(tracking, ",\"carrier\":\"fedex\"", &outbox)
        if chance.happens(600) {
            scan(tracking, &outbox)
        } else {
            wait(3600...200_000)
            say("order.delivered", "", &outbox)
        }
        if chance.happens(50) {
            wait(3600...200_000)
            say("order.returned", "", &outbox)
        }
    }

    func sendShipped(_ tracking: String, _ more: String, _ outbox: inout Outbox) {
        say("order.shipped", ",\"tracking\":\"\(tracking)\"" + more, &outbox)
    }

    private func say(_ type: String, _ more: String, _ outbox: inout Outbox) {
        outbox.send(at: now) {
            let data = "\"order\":\"\(order.key)\"" + more
            let subject = "order:\(order.key)"
            return Standard.message("oms", type, subject: subject, data: data, at: now, &$0)
        }
    }

    // MARK: - The carrier

    mutating func scan(_ tracking: String, _ outbox: inout Outbox) {
        let last = chance.below(10)
        let end = last < 8 ? "delivered" : last == 8 ? "exception" : "returned"
        for word in ["in_transit", "out_for_delivery", end] {
            wait(3600...86_400)
            outbox.send(at: now) { [now] in
                Standard.message(
                    "carrier",
                    "tracking.updated",
                    subject: "tracking:\(tracking)",
                    data: """
                        "tracking_number":"\(tracking)","status":"\(word)",\
                        "location":"Springfield"
                        """,
                    at: now,
                    &$0
                )
            }
        }
    }
}
