/// What WooCommerce posts.
enum WooCommerce {
    /// An order as it stands after a change.
    static func order(
        _ order: Order,
        status: String,
        at time: Int,
        _ chance: inout Chance
    ) -> Webhook {
        let event = time == order.placed ? "created" : "updated"
        let body = body(order, status, time)
        return webhook(
            "order",
            event,
            id: order.id,
            time,
            chance.happens(500) ? Written.ascii(body) : body,
            &chance
        )
    }

    /// An article whose stock the shop has changed.
    static func product(_ article: String, at time: Int, _ chance: inout Chance) -> Webhook {
        let quantity = chance.below(100)
        let id = chance.below(1_000_000)
        let moment = Written.zoneless(time)
        let body = """
            {"id":\(id),"name":"Product \(article)","sku":"\(article)",\
            "stock_quantity":\(quantity),"manage_stock":true,\
            "stock_status":"\(quantity > 0 ? "instock" : "outofstock")",\
            "date_modified_gmt":"\(moment)","date_modified":"\(moment)","price":"19.90",\
            "type":"simple","status":"publish","meta_data":[]}
            """
        return webhook("product", "updated", id: id, time, body, &chance)
    }

    private static func webhook(
        _ resource: String,
        _ event: String,
        id: Int,
        _ time: Int,
        _ body: String,
        _ chance: inout Chance
    ) -> Webhook {
        let delivery = chance.text(32, of: Alphabet.lowerCase)
        return Webhook(
            source: "woocommerce",
            provider: "woocommerce",
            id: delivery,
            type: "\(resource).\(event)",
            subject: "\(resource):\(id)",
            time: time,
            authentication: ("hmac-sha256", "env:WC_SECRET"),
            headers: [
                ("x-wc-webhook-source", "https://shop.example.com/"),
                ("x-wc-webhook-topic", "\(resource).\(event)"),
                ("x-wc-webhook-resource", resource),
                ("x-wc-webhook-event", event),
                ("x-wc-webhook-signature", chance.text(43, of: Alphabet.base64) + "="),
                ("x-wc-webhook-id", resource == "order" ? "3" : "4"),
                ("x-wc-webhook-delivery-id", delivery),
            ],
            agent: "WooCommerce/9.3.3 Hookshot (WordPress/6.6.2)",
            body: body
        )
    }

    private static func item(_ item: Order.Item) -> String {
        let total = Written.money(item.cents * item.quantity)
        return """
            {"id":\(item.id),"name":"Product \(item.article)","product_id":\(item.id % 9999),\
            "variation_id":0,"quantity":\(item.quantity),"tax_class":"","subtotal":"\(total)",\
            "subtotal_tax":"0.00","total":"\(total)","total_tax":"0.00","taxes":[],\
            "meta_data":[{"id":1,"key":"_reduced_stock","value":"\(item.quantity)"}],\
            "sku":"\(item.article)","price":\(Written.money(item.cents)),\
            "image":{"id":"\(item.id)",\
            "src":"https://shop.example.com/wp-content/uploads/\(item.article).jpg"},\
            "parent_name":null}
            """
    }

    private static func body(_ order: Order, _ status: String, _ time: Int) -> String {
        let placed = Written.zoneless(order.placed)
        let modified = Written.zoneless(time)
        let needsPayment = status == "pending" || status == "failed"
        return """
            {"id":\(order.id),"parent_id":0,"status":"\(status)","currency":"\(order.currency)",\
            "version":"9.3.3","prices_include_tax":false,"date_created":"\(placed)",\
            "date_modified":"\(modified)","discount_total":"0.00","discount_tax":"0.00",\
            "shipping_total":"0.00","shipping_tax":"0.00","cart_tax":"0.00",\
            "total":"\(order.total)","total_tax":"0.00","customer_id":\(order.customer),\
            "order_key":"\(order.token)","billing":\(order.person.address()),\
            "shipping":\(order.person.address(withEmail: false)),"payment_method":"stripe",\
            "payment_method_title":"Credit card (Stripe)","transaction_id":"\(order.intent)",\
            "customer_ip_address":"203.0.113.9",\
            "customer_user_agent":"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 \
            (KHTML, like Gecko) Chrome/128.0 Safari/537.36","created_via":"checkout",\
            "customer_note":"","date_completed":null,"date_paid":null,\
            "cart_hash":"6f1f0f5ad1c5b8a2","number":"\(order.id)","meta_data":[{"id":7,\
            "key":"_stripe_customer_id","value":"\(order.stripeCustomer)"},\
            {"id":8,"key":"_stripe_fee","value":"1.17"}],\
            "line_items":[\(order.items.map(item).joined(separator: ","))],"tax_lines":[],\
            "shipping_lines":[],"fee_lines":[],"coupon_lines":[],"refunds":[],\
            "payment_url":"https://shop.example.com/checkout/order-pay/\(order.id)/",\
            "is_editable":false,"needs_payment":\(needsPayment),"needs_processing":true,\
            "date_created_gmt":"\(placed)","date_modified_gmt":"\(modified)",\
            "date_completed_gmt":null,"date_paid_gmt":null,"currency_symbol":"$",\
            "_links":{"self":[{"href":\
            "https://shop.example.com/wp-json/wc/v3/orders/\(order.id)"}],\
            "collection":[{"href":"https://shop.example.com/wp-json/wc/v3/orders"}]}}
            """
    }
}
