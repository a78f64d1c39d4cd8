import Arguments
import POSIX
import Service

/// The command `daybook deliveries pause`.
enum DeliveriesPauseCommand: ProgramCommand {
    static let path = ["deliveries", "pause"]
    static let command = Command(
        "pause",
        "orders that a rule send nothing until it is resumed",
        discussion: "What comes meanwhile stays pending. The order stands in the log.",
        operands: [Operand("NAME", "the rule's name")],
        examples: [Example("daybook deliveries pause paid-to-shop", "stops it within a second")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        let deliveries = try Deliveries(
            ledger: context.ledgerPath,
            appends: true,
            actor: context.actor()
        )
        defer { deliveries.close() }
        let sequence = try deliveries.pause(name)
        try StandardStream.output.write("\(name) is paused by event \(sequence)\n")
        return .done
    }
}

/// The command `daybook deliveries resume`.
enum DeliveriesResumeCommand: ProgramCommand {
    static let path = ["deliveries", "resume"]
    static let command = Command(
        "resume",
        "orders that a rule go on",
        discussion: """
            After a pause, and after the destination has answered 410 Gone, which stops a rule.
            """,
        operands: [Operand("NAME", "the rule's name")],
        examples: [Example("daybook deliveries resume paid-to-shop", "sends what is pending")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        let deliveries = try Deliveries(
            ledger: context.ledgerPath,
            appends: true,
            actor: context.actor()
        )
        defer { deliveries.close() }
        let sequence = try deliveries.resume(name)
        try StandardStream.output.write("\(name) goes on by event \(sequence)\n")
        return .done
    }
}
