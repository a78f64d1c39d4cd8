import DaybookTesting
import Projections
import Testing

@testable import Audit

@Suite struct OrderReconciliationTests {
    typealias Kind = OrderException.Class

    static func money(_ text: String, _ code: String = "EUR") throws -> ExactAmount {
        let currency = try ExactAmountTests.currency(code)
        return try #require(ExactAmount(text, currency))
    }

    static func order(
        _ key: String,
        _ total: String? = "10.00",
        shop: String? = nil,
        payment: String? = nil,
        shipped: Bool = false
    ) throws -> OrderSide {
        var order = OrderSide(key: key)
        order.total = try total.map { try money($0) }
        order.shop = shop
        order.payment = payment
        order.isShipped = shipped
        return order
    }

    static func payment(
        _ key: String,
        for order: String?,
        _ amount: String = "10.00",
        _ code: String = "EUR",
        back: Int128 = 0,
        state: String = "paid"
    ) throws -> PaymentSide {
        var payment = PaymentSide(key: key)
        payment.order = order
        payment.amount = try money(amount, code)
        payment.state = state
        payment.refunded = back
        return payment
    }

    static func invoice(
        _ key: String,
        for order: String?,
        _ total: String = "10.00",
        _ code: String = "EUR",
        state: String = "issued"
    ) throws -> InvoiceSide {
        var invoice = InvoiceSide(key: key)
        invoice.order = order
        invoice.total = try money(total, code)
        invoice.state = state
        return invoice
    }

    /// The exceptions of one order beside another that agrees.
    private func kinds(
        _ order: OrderSide,
        _ payments: [PaymentSide],
        _ invoices: [InvoiceSide] = [],
        _ tolerance: Tolerance = .none
    ) throws -> [Kind] {
        let other = try Self.order("woo-0", shop: "paid")
        let result = OrderReconciliation(
            orders: [other, order],
            payments: payments + [try Self.payment("pi:0", for: "woo-0")],
            invoices: invoices + [try Self.invoice("i0", for: invoices.isEmpty ? nil : "woo-0")],
            tolerance: tolerance
        )
        return result.exceptions.map(\.kind)
    }

    @Test("what agrees is no exception")
    func agrees() throws {
        let paid = try Self.order("woo-1", shop: "completed", shipped: true)
        #expect(try kinds(paid, [Self.payment("a", for: "woo-1")]) == [])
        let twice = [
            try Self.payment("a", for: "woo-1", "4.00"),
            try Self.payment("b", for: "woo-1", "6.00"),
        ]
        #expect(try kinds(paid, twice) == [])
        let surplus = [try Self.payment("a", for: "woo-1", "12.00", back: 200)]
        #expect(try kinds(paid, surplus) == [])
        let partly = [try Self.payment("a", for: "woo-1", back: 300)]
        #expect(try kinds(paid, partly) == [])
        let failed = [
            try Self.payment("a", for: "woo-1", state: "failed"),
            try Self.payment("b", for: "woo-1"),
        ]
        #expect(try kinds(paid, failed) == [])
        let billed = [try Self.invoice("i", for: "woo-1")]
        #expect(try kinds(paid, [Self.payment("a", for: "woo-1")], billed) == [])
    }

    @Test("each kind of disagreement is told")
    func classes() throws {
        let one = try Self.payment("a", for: "woo-1")
        let cancelled = try Self.order("woo-1", shop: "cancelled")
        #expect(try kinds(cancelled, [one]) == [.paidAndCancelled])
        #expect(try kinds(cancelled, [Self.payment("a", for: "woo-1", back: 1000)]) == [])
        let shipped = try Self.order("woo-1", shop: "placed", shipped: true)
        #expect(try kinds(shipped, []) == [.shippedAndUnpaid])
        let paid = try Self.order("woo-1", shop: "paid")
        #expect(try kinds(paid, []) == [.orderWithoutPayment])
        #expect(try kinds(paid, [Self.payment("a", for: "woo-1", "9.99")]) == [.underpaid])
        #expect(try kinds(paid, [Self.payment("a", for: "woo-1", "10.01")]) == [.overpaid])
        let dollars = [try Self.payment("a", for: "woo-1", "10.00", "USD")]
        #expect(try kinds(paid, dollars) == [.currencyDiffers])
        #expect(try kinds(paid, dollars + [one]) == [.currencyDiffers])
        let gone = [try Self.payment("a", for: "woo-1", back: 1000)]
        #expect(try kinds(paid, gone) == [.refundedNotCancelled])
        let refunded = try Self.order("woo-1", shop: "refunded")
        #expect(try kinds(refunded, [one]) == [.refundMissing])
        let stray = try Self.payment("b", for: "woo-99")
        #expect(try kinds(paid, [one, stray]) == [.paymentWithoutOrder])
        #expect(try kinds(paid, [one, Self.payment("b", for: nil)]) == [.paymentWithoutOrder])
    }

