// WooCommerce, which is paid by Stripe or PayPal.
extension Company {
    mutating func wooCommerce(_ order: inout CompanyOrder) {
        tell("pending", order)
        if happens(10) {
            pass(60...600, &order)
            tell("on-hold", order)
        }
        let fate = number(1...20)
        if fate == 1 { return }
        if fate == 2 {
            pass(300...90_000, &order)
            return tell("cancelled", order)
        }
        if fate == 3 || happens(15) {
            pass(5...120, &order)
            pay("payment_failed", "failed", order)
        }
        if fate == 3 {
            pass(5...60, &order)
            return tell("failed", order)
        }
        pass(5...300, &order)
        let isStripe = happens(80)
        if isStripe { pay("succeeded", "paid", order) } else { payPal(order) }
        pass(2...30, &order)
        tell("processing", order)
        let parcel = name("1Z")
        pass(3600...86_400, &order)
        ship(parcel, order)
        scan(parcel, &order)
        pass(60...3600, &order)
        tell("completed", order)
        if isStripe { regret(&order) }
    }

    private mutating func tell(_ status: String, _ order: CompanyOrder) {
        let type = order.time == order.placed ? "order.created" : "order.updated"
        let body =
            #"{"id":\#(order.number),"status":"\#(status)","currency":"\#(order.currency)","#
            + #""total":"\#(decimal(order.cents))","billing":{"first_name":"Zoë","last_name":"#
            + #""O'Neil"},"line_items":[{"sku":"SKU-1","quantity":1}],"parent_id":0,"#
            + #""date_created_gmt":"\#(civil(order.placed))","#
            + #""date_modified_gmt":"\#(civil(order.time))"}"#
        let id = name("wc\(seed)")
        send("woocommerce", "woocommerce", id: id, type: type, at: order.time, body)
        let words = ["pending": "placed", "on-hold": "on_hold", "processing": "paid"]
        say("shop", words[status] ?? status, order)
        describe(order)
    }

    private mutating func pay(_ word: String, _ meaning: String, _ order: CompanyOrder) {
        let object =
            #""id":"\#(order.payment)","object":"payment_intent","amount":\#(order.cents),"#
            + #""currency":"\#(order.currency.lowercased())","#
            + #""metadata":{"order_id":"\#(order.number)"}"#
        stripe("payment_intent.\(word)", at: order.time, object)
        say("payment", meaning, order)
        link("pi:\(order.payment)")
    }

    private mutating func payPal(_ order: CompanyOrder) {
        let (id, type) = (name("WH-"), "PAYMENT.CAPTURE.COMPLETED")
        let body =
            #"{"id":"\#(id)","event_type":"\#(type)","create_time":"\#(rfc3339(order.time))","#
            + #""resource":{"id":"\#(name(""))","custom_id":"\#(order.number)","#
            + #""amount":{"value":"\#(decimal(order.cents))","#
            + #""currency_code":"\#(order.currency)"}}}"#
        send("paypal", "paypal", id: id, type: type, at: order.time, body)
        say("payment", "paid", order)
    }

    /// Refunds and disputes, which know the payment alone.
    private mutating func regret(_ order: inout CompanyOrder) {
        let name = "pi:\(order.payment)"
        let object =
            #""id":"ch_1","payment_intent":"\#(order.payment)","amount":\#(order.cents),"#
            + #""currency":"\#(order.currency.lowercased())""#
        let fate = number(1...6)
        guard fate <= 3 else { return }
        pass(3600...400_000, &order)
        if fate <= 2 {
            let isWhole = fate == 1
            let cents = isWhole ? order.cents : order.cents / 2
            let refund = #","refunded":\#(isWhole),"amount_refunded":\#(cents)"#
            stripe("charge.refunded", at: order.time, object + refund)
            say("payment", isWhole ? "refunded" : "partially_refunded", order, through: name)
            guard isWhole else { return }
            pass(2...60, &order)
            return tell("refunded", order)
        }
        let opened = object + #","status":"needs_response""#
        stripe("charge.dispute.created", at: order.time, opened)
        say("payment", "disputed", order, through: name)
        guard happens(60) else { return }
        pass(86_400...500_000, &order)
        let isWon = happens(50)
        let closed = object + #","status":"\#(isWon ? "won" : "lost")""#
        stripe("charge.dispute.closed", at: order.time, closed)
        say("payment", isWon ? "paid" : "refunded", order, through: name)
    }
}

