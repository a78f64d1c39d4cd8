internal import Projections

/// Orders against payments against invoices: what does not agree.
///
/// Pure: the rows come in, in any order, and the same rows give the same result.
package struct OrderReconciliation: Sendable {
    /// What of one shop, told by what its orders' keys begin with, could be compared.
    package struct Family: Hashable, Sendable {
        package let name: String
        package var orders: UInt64 = 0
        /// Orders for which a payment is known, and for which an invoice is.
        package var withPayment: UInt64 = 0
        package var withInvoice: UInt64 = 0
        /// Orders whose total is not known, so that no amount can be compared.
        package var withoutTotal: UInt64 = 0
        /// Orders with no exception.
        package var agreeing: UInt64 = 0
    }

    /// Sorted by class, order and key.
    package private(set) var exceptions: [OrderException] = []
    /// By name.
    package private(set) var families: [Family] = []
    /// Payments and invoices that were looked at.
    package private(set) var payments: UInt64 = 0
    package private(set) var invoices: UInt64 = 0
    /// Invoices that name no order, such as those of subscriptions.
    package private(set) var invoicesForNoOrder: UInt64 = 0
    /// What orders come to, what came in, what went back and what was invoiced.
    package private(set) var ordered = MoneySums()
    package private(set) var received = MoneySums()
    package private(set) var refunded = MoneySums()
    package private(set) var invoiced = MoneySums()

    private let tolerance: Tolerance
    private var found: [OrderException] = []

    /// Compares all rows of the three sides.
    package init(
        orders: [OrderSide],
        payments: [PaymentSide],
        invoices: [InvoiceSide],
        tolerance: Tolerance
    ) {
        self.tolerance = tolerance
        self.payments = UInt64(payments.count)
        self.invoices = UInt64(invoices.count)
        let known = Set(orders.map(\.key))
        let paid = Dictionary(grouping: payments.filter { $0.order != nil }) { $0.order ?? "" }
        let billed = Dictionary(grouping: invoices.filter { $0.order != nil }) { $0.order ?? "" }
        takePayments(payments, known)
        takeInvoices(invoices, known)
        var families: [String: Family] = [:]
        for order in orders {
            let name = order.family
            families[name, default: Family(name: name)].orders += 1
            if paid[order.key] != nil { families[name]?.withPayment += 1 }
            if billed[order.key]?.contains(where: \.counts) == true {
                families[name]?.withInvoice += 1
            }
            if let total = order.total {
                ordered.add(total)
            } else {
                families[name]?.withoutTotal += 1
            }
        }
        for order in orders {
            guard let family = families[order.family] else { continue }
            let before = found.count
            compare(order, paid[order.key] ?? [], family)
            compare(order, billed: billed[order.key] ?? [], paid[order.key] ?? [], family)
            if found.count == before { families[order.family]?.agreeing += 1 }
        }
        self.families = families.values.sorted { $0.name < $1.name }
        exceptions = found.sorted(by: Self.precedes)
        found = []
    }

    private mutating func takePayments(_ payments: [PaymentSide], _ known: Set<String>) {
        for payment in payments {
            if payment.isPaid, let amount = payment.amount {
                received.add(amount)
                refunded.add(ExactAmount(payment.refunded, amount.currency))
            }
            guard payment.isPaid, payment.order.map(known.contains) != true else { continue }
            let what = payment.order.map { "names \($0), which is not known" } ?? "names no order"
            add(.paymentWithoutOrder, payment.order, [payment.key], nil, payment.amount, what)
        }
    }

    private mutating func takeInvoices(_ invoices: [InvoiceSide], _ known: Set<String>) {
        for invoice in invoices {
            if invoice.counts, let total = invoice.total { invoiced.add(total) }
            guard let order = invoice.order else {
                invoicesForNoOrder += 1
                continue
            }
            guard invoice.counts, !known.contains(order) else { continue }
            let what = "names \(order), which is not known"
            add(.invoiceWithoutOrder, order, [invoice.key], nil, invoice.total, what)
        }
    }

    // MARK: - Orders and payments

    private mutating func compare(
        _ order: OrderSide,
        _ payments: [PaymentSide],
        _ family: Family
    ) {
        let paid = payments.filter { $0.isPaid && $0.amount != nil }
        guard !paid.isEmpty else { return compareUnpaid(order, family) }
        let keys = paid.map(\.key).sorted()
        let currencies = Set(paid.compactMap { $0.amount?.currency })
        guard currencies.count == 1, let currency = currencies.first else {
            var sums = MoneySums()
            for amount in paid.compactMap(\.amount) { sums.add(amount) }
            let what = "was paid in several currencies: \(sums.text)"
            return add(.currencyDiffers, order.key, keys, order.total, nil, what)
        }
        let gross = paid.reduce(Int128(0)) { $0 + ($1.amount?.minor ?? 0) }
        let back = paid.reduce(Int128(0)) { $0 + $1.refunded }
        let kept = ExactAmount(gross - back, currency)
        compareStates(order, keys, kept, gross: gross, back: back)
        guard let total = order.total else { return }
        guard total.currency == currency else {
            let what = "comes to \(total.text) and was paid in \(currency.text)"
            let amount = ExactAmount(gross, currency)
            return add(.currencyDiffers, order.key, keys, total, amount, what)
        }
        // A refund may be why less is kept, or may give a surplus back: either way it agrees.
        guard !tolerance.allows(gross, total.minor, currency),
            !tolerance.allows(kept.minor, total.minor, currency)
        else { return }
        let amount = ExactAmount(gross, currency)
        if gross < total.minor {
            add(.underpaid, order.key, keys, total, amount, "less was paid than it comes to")
        } else if kept.minor > total.minor {
            add(.overpaid, order.key, keys, total, kept, "more was paid than it comes to")
        }
    }

    private mutating func compareStates(
        _ order: OrderSide,
        _ keys: [String],
        _ kept: ExactAmount,
        gross: Int128,
        back: Int128
    ) {
        let limit = tolerance.minor(kept.currency)
        let nothing = ExactAmount(0, kept.currency)
        if order.shop == "cancelled", kept.minor > limit {
            add(.paidAndCancelled, order.key, keys, nothing, kept, "is cancelled, and money kept")
        }
        if order.shop == "refunded", kept.minor > limit {
            let what = "is refunded by the shop's word, and money kept"
            add(.refundMissing, order.key, keys, nothing, kept, what)
        }
        let goesOn = order.shop != "cancelled" && order.shop != "refunded" && !order.isReturned
        if back > 0, back >= gross, goesOn {
            let what = "all of it was given back, and the order goes on"
            add(.refundedNotCancelled, order.key, keys, order.total, kept, what)
        }
    }

    private mutating func compareUnpaid(_ order: OrderSide, _ family: Family) {
        let total = order.total
        let isFree = total.map { $0.minor <= tolerance.minor($0.currency) } ?? false
        // Where no payment of a shop's orders is recorded at all, the lack of one says nothing.
        guard !isFree, family.withPayment > 0, order.shop != "cancelled" else { return }
        let nothing = total.map { ExactAmount(0, $0.currency) }
        if order.isShipped, !order.isReturned {
            let what = "has left, and no payment of it is recorded"
            add(.shippedAndUnpaid, order.key, [], total, nothing, what)
        } else if order.claimsPayment, order.shop != "refunded" {
            let what = "is paid by the shop's or provider's word, and no payment of it is recorded"
            add(.orderWithoutPayment, order.key, [], total, nothing, what)
        }
    }

    // MARK: - Invoices

    private mutating func compare(
        _ order: OrderSide,
        billed invoices: [InvoiceSide],
        _ payments: [PaymentSide],
        _ family: Family
    ) {
        guard family.withInvoice > 0, order.shop != "cancelled" else { return }
        let counting = invoices.filter(\.counts)
        guard !counting.isEmpty else {
            guard order.isShipped || payments.contains(where: \.isPaid) else { return }
            let what = "was paid or has left, and no invoice of it is recorded"
            return add(.invoiceMissing, order.key, [], order.total, nil, what)
        }
        guard let total = order.total else { return }
        let keys = counting.map(\.key).sorted()
        var sums = MoneySums()
        for invoice in counting { if let total = invoice.total { sums.add(total) } }
        guard sums.amounts.count == 1, let amount = sums.amounts.first,
            amount.currency == total.currency
        else {
            let what = "comes to \(total.text) and is invoiced with \(sums.text)"
            return add(.invoiceDiffers, order.key, keys, total, sums.amounts.first, what)
        }
        guard !tolerance.allows(amount.minor, total.minor, total.currency) else { return }
        let what = "is invoiced with another amount than it comes to"
        add(.invoiceDiffers, order.key, keys, total, amount, what)
    }

    // MARK: - Exceptions

    private mutating func add(
        _ kind: OrderException.Class,
        _ order: String?,
        _ others: [String],
        _ expected: ExactAmount?,
        _ amount: ExactAmount?,
        _ what: String
    ) {
        found.append(
            OrderException(
                kind: kind,
                order: order,
                others: others,
                expected: expected,
                found: amount,
                what: what
            )
        )
    }

    private static let places = Dictionary(
        uniqueKeysWithValues: OrderException.Class.allCases.enumerated().map { ($1, $0) }
    )

    private static func precedes(_ a: OrderException, _ b: OrderException) -> Bool {
        let (x, y) = (places[a.kind] ?? 0, places[b.kind] ?? 0)
        if x != y { return x < y }
        if a.order != b.order { return (a.order ?? "") < (b.order ?? "") }
        return a.others.lexicographicallyPrecedes(b.others)
    }
}
