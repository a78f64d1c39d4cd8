extension OrderStory {
    /// An order of Shopify, whose payments and parcels it speaks for.
    mutating func tellShopify(_ outbox: inout Outbox) {
        var state = Shopify.State()
        send("orders/create", state, &outbox)
        if chance.happens(80) {
            wait(300...90_000)
            state.cancelled = now
            state.financial = "voided"
            return send("orders/cancelled", state, &outbox)
        }
        wait(5...300)
        state.financial = "paid"
        send("orders/paid", state, &outbox)
        wait(3600...86_400)
        let tracking = "9400" + chance.text(18, of: Alphabet.capitals)
        let parcel = Shopify.Parcel(
            id: chance.below(1_000_000_000_000),
            tracking: tracking,
            made: now
        )
        send("fulfillments/create", parcel, nil, &outbox)
        wait(2...5)
        state.fulfillment = "fulfilled"
        send("orders/fulfilled", state, &outbox)
        for word in ["label_printed", "in_transit", "out_for_delivery"] {
            wait(600...80_000)
            send("fulfillments/update", parcel, word, &outbox)
        }
        if chance.happens(500) {
            wait(600...80_000)
            let last = chance.below(8)
            let word = last < 6 ? "delivered" : last == 6 ? "failure" : "attempted_delivery"
            send("fulfillments/update", parcel, word, &outbox)
        } else {
            scan(tracking, &outbox)
        }
        tellEnd(state, &outbox)
    }

    /// Refunded, closed or left as it is.
    private mutating func tellEnd(_ state: Shopify.State, _ outbox: inout Outbox) {
        var state = state
        if chance.happens(100) {
            wait(3600...400_000)
            state.financial = chance.pick(["refunded", "partially_refunded"])
        } else if chance.happens(700) {
            wait(3600...200_000)
            state.closed = now
        } else {
            return
        }
        send("orders/updated", state, &outbox)
    }

    private func send(_ topic: String, _ state: Shopify.State, _ outbox: inout Outbox) {
        outbox.send(at: now) { Shopify.order(order, topic, state, at: now, &$0) }
    }

    private func send(
        _ topic: String,
        _ parcel: Shopify.Parcel,
        _ word: String?,
        _ outbox: inout Outbox
    ) {
        outbox.send(at: now) { Shopify.fulfillment(order, topic, parcel, word, at: now, &$0) }
    }
}
