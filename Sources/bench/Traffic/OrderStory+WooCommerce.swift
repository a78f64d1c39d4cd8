extension OrderStory {
    /// An order of WooCommerce, paid by Stripe or PayPal.
    mutating func tellWooCommerce(_ outbox: inout Outbox) {
        sendOrder("pending", &outbox)
        if chance.happens(50) {
            wait(60...600)
            sendOrder("on-hold", &outbox)
        }
        let fate = chance.below(100)
        if fate < 5 { return }
        if fate < 10 {
            wait(300...90_000)
            return sendOrder("cancelled", &outbox)
        }
        let fails = fate < 15
        if chance.happens(150) || fails {
            wait(5...120)
            sendIntent("payment_intent.payment_failed", "requires_payment_method", &outbox)
            if fails {
                wait(5...60)
                return sendOrder("failed", &outbox)
            }
        }
        let isStripe = pay(&outbox)
        wait(2...30)
        sendOrder("processing", &outbox)
        wait(3600...86_400)
        let tracking = "1Z" + chance.text(16, of: Alphabet.capitals)
        let more = ",\"carrier\":\"ups\",\"items\":\(order.items.count)"
        sendShipped(tracking, more, &outbox)
        scan(tracking, &outbox)
        wait(60...3600)
        sendOrder("completed", &outbox)
        if isStripe { tellAftermath(&outbox) }
    }

    /// Whether it was Stripe that was paid.
    private mutating func pay(_ outbox: inout Outbox) -> Bool {
        wait(5...300)
        if chance.happens(850) {
            sendIntent("payment_intent.succeeded", "succeeded", &outbox)
            return true
        }
        outbox.send(at: now) { [order, now] in PayPal.capture(order, at: now, &$0) }
        return false
    }

    /// Refunds and disputes.
    private mutating func tellAftermath(_ outbox: inout Outbox) {
        let fate = chance.below(100)
        guard fate < 9 else { return }
        wait(3600...400_000)
        guard fate < 6 else { return tellDispute(&outbox) }
        let isWhole = chance.happens(500)
        outbox.send(at: now) { [order, now] in
            Stripe.refund(order, isWhole: isWhole, at: now, &$0)
        }
        if isWhole {
            wait(2...60)
            sendOrder("refunded", &outbox)
        }
    }

    private mutating func tellDispute(_ outbox: inout Outbox) {
        let dispute = Stripe.Dispute(id: "dp_" + chance.text(24), due: now + 604_800)
        outbox.send(at: now) { [order, now] in
            Stripe.dispute(order, dispute, status: "needs_response", at: now, &$0)
        }
        guard chance.happens(600) else { return }
        wait(86_400...500_000)
        let status = chance.happens(400) ? "won" : "lost"
        outbox.send(at: now) { [order, now] in
            Stripe.dispute(order, dispute, status: status, at: now, &$0)
        }
    }

    private func sendOrder(_ status: String, _ outbox: inout Outbox) {
        outbox.send(at: now) { WooCommerce.order(order, status: status, at: now, &$0) }
    }

    private func sendIntent(_ type: String, _ status: String, _ outbox: inout Outbox) {
        outbox.send(at: now) { Stripe.intent(order, type: type, status: status, at: now, &$0) }
    }
}
