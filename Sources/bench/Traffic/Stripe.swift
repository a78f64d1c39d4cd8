/// What Stripe posts.
enum Stripe {
    /// What a dispute is from its beginning.
    struct Dispute {
        let id: String
        let due: Int
    }

    /// A payment that went through, or did not.
    static func intent(
        _ order: Order,
        type: String,
        status: String,
        at time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let object = """
            {"id":"\(order.intent)","object":"payment_intent","amount":\(order.cents),\
            "amount_capturable":0,"amount_received":\(status == "succeeded" ? order.cents : 0),\
            "application":null,"capture_method":"automatic","client_secret":null,\
            "confirmation_method":"automatic","created":\(order.placed),\
            "currency":"\(order.currency.lowercased())","customer":"\(order.stripeCustomer)",\
            "description":"Shop - Order \(order.id)","livemode":true,\
            "metadata":{"order_id":"\(order.id)","customer_name":"\(order.person.first)",\
            "site_url":"https://shop.example.com"},"payment_method_types":["card"],\
            "status":"\(status)","latest_charge":"\(order.charge)",\
            "payment_method_options":{"card":{"installments":null,"network":null,\
            "request_three_d_secure":"automatic"}}}
            """
        return event(type, "payment_intent:\(order.intent)", object, time, &chance)
    }

    /// Money given back, all or half of it.
    static func refund(
        _ order: Order,
        isWhole: Bool,
        at time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let cents = order.cents
        let object = """
            {"id":"\(order.charge)","object":"charge","amount":\(cents),\
            "amount_captured":\(cents),"amount_refunded":\(isWhole ? cents : cents / 2),\
            "currency":"\(order.currency.lowercased())","payment_intent":"\(order.intent)",\
            "refunded":\(isWhole),"paid":true,"status":"succeeded","metadata":{},\
            "billing_details":{"email":"\(order.person.email)","name":"\(order.person.first)"},\
            "payment_method_details":{"type":"card","card":{"brand":"visa","last4":"4242",\
            "exp_month":12,"exp_year":2028,"country":"US"}}}
            """
        return event("charge.refunded", "charge:\(order.charge)", object, time, &chance)
    }

    /// A dispute that begins, or ends.
    static func dispute(
        _ order: Order,
        _ dispute: Dispute,
        status: String,
        at time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let object = """
            {"id":"\(dispute.id)","object":"dispute","amount":\(order.cents),\
            "charge":"\(order.charge)","payment_intent":"\(order.intent)",\
            "reason":"fraudulent","status":"\(status)",\
            "currency":"\(order.currency.lowercased())","metadata":{},\
            "evidence_details":{"due_by":\(dispute.due)}}
            """
        let end = status == "needs_response" ? "created" : "closed"
        return event("charge.dispute.\(end)", "dispute:\(dispute.id)", object, time, &chance)
    }

    /// A membership that is paid by subscription.
    static func subscription(
        _ id: String,
        _ change: String,
        status: String,
        member: String,
        tier: String,
        ends: Int,
        at time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let object = """
            {"id":"\(id)","object":"subscription","status":"\(status)",\
            "current_period_end":\(ends),"currency":"usd",\
            "metadata":{"member_id":"\(member)","tier":"\(tier)"},\
            "items":{"object":"list","data":[]},"customer":"cus_\(member)"}
            """
        let type = "customer.subscription.\(change)"
        return event(type, "subscription:\(id)", object, time, &chance)
    }

    private static func event(
        _ type: String,
        _ subject: String,
        _ object: String,
        _ time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let id = "evt_" + chance.text(24)
        let body = """
            {"id":"\(id)","object":"event","api_version":"2024-06-20","created":\(time),\
            "data":{"object":\(object)},"livemode":true,"pending_webhooks":1,\
            "request":{"id":"req_\(chance.text(14))","idempotency_key":"\(chance.text(36))"},\
            "type":"\(type)"}
            """
        let signature = chance.text(64, of: Alphabet.hex)
        return Webhook(
            source: "stripe",
            provider: "stripe",
            id: id,
            type: type,
            subject: subject,
            time: time,
            authentication: ("hmac-sha256", "env:STRIPE_SECRET"),
            headers: [
                ("cache-control", "no-cache"),
                ("stripe-signature", "t=\(time),v1=\(signature)"),
            ],
            agent: "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
            body: chance.happens(500) ? Written.ascii(body) : body
        )
    }
}