// Shopify, which speaks of payment and parcels itself.
extension Company {
    private struct Standing {
        var financial = "pending"
        var isFulfilled = false
        var cancelled: Int?
        var closed: Int?
    }

    mutating func shopify(_ order: inout CompanyOrder) {
        var standing = Standing()
        tell("orders/create", standing, order)
        if happens(10) {
            pass(300...90_000, &order)
            standing.cancelled = order.time
            standing.financial = "voided"
            return tell("orders/cancelled", standing, order)
        }
        pass(5...300, &order)
        standing.financial = "paid"
        tell("orders/paid", standing, order)
        let parcel = name("9400", 18)
        pass(3600...86_400, &order)
        fulfil("fulfillments/create", parcel, nil, order)
        pass(2...5, &order)
        standing.isFulfilled = true
        tell("orders/fulfilled", standing, order)
        for word in ["label_printed", "in_transit", "out_for_delivery"] {
            pass(600...80_000, &order)
            fulfil("fulfillments/update", parcel, word, order)
        }
        if happens(50) {
            pass(600...80_000, &order)
            let words = ["delivered", "delivered", "failure", "attempted_delivery"]
            fulfil("fulfillments/update", parcel, one(of: words), order)
        } else {
            scan(parcel, &order)
        }
        pass(3600...400_000, &order)
        if happens(20) {
            standing.financial = one(of: ["refunded", "partially_refunded"])
        } else {
            standing.closed = order.time
        }
        tell("orders/updated", standing, order)
    }

    private mutating func tell(_ topic: String, _ standing: Standing, _ order: CompanyOrder) {
        func moment(_ time: Int?) -> String {
            guard let time else { return "null" }
            let sign = order.zone < 0 ? "-" : "+"
            let hours = order.zone.magnitude
            return "\"\(civil(time, east: order.zone))\(sign)\(hours < 10 ? "0" : "")\(hours):00\""
        }
        let body =
            #"{"id":\#(order.number),"created_at":\#(moment(order.placed)),"#
            + #""updated_at":\#(moment(order.time)),"closed_at":\#(moment(standing.closed)),"#
            + #""cancelled_at":\#(moment(standing.cancelled)),"currency":"\#(order.currency)","#
            + #""financial_status":"\#(standing.financial)","fulfillment_status":"#
            + #"\#(standing.isFulfilled ? #""fulfilled""# : "null"),"#
            + #""total_price":"\#(decimal(order.cents))","line_items":[]}"#
        let id = name("sh\(seed)")
        send("shopify", "shopify", id: id, type: topic, at: order.time, body)
        let isPaid = ["paid", "partially_refunded"].contains(standing.financial)
        let shop =
            if standing.cancelled != nil { "cancelled" } else if standing.financial == "refunded" {
                "refunded"
            } else if standing.closed != nil { "completed" } else if isPaid { "paid" } else {
                standing.financial == "voided" ? "failed" : "placed"
            }
        say("shop", shop, order)
        let payment = standing.financial == "voided" ? "failed" : standing.financial
        say("payment", payment, order)
        say("fulfilment", standing.isFulfilled ? "fulfilled" : "unfulfilled", order)
        describe(order)
    }

    private mutating func fulfil(
        _ topic: String,
        _ parcel: String,
        _ word: String?,
        _ order: CompanyOrder
    ) {
        let status = word.map { "\"\($0)\"" } ?? "null"
        let body =
            #"{"id":\#(number(1...1_000_000)),"order_id":\#(order.number),"status":"success","#
            + #""updated_at":"\#(rfc3339(order.time))","tracking_numbers":["\#(parcel)"],"#
            + #""shipment_status":\#(status)}"#
        let id = name("sf\(seed)")
        send("shopify", "shopify", id: id, type: topic, at: order.time, body)
        say("fulfilment", "fulfilled", order)
        track(parcel, order)
        guard let word else { return }
        let words = [
            "label_printed": "label", "failure": "exception", "attempted_delivery": "exception",
        ]
        say("delivery", words[word] ?? word, order)
    }
}
