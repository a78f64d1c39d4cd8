import Ledger
import Testing
import Webhooks

/// What a webhook of some type says it is about, and when it occurred.
@Suite("subjects and times")
struct SubjectTests {
    /// The draft of a webhook with this body, of the type where a header has it.
    private func draft(_ vendor: Vendor, _ type: String, _ body: String) throws -> Draft {
        var request = try vendor.request(body)
        switch vendor {
        case .shopify:
            request["x-shopify-topic"] = type
            request["x-shopify-triggered-at"] = nil
        case .woocommerce: request["x-wc-webhook-topic"] = type
        default: break
        }
        let verdict = judge(request, try vendor.source())
        let draft = try #require(verdict.accepted, "\(verdict.summary)")
        #expect(draft[.type] == type)
        return draft
    }

    static let ofShopify: [(String, String, String?)] = [
        ("orders/create", #"{"id":820982911946154508}"#, "order:820982911946154508"),
        ("orders/edited", #"{"order_edit":{"id":1}}"#, nil),
        ("fulfillments/update", #"{"id":2,"order_id":9007199254740993}"#, "order:9007199254740993"),
        ("refunds/create", #"{"id":3,"order_id":1001}"#, "order:1001"),
        ("order_transactions/create", #"{"id":3,"order_id":1001}"#, "order:1001"),
        ("draft_orders/update", #"{"id":4}"#, "draft_order:4"),
        ("products/update", #"{"id":18446744073709551615}"#, "product:18446744073709551615"),
        ("variants/in_stock", #"{"id":5}"#, "variant:5"),
        ("collections/delete", #"{"id":6}"#, "collection:6"),
        ("customers/update", #"{"id":7}"#, "customer:7"),
        ("customers/data_request", #"{"shop_id":1,"customer":{"id":8}}"#, "customer:8"),
        ("customers/redact", #"{"shop_id":1,"customer":{"id":8}}"#, "customer:8"),
        ("shop/redact", #"{"shop_id":1}"#, nil),
        ("inventory_items/update", #"{"id":271878346596884015}"#, "item:271878346596884015"),
        (
            "inventory_levels/update", #"{"inventory_item_id":271878346596884015,"location_id":2}"#,
            "item:271878346596884015@2"
        ),
        ("inventory_levels/update", #"{"inventory_item_id":1}"#, nil),
        ("locations/create", #"{"id":9}"#, "location:9"),
        ("disputes/create", #"{"id":10}"#, "dispute:10"),
        ("carts/update", #"{"token":"abc"}"#, "cart:abc"),
        ("checkouts/create", #"{"token":"abc"}"#, "cart:abc"),
        ("app/uninstalled", #"{"id":11}"#, nil),
        ("orders/paid", #"{"id":1.0}"#, nil),
        ("orders/paid", #"{"id":null}"#, nil),
        ("orders/paid", #"{"id":""}"#, nil),
        ("orders/paid", "{}", nil),
        ("orders/paid", "[]", nil),
    ]

    @Test("Shopify", arguments: ofShopify)
    func shopify(type: String, body: String, subject: String?) throws {
        #expect(try draft(.shopify, type, body)[.subject] == subject)
    }

    static let ofWooCommerce: [(String, String, String?)] = [
        ("order.created", #"{"id":727}"#, "order:727"),
        ("order.deleted", #"{"id":727}"#, "order:727"),
        ("product.updated", #"{"id":1}"#, "product:1"),
        ("customer.created", #"{"id":2}"#, "customer:2"),
        ("coupon.restored", #"{"id":3}"#, "coupon:3"), ("action.woocommerce_x", #"{"id":4}"#, nil),
        ("order.updated", "{}", nil), ("orders.updated", #"{"id":5}"#, nil),
    ]

    @Test("WooCommerce", arguments: ofWooCommerce)
    func wooCommerce(type: String, body: String, subject: String?) throws {
        #expect(try draft(.woocommerce, type, body)[.subject] == subject)
    }

    static let ofStripe: [(String, String?)] = [
        (#""data":{"object":{"object":"charge","id":"ch_1"}}"#, "charge:ch_1"),
        (#""data":{"object":{"object":"terminal.reader","id":"tmr_1"}}"#, "terminal.reader:tmr_1"),
        // A thin event, v2.
        (
            #""related_object":{"id":"mtr_1","type":"billing.meter","url":"/v1"}"#,
            "billing.meter:mtr_1"
        ),
        (
            #""data":{"object":{"object":"balance"}},"related_object":{"id":"a","type":"b"}"#,
            "b:a"
        ),
        (#""data":{"object":{"object":"balance"}}"#, nil),
        (#""data":{"object":{"id":"ch_1"}}"#, nil),
        (#""data":[{"object":{"object":"charge","id":"ch_1"}}]"#, nil),
        (#""data":null,"related_object":null"#, nil),
    ]

    @Test("Stripe, thin events too", arguments: ofStripe)
    func stripe(members: String, subject: String?) throws {
        let draft = try draft(.stripe, "t", #"{"id":"e","type":"t",\#(members)}"#)
        #expect(draft[.subject] == subject)
    }

    static let ofStandard: [(String, String, String?)] = [
        ("order.created", #"{"order":"SO-1","order_id":"x"}"#, "order:SO-1"),
        ("order.created", #"{"order_id":1001}"#, "order:1001"),
        ("order.created", #"{"id":1}"#, nil), ("order.created", #"{"order":""}"#, nil),
        ("member.joined", #"{"member":"77"}"#, "member:77"),
        ("member.joined", #"{"member_id":77}"#, "member:77"),
        ("stock.counted", #"{"sku":"GR-TEE","location":"ATH"}"#, "item:GR-TEE@ATH"),
        ("stock.counted", #"{"sku":"GR-TEE"}"#, "item:GR-TEE"),
        ("stock.counted", #"{"location":"ATH"}"#, nil),
        ("inventory.level.updated", #"{"sku":"a b/ναι","location":1}"#, "item:a b/ναι@1"),
        ("tracking.updated", #"{"tracking_number":"1Z"}"#, "tracking:1Z"),
        ("contact.updated", #"{"id":"c1"}"#, "contact:c1"),
        ("orders.created", #"{"order":"SO-1"}"#, nil), ("order", #"{"order":"SO-1"}"#, nil),
        ("invoice.paid", #"{"id":"i1"}"#, nil),
    ]

    @Test("in-house systems", arguments: ofStandard)
    func standard(type: String, data: String, subject: String?) throws {
        for member in ["type", "event_type"] {
            let body = #"{"\#(member)":"\#(type)","data":\#(data)}"#
            #expect(try draft(.standard, type, body)[.subject] == subject)
        }
    }

    @Test("what has no type is called untyped, as far as the standard goes")
    func untyped() throws {
        for body in ["{}", #"{"type":null}"#, #"{"type":"","event_type":[]}"#, "[]", "1"] {
            let draft = try draft(.standard, "webhook.untyped", body)
            #expect(draft[.subject] == nil)
        }
        #expect(try draft(.standard, "b", #"{"type":{},"event_type":"b"}"#).id == "evt_1")
        #expect(try draft(.standard, "a", #"{"type":"a","event_type":"b"}"#).id == "evt_1")
    }

    @Test("PayPal")
    func payPal() throws {
        for (resource, subject) in [
            (#""resource_type":"sale","resource":{"id":"9"}"#, "sale:9"),
            (#""resource_type":"sale","resource":{}"#, nil), (#""resource":{"id":"9"}"#, nil),
        ] {
            let body = #"{"id":"WH-1","event_type":"t","create_time":"x",\#(resource)}"#
            let draft = try draft(.paypal, "t", body)
            #expect(draft[.subject] == subject)
            #expect(draft[.time] == nil)
            #expect(draft.id == "WH-1")
        }
    }

    @Test("a subject has at most 512 bytes", arguments: [(506, true), (507, false)])
    func longSubject(count: Int, isKept: Bool) throws {
        let id = String(repeating: "a", count: count)
        let draft = try draft(
            .standard,
            "order.x",
            #"{"type":"order.x","data":{"order":"\#(id)"}}"#
        )
        #expect(draft[.subject] == (isKept ? "order:\(id)" : nil))
    }

    @Test("where a name is repeated the first counts")
    func repeated() throws {
        let body = #"{"id":"a","id":"b","type":"t","type":"u"}"#
        #expect(try draft(.stripe, "t", body).id == "a")
    }
}
