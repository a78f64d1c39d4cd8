import Arguments
import Audit
import Bytes
import Ledger
import Tables

/// The command `daybook hold place`.
enum HoldPlaceCommand: ProgramCommand {
    static let path = ["hold", "place"]
    static let command = Command(
        "place",
        "forbids to erase what is about a subject, or of a period",
        options: [
            Option("subject", "about this subject", value: "GLOB"),
            Option("period", "occurred or recorded in it", value: "PERIOD"),
            Option("reason", "why, for the log", value: "TEXT", isRequired: true),
            Rows.formatOption,
        ],
        operands: [Operand("NAME", "the hold's name, used once")],
        examples: [
            Example(
                "daybook hold place case-12 --subject 'order:10*' --reason 'claim of 3 November'",
                "keeps what the court may ask for"
            ),
            Example("daybook hold place fy26 --period 2026 --reason 'audit'", "a whole year"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let invocation = context.invocation
        let period = try invocation.string("period").map { try Period($0) }
        let ledger = try openForAppending(context)
        defer { ledger.close() }
        let name = invocation.string("NAME") ?? ""
        let receipt = try Holds.place(
            name,
            subject: invocation.string("subject"),
            period: period,
            reason: invocation.string("reason") ?? "",
            by: try context.actor(),
            in: ledger
        )
        try HoldCommands.print(name, "in force", receipt, context)
        return .done
    }
}

/// The command `daybook hold release`.
enum HoldReleaseCommand: ProgramCommand {
    static let path = ["hold", "release"]
    static let command = Command(
        "release",
        "ends a hold",
        options: [
            Option("reason", "why, for the log", value: "TEXT", isRequired: true),
            Rows.formatOption,
        ],
        operands: [Operand("NAME", "the hold's name")],
        examples: [
            Example("daybook hold release case-12 --reason 'settled'", "it can be erased again")
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let ledger = try openForAppending(context)
        defer { ledger.close() }
        let name = context.invocation.string("NAME") ?? ""
        let receipt = try Holds.release(
            name,
            reason: context.invocation.string("reason") ?? "",
            by: try context.actor(),
            in: ledger
        )
        try HoldCommands.print(name, "released", receipt, context)
        return .done
    }
}

/// The command `daybook hold list`.
enum HoldListCommand: ProgramCommand {
    static let path = ["hold", "list"]
    static let command = Command(
        "list",
        "lists the holds, those that were released too",
        options: [Rows.formatOption],
        examples: [Example("daybook hold list", "shows what must not be erased, and why")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        try Rows.print(
            [
                Column("name", title: "NAME"), Column("state", title: "STATE"),
                Column("on", title: "ON"), Column("reason", title: "REASON", shrinking: .end),
                Column("placed_by", title: "BY"), Column("placed", title: "PLACED"),
                Column("sequence", title: "SEQ", alignment: .right),
                Column("released_by", title: "RELEASED BY"), Column("released", title: "RELEASED"),
            ],
            try Holds(ledger).all.map { hold in
                [
                    .text(hold.name), .text(hold.released == nil ? "in force" : "released"),
                    .text(hold.scope), .text(hold.reason), .text(hold.placedBy),
                    .text(hold.placed.short), .unsigned(hold.sequence),
                    hold.released.map { .text($0.by) } ?? .absent,
                    hold.released.map { .text($0.at.short) } ?? .absent,
                ]
            },
            context
        )
        return .done
    }
}

/// What the commands about holds share.
private enum HoldCommands {
    static func print(
        _ name: String,
        _ state: String,
        _ receipt: Receipt,
        _ context: Context
    ) throws {
        try Rows.printRecord(
            [
                ("name", .text(name)), ("state", .text(state)),
                ("sequence", .unsigned(receipt.sequence)),
            ],
            context
        )
    }
}
