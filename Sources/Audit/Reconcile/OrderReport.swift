package import Projections

/// What `daybook reconcile orders` asks: enough to ask the same again.
package struct OrderQuery: Hashable, Sendable {
    package var tolerance: Tolerance

    package init(tolerance: Tolerance = .none) { self.tolerance = tolerance }

    /// The query as one line, for the record of the report.
    package var text: String { "orders tolerance=\(tolerance.text)" }

    /// Reads what `text` gives.
    package init(text: String) throws(AuditProblem) {
        self.init()
        let words = text.split(separator: " ")
        guard words.first == "orders" else {
            throw .usage("\"\(text)\" is no reconciliation of orders")
        }
        for word in words.dropFirst() {
            guard word.hasPrefix("tolerance=") else {
                throw .usage("\"\(word)\" is no condition of a reconciliation of orders")
            }
            tolerance = try Tolerance(String(word.dropFirst(10)))
        }
    }
}

extension OrderReconciliation {
    /// The projections that are compared, the last where the ledger has it.
    package static let projections = ["order-status", "payments", "invoices"]

    /// Compares what the first `size` events of the log say.
    ///
    /// The rows are folded anew from those events, whatever came since: the same size gives the
    /// same result for as long as the same definitions answer.
    package static func make(
        _ query: OrderQuery,
        size: UInt64,
        views: Views,
        progress: (UInt64, UInt64) -> Void = { _, _ in }
    ) throws -> OrderReconciliation {
        let names = try views.names()
        for name in projections.dropLast() where !names.contains(name) {
            throw AuditProblem.usage(
                "the ledger has no projection \(name), whose rows are to be compared; add its "
                    + "definition as projections/\(name)/projection.yaml"
            )
        }
        guard size > 0 else {
            return OrderReconciliation(
                orders: [],
                payments: [],
                invoices: [],
                tolerance: query.tolerance
            )
        }
        let past = Past.asAt(sequence: size - 1)
        var orders: [OrderSide] = []
        var payments: [PaymentSide] = []
        var invoices: [InvoiceSide] = []
        try views.forEachRow(ViewRequest(projections[0]), at: past, progress: progress) { row in
            orders.append(OrderSide(row))
            return true
        }
        try views.forEachRow(ViewRequest(projections[1]), at: past, progress: progress) { row in
            payments.append(PaymentSide(row))
            return true
        }
        if names.contains(projections[2]) {
            try views.forEachRow(ViewRequest(projections[2]), at: past, progress: progress) {
                invoices.append(InvoiceSide($0))
                return true
            }
        }
        return OrderReconciliation(
            orders: orders,
            payments: payments,
            invoices: invoices,
            tolerance: query.tolerance
        )
    }
}
