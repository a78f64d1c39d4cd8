import Arguments
import Bytes
import POSIX
import Service
import Tables

/// The command `daybook deliveries list`.
enum DeliveriesListCommand: ProgramCommand {
    static let path = ["deliveries", "list"]
    static let readsLog = true
    static let command = Command(
        "list",
        "lists events by how their delivery stands",
        discussion: """
            Without --state, all that are not done. What waits is pending, but not due yet: its \
            next attempt comes later, an earlier event of its subject goes first, or the rule is \
            stopped. What is dead was given up after its last attempt, or can never be sent.
            """,
        options: [
            Option(
                "state",
                "only those that stand so; pending are also those that wait",
                value: "STATE",
                kind: .choice(DeliveryState.allCases.map(\.rawValue))
            )
        ] + DeliveriesOptions.filters + [
            Option(
                "limit",
                "at most so many, the newest, 0 for all",
                short: "n",
                value: "N",
                kind: .natural,
                default: "50 on a terminal, else all"
            ),
            Rows.formatOption,
        ],
        operands: [Operand("NAME", "the rule's name; default all rules", .optional)],
        examples: [
            Example("daybook deliveries list", "shows what is not delivered"),
            Example("daybook deliveries list paid-to-shop --state dead", "shows what was given up"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let filter = try DeliveriesOptions.filter(context, states(context))
        let deliveries = try Deliveries(ledger: context.ledgerPath, appends: false)
        let rows = try deliveries.rows(of: context.invocation.string("NAME"), filter)
        let usual = StandardStream.output.isTerminal ? 50 : 0
        let limit = context.invocation.integer("limit") ?? usual
        var writer = Rows.writer(columns, try Rows.format(context))
        for row in limit == 0 ? rows[...] : rows.suffix(limit) { try writer.add(cells(row)) }
        try writer.finish(
            footer: limit > 0 && rows.count > limit ? "\(limit) of \(rows.count)" : nil,
            noRows: "no such deliveries"
        )
        return .done
    }

    private static func states(_ context: Context) -> Set<DeliveryState> {
        guard let word = context.invocation.string("state"),
            let state = DeliveryState(rawValue: word)
        else { return [.pending, .waiting, .dead] }
        return state == .pending ? [.pending, .waiting] : [state]
    }

    private static let columns = [
        Column("rule", title: "RULE"),
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("type", title: "TYPE", shrinking: .middle),
        Column("subject", title: "SUBJECT", shrinking: .middle),
        Column("state", title: "STATE", shrinking: .keep),
        Column("attempts", title: "ATTEMPTS", alignment: .right),
        Column("status", title: "STATUS", alignment: .right, shrinking: .keep),
        Column("reason", title: "REASON"),
        Column("next", title: "NEXT"),
    ]

    private static func cells(_ row: DeliveryRow) -> [Cell] {
        [
            .text(row.rule), .unsigned(row.sequence), row.type.map { .text($0) } ?? .absent,
            row.subject.map { .text($0) } ?? .absent, .text(row.state.rawValue),
            .integer(Int64(row.attempts)), row.status.map { .unsigned($0) } ?? .absent,
            row.reason.map { .text($0) } ?? .absent, row.next.map { .text($0.short) } ?? .absent,
        ]
    }
}
