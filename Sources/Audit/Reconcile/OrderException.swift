/// Something that does not agree between orders, payments and invoices.
package struct OrderException: Hashable, Sendable {
    /// What kind of disagreement it is, in the order in which they are listed.
    package enum Class: String, CaseIterable, Sendable {
        /// The shop cancelled the order, and we keep money for it.
        case paidAndCancelled = "paid-and-cancelled"
        /// Goods have left, and no money came in.
        case shippedAndUnpaid = "shipped-and-unpaid"
        /// Less came in than the order comes to.
        case underpaid
        /// More came in than the order comes to, and the surplus was not given back.
        case overpaid
        /// A payment is in another currency than the order.
        case currencyDiffers = "currency-differs"
        /// Somebody says the order is paid, and no payment is for it.
        case orderWithoutPayment = "order-without-payment"
        /// Money came in for no order that is known.
        case paymentWithoutOrder = "payment-without-order"
        /// All was given back, and the order goes on.
        case refundedNotCancelled = "refunded-not-cancelled"
        /// The shop calls the order refunded, and we keep money for it.
        case refundMissing = "refund-missing"
        /// Orders of this shop get invoices, and this one, which was paid or shipped, has none.
        case invoiceMissing = "invoice-missing"
        /// The invoices come to something else than the order.
        case invoiceDiffers = "invoice-differs"
        /// An invoice names an order that is not known.
        case invoiceWithoutOrder = "invoice-without-order"
    }

    package let kind: Class
    /// The order's key; `nil` where none is named.
    package let order: String?
    /// The payments and invoices concerned, by their keys.
    package let others: [String]
    /// What was to be expected, and what there is.
    package let expected: ExactAmount?
    package let found: ExactAmount?
    /// One sentence for people.
    package let what: String

    /// How far it is from what was expected; `nil` across currencies.
    package var difference: ExactAmount? {
        guard let expected, let found, expected.currency == found.currency else { return nil }
        return ExactAmount(found.minor - expected.minor, expected.currency)
    }
}
