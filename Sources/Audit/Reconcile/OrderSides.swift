internal import Projections

/// What order-status says of an order, as far as money is concerned.
package struct OrderSide: Sendable {
    package var key: String
    package var shop: String?
    package var payment: String?
    package var total: ExactAmount?
    /// Whether goods have left, by the shop's, the order system's or the carrier's word.
    package var isShipped = false
    package var isReturned = false

    package init(key: String) { self.key = key }

    /// Reads a row of order-status.
    init(_ row: Row) {
        key = row.key
        shop = row.word("shop")
        payment = row.word("payment")
        total = row.money("total")
        let delivery = row.word("delivery") ?? ""
        isReturned = delivery == "returned"
        isShipped =
            row.word("fulfilment") == "fulfilled"
            || ["in_transit", "out_for_delivery", "exception", "delivered"].contains(delivery)
    }

    /// Whether somebody says that money came in for it.
    var claimsPayment: Bool {
        ["paid", "completed"].contains(shop)
            || ["paid", "partially_refunded", "refunded", "disputed"].contains(payment)
    }

    /// The shop that it is of: what its key begins with.
    package var family: String { Self.family(of: key) }

    static func family(of key: String) -> String { String(key.prefix { $0 != "-" }) }
}

/// What payments says of a payment.
package struct PaymentSide: Sendable {
    package var key: String
    package var order: String?
    package var state: String?
    package var amount: ExactAmount?
    package var refunded: Int128 = 0

    package init(key: String) { self.key = key }

    /// Reads a row of payments.
    init(_ row: Row) {
        key = row.key
        order = row.word("order")
        state = row.word("state")
        amount = row.money("amount")
        if let back = row.money("refunded"), back.currency == amount?.currency {
            refunded = back.minor
        }
    }

    /// Whether the money came in, whatever went back since.
    var isPaid: Bool { state == "paid" }
}

/// What invoices says of an invoice.
package struct InvoiceSide: Sendable {
    package var key: String
    package var order: String?
    package var state: String?
    package var total: ExactAmount?

    package init(key: String) { self.key = key }

    /// Reads a row of invoices.
    init(_ row: Row) {
        key = row.key
        order = row.word("order")
        state = row.word("state")
        total = row.money("total")
    }

    /// Whether it asks for money: drafts do not yet, voided ones no more.
    var counts: Bool { state == "issued" || state == "paid" }
}

extension Row {
    /// A column that holds a word.
    fileprivate func word(_ column: String) -> String? {
        guard case .text(let text)? = self[column] else { return nil }
        return text
    }

    /// A column that holds money of one currency.
    fileprivate func money(_ column: String) -> ExactAmount? {
        guard case .money(let minor, let currency)? = self[column] else { return nil }
        return ExactAmount(minor, currency)
    }
}