    @Test("invoices that are missing, different or for nobody are told")
    func invoices() throws {
        let paid = try Self.order("woo-1", shop: "paid")
        let one = [try Self.payment("a", for: "woo-1")]
        let draft = [try Self.invoice("i", for: "woo-1", state: "draft")]
        #expect(try kinds(paid, one, draft) == [.invoiceMissing])
        let less = [try Self.invoice("i", for: "woo-1", "9.00")]
        #expect(try kinds(paid, one, less) == [.invoiceDiffers])
        let yen = [try Self.invoice("i", for: "woo-1", "10", "JPY")]
        #expect(try kinds(paid, one, yen) == [.invoiceDiffers])
        let stray = [
            try Self.invoice("i", for: "woo-1"), try Self.invoice("j", for: "woo-99"),
        ]
        #expect(try kinds(paid, one, stray) == [.invoiceWithoutOrder])
    }

    @Test("a tolerance lets cents pass, and no more")
    func tolerance() throws {
        let paid = try Self.order("woo-1", shop: "paid")
        let tolerance = try Tolerance("0.05")
        let low = [try Self.payment("a", for: "woo-1", "9.95")]
        #expect(try kinds(paid, low, [], tolerance) == [])
        let lower = [try Self.payment("a", for: "woo-1", "9.94")]
        #expect(try kinds(paid, lower, [], tolerance) == [.underpaid])
    }

    @Test("orders of a shop whose payments nobody records are not blamed for it, but counted")
    func coverage() throws {
        let orders = [
            try Self.order("shopify-1", shop: "paid", shipped: true),
            try Self.order("oms-1", nil, shipped: true),
        ]
        let result = OrderReconciliation(
            orders: orders,
            payments: [],
            invoices: [],
            tolerance: .none
        )
        #expect(result.exceptions == [])
        #expect(result.families.map(\.name) == ["oms", "shopify"])
        #expect(result.families.map(\.withPayment) == [0, 0])
        #expect(result.families.map(\.withoutTotal) == [1, 0])
    }

    @Test("the order of the rows does not matter, and huge amounts do not overflow")
    func shuffled() throws {
        let huge = "92233720368547758.07"
        var orders: [OrderSide] = []
        var payments: [PaymentSide] = []
        for number in 0..<60 {
            let total = number % 3 == 0 ? huge : "10.00"
            orders.append(
                try Self.order("woo-\(number)", total, shop: number % 5 == 0 ? "cancelled" : "paid")
            )
            guard number % 7 != 0 else { continue }
            for part in 0..<3 {
                payments.append(try Self.payment("p\(number)-\(part)", for: "woo-\(number)", huge))
            }
        }
        var chance = SeededChance(seed: 3)
        let first = OrderReconciliation(
            orders: orders,
            payments: payments,
            invoices: [],
            tolerance: .none
        )
        #expect(first.exceptions.contains { $0.kind == .overpaid })
        for _ in 0..<10 {
            let again = OrderReconciliation(
                orders: orders.shuffled(using: &chance),
                payments: payments.shuffled(using: &chance),
                invoices: [],
                tolerance: .none
            )
            #expect(again.exceptions == first.exceptions)
            #expect(again.families == first.families)
        }
    }

    @Test("the query is read back from the report's record")
    func query() throws {
        let query = OrderQuery(tolerance: try Tolerance("0.05"))
        #expect(try OrderQuery(text: query.text) == query)
        #expect(throws: AuditProblem.self) { try OrderQuery(text: "orders colour=blue") }
        #expect(throws: AuditProblem.self) { try OrderQuery(text: "provider source=x") }
    }
}
