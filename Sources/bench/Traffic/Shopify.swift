/// What Shopify posts.
enum Shopify {
    /// What changes of an order.
    struct State {
        var financial = "pending"
        var fulfillment: String?
        var cancelled: Int?
        var closed: Int?
    }

    /// What a fulfilment is from its beginning.
    struct Parcel {
        let id: Int
        let tracking: String
        let made: Int
    }

    /// An order as it stands.
    static func order(
        _ order: Order,
        _ topic: String,
        _ state: State,
        at time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let body = body(order, state, time)
        return webhook(
            order,
            topic,
            time,
            chance.happens(500) ? Written.ascii(body) : body,
            &chance
        )
    }

    /// A parcel on its way; `word` is the carrier's.
    static func fulfillment(
        _ order: Order,
        _ topic: String,
        _ parcel: Parcel,
        _ word: String?,
        at time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let body = """
            {"id":\(parcel.id),"order_id":\(order.id),"status":"success",\
            "created_at":"\(Written.local(parcel.made, hours: order.hours))",\
            "tracking_company":"USPS","tracking_number":"\(parcel.tracking)",\
            "tracking_numbers":["\(parcel.tracking)"],"line_items":[],\
            "updated_at":"\(Written.local(time, hours: order.hours))",\
            "shipment_status":\(word.map { "\"\($0)\"" } ?? "null")}
            """
        return webhook(order, topic, time, body, &chance)
    }

    private static func webhook(
        _ order: Order,
        _ topic: String,
        _ time: Int,
        _ body: String,
        _ chance: inout Chance
    ) -> Webhook {
        let id = chance.text(36, of: Alphabet.lowerCase)
        return Webhook(
            source: "shopify",
            provider: "shopify",
            id: id,
            type: topic,
            subject: "order:\(order.id)",
            time: time,
            authentication: ("hmac-sha256", "env:SHOPIFY_SECRET"),
            headers: [
                ("x-shopify-topic", topic),
                ("x-shopify-shop-domain", "shop.example.myshopify.com"),
                ("x-shopify-api-version", "2026-07"),
                ("x-shopify-hmac-sha256", chance.text(43, of: Alphabet.base64) + "="),
                ("x-shopify-event-id", id),
                ("x-shopify-webhook-id", id),
            ],
            agent: "Shopify-Captain-Hook",
            body: body
        )
    }

    private static func item(_ item: Order.Item) -> String {
        """
        {"id":\(item.id),"sku":"\(item.article)","quantity":\(item.quantity),\
        "price":"\(Written.money(item.cents))","title":"Product \(item.article)",\
        "fulfillable_quantity":\(item.quantity),"grams":500,"requires_shipping":true,\
        "taxable":true}
        """
    }

    private static func body(_ order: Order, _ state: State, _ time: Int) -> String {
        func moment(_ time: Int?) -> String {
            time.map { "\"\(Written.local($0, hours: order.hours))\"" } ?? "null"
        }
        let person = order.person
        let address = person.address()
        return """
            {"id":\(order.id),"admin_graphql_api_id":"gid://shopify/Order/\(order.id)",\
            "app_id":580111,"cancel_reason":\(state.cancelled == nil ? "null" : "\"customer\""),\
            "cancelled_at":\(moment(state.cancelled)),"closed_at":\(moment(state.closed)),\
            "confirmed":true,"created_at":\(moment(order.placed)),"updated_at":\(moment(time)),\
            "currency":"\(order.currency)","email":"\(person.email)",\
            "financial_status":"\(state.financial)",\
            "fulfillment_status":\(state.fulfillment.map { "\"\($0)\"" } ?? "null"),\
            "name":"#\(order.id % 100_000)","order_number":\(order.id % 100_000),\
            "total_price":"\(order.total)","subtotal_price":"\(order.total)","total_tax":"0.00",\
            "tags":"","test":false,"token":"\(order.token)","customer":{"id":\(order.customer),\
            "email":"\(person.email)","first_name":"\(person.first)",\
            "last_name":"\(person.last)"},\
            "line_items":[\(order.items.map(item).joined(separator: ","))],\
            "billing_address":\(address),"shipping_address":\(address),"fulfillments":[],\
            "refunds":[],"note":null,"note_attributes":[]}
            """
    }
}
