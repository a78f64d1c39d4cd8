import Arguments
import Ledger
import POSIX
import Service

/// The command `daybook deliveries retry`.
enum DeliveriesRetryCommand: ProgramCommand {
    static let path = ["deliveries", "retry"]
    static let command = Command(
        "retry",
        "orders that events be sent again",
        discussion: """
            Of events that are dead or done; those still pending are tried again anyway. The order \
            stands in the log, one event for each: a running server follows it within a second, \
            another one when it starts. Exit status 1 if there is no such event.
            """,
        options: [
            Option("dead", "only those that were given up"),
            Option("sequence", "the event with this sequence", value: "SEQ", kind: .natural),
        ] + DeliveriesOptions.filters,
        operands: [Operand("NAME", "the rule's name")],
        examples: [
            Example("daybook deliveries retry paid-to-shop --dead", "sends all again that is dead"),
            Example(
                "daybook deliveries retry paid-to-shop --since 2h",
                "sends again what came in two hours, delivered or not"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        let isDead = context.invocation.flag("dead")
        var filter = try DeliveriesOptions.filter(context, isDead ? [.dead] : [.dead, .done])
        filter.sequence = context.invocation.integer("sequence").map { UInt64($0) }
        let query = filter.query
        guard
            isDead || filter.sequence != nil || !query.conditions.isEmpty
                || query.since != nil || query.until != nil
        else {
            throw UsageProblem(
                "say which events of \(name) to send again: --dead, --sequence, --type, --subject, "
                    + "--since or --until"
            )
        }
        let deliveries = try Deliveries(
            ledger: context.ledgerPath,
            appends: true,
            actor: context.actor()
        )
        defer { deliveries.close() }
        let count = try deliveries.retry(name, filter)
        let events = count == 1 ? "1 event is" : "\(count == 0 ? "no" : "\(count)") events are"
        try StandardStream.output.write("\(events) to be sent again by \(name)\n")
        return count > 0 ? .done : .foundWanting
    }
}
