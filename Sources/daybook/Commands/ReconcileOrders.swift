import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook reconcile orders`.
enum ReconcileOrdersCommand: ProgramCommand {
    static let path = ["reconcile", "orders"]

    static let command = Command(
        "orders",
        "compares orders with payments and invoices",
        discussion: """
            Lists what does not agree between the rows of order-status, payments and, where the \
            ledger has it, invoices: paid and cancelled, shipped and unpaid, under- and overpaid, \
            other currencies, payments without an order and orders without one, invoices that are \
            missing or different, refunds that one side alone knows. Amounts are compared exactly \
            but for --tolerance.

            Orders of one shop have keys that begin alike, such as woo-. Where no payment, or no \
            invoice, of a shop's orders is recorded at all, their lack is no exception: --summary \
            says how many orders of each shop could be compared.

            The report is recorded before it is shown. Exit status 1 if there are exceptions.
            """,
        options: [
            Option(
                "tolerance",
                "amounts may differ by this much, in each currency",
                value: "AMOUNT",
                default: "0"
            ),
            Option("as-at", "as the log stood then", value: "SEQ|TIME"),
            Option("class", "only these", value: "CLASS", kind: .choice(classes), repeats: true),
            Option("summary", "instead how much of what agrees"),
            ProjectionOptions.limit,
            Rows.formatOption,
        ],
        examples: [
            Example("daybook reconcile orders", "lists every exception"),
            Example("daybook reconcile orders --tolerance 0.05 --class underpaid", "but not cents"),
            Example("daybook reconcile orders --summary", "counts and sums by shop and class"),
        ]
    )

    private static let classes = OrderException.Class.allCases.map(\.rawValue)

    static func run(_ context: Context) throws -> ExitStatus {
        let query = OrderQuery(
            tolerance: try context.invocation.string("tolerance").map { try Tolerance($0) } ?? .none
        )
        let ledger = try Reports.ledger(context)
        defer { ledger.close() }
        let views = try Views(ledger)
        let size = try context.size(of: ledger)
        let progress = ProgressPrinter("fold", unit: "events")
        let result = try OrderReconciliation.make(
            query,
            size: size,
            views: views,
            progress: progress.show
        )
        progress.clear()
        _ = try Reports.record(
            ReportRecord(
                kind: "reconcile",
                query: query.text,
                size: size,
                rows: UInt64(result.exceptions.count),
                definitions: try views.definitions(OrderReconciliation.projections),
                tool: Program.tool,
                actor: try context.actor(),
                purpose: context.purpose()
            ),
            in: ledger
        )
        if context.invocation.flag("summary") {
            try summarize(result, context)
        } else {
            try list(result, context)
        }
        return result.exceptions.isEmpty ? .done : .foundWanting
    }

    // MARK: - Output

    private static func list(_ result: OrderReconciliation, _ context: Context) throws {
        let wanted = Set(context.invocation.all("class"))
        let rows = result.exceptions.filter { wanted.isEmpty || wanted.contains($0.kind.rawValue) }
        let limit = context.limit ?? .max
        var writer = Rows.writer(columns, try Rows.format(context))
        for exception in rows.prefix(limit) { try writer.add(row(exception)) }
        let agreeing = result.families.reduce(0) { $0 + $1.agreeing }
        let orders = result.families.reduce(0) { $0 + $1.orders }
        let counts = "\(agreeing) of \(orders) orders agree, \(rows.count) exceptions"
        try writer.finish(
            footer: rows.count > limit ? "\(counts); --limit 0 shows all" : counts,
            noRows: "no exceptions: \(counts)"
        )
    }

    private static let columns = [
        Column("class", title: "CLASS", shrinking: .keep),
        Column("order", title: "ORDER", shrinking: .keep),
        Column("others", title: "PAYMENTS, INVOICES", shrinking: .middle),
        Column("expected", title: "EXPECTED", alignment: .right, shrinking: .keep),
        Column("found", title: "FOUND", alignment: .right, shrinking: .keep),
        Column("difference", title: "DIFFERENCE", alignment: .right, shrinking: .dropFirst),
        Column("currency", title: "CURRENCY", shrinking: .keep),
        Column("what", title: "WHAT"),
    ]

    private static func row(_ exception: OrderException) -> [Cell] {
        let currency = (exception.found ?? exception.expected)?.currency
        return [
            .text(exception.kind.rawValue),
            exception.order.map { .text($0) } ?? .absent,
            exception.others.isEmpty
                ? .absent : .text(exception.others.joined(separator: ", ")),
            exception.expected.map { .text($0.decimal) } ?? .absent,
            exception.found.map { .text($0.decimal) } ?? .absent,
            exception.difference.map { .text($0.decimal) } ?? .absent,
            currency.map { .text($0.text) } ?? .absent,
            .text(exception.what),
        ]
    }

    private static func summarize(_ result: OrderReconciliation, _ context: Context) throws {
        let columns = [
            Column("part", title: "PART", shrinking: .keep),
            Column("name", title: "NAME", shrinking: .keep),
            Column("count", title: "COUNT", alignment: .right, shrinking: .keep),
            Column("sums", title: "SUMS"),
            Column("what", title: "WHAT"),
        ]
        var rows: [[Cell]] = result.families.map { family in
            [
                .text("shop"), .text(family.name), .unsigned(family.orders), .absent,
                .text(
                    "\(family.agreeing) agree; \(family.withPayment) have a payment, "
                        + "\(family.withInvoice) an invoice, \(family.withoutTotal) no total"
                ),
            ]
        }
        rows += sums(result)
        for kind in OrderException.Class.allCases {
            let found = result.exceptions.filter { $0.kind == kind }
            guard !found.isEmpty else { continue }
            var sums = MoneySums()
            for exception in found {
                if let amount = exception.difference ?? exception.found { sums.add(amount) }
            }
            rows.append([
                .text("class"), .text(kind.rawValue), .unsigned(UInt64(found.count)),
                .text(sums.text), .text("what differs, or else what there is"),
            ])
        }
        try Rows.print(columns, rows, context)
    }

    private static func sums(_ result: OrderReconciliation) -> [[Cell]] {
        let orders = result.families.reduce(0) { $0 + $1.orders }
        return [
            [
                .text("sum"), .text("ordered"), .unsigned(orders), .text(result.ordered.text),
                .text("totals of all orders, cancelled ones too"),
            ],
            [
                .text("sum"), .text("received"), .unsigned(result.payments),
                .text(result.received.text), .text("payments that were paid"),
            ],
            [
                .text("sum"), .text("refunded"), .absent, .text(result.refunded.text),
                .text("of those"),
            ],
            [
                .text("sum"), .text("invoiced"), .unsigned(result.invoices),
                .text(result.invoiced.text),
                .text("issued or paid; \(result.invoicesForNoOrder) are for no order"),
            ],
        ]
    }
}

extension Context {
    /// How many events of the log count: up to the moment of `--as-at`, else all.
    func size(of ledger: Ledger) throws -> UInt64 {
        let past = try recorded("as-at")
        return try ledger.read { snapshot in
            let size = try snapshot.size
            switch past {
            case nil, .asOf: return size
            case .asAt(let sequence):
                guard sequence < size else {
                    throw LedgerError.beyondEnd(sequence: sequence, size: size)
                }
                return sequence + 1
            case .asAtTime(let time):
                let next = Timestamp(microseconds: time.microseconds + 1)
                return try snapshot.firstSequence(recordedAtOrAfter: next)
            }
        }
    }
}

extension Views {
    /// The definitions that answer for some projections, for the record of a report.
    func definitions(_ names: [String]) throws -> [ReportRecord.DefinitionVersion] {
        try definitionHashes().filter { names.contains($0.name) }.map {
            .init(name: $0.name, version: $0.version, hash: $0.hash)
        }
    }
}
