import Arguments
import Ledger
import Tables

/// The command `daybook keys list`.
enum KeysListCommand: ProgramCommand {
    static let path = ["keys", "list"]
    static let command = Command(
        "list",
        "lists the keys as C2SP vkeys, oldest first",
        discussion: """
            Each with the sizes of the checkpoints that it signs (FROM to UNTIL), the event that \
            names it, when that was recorded, and when the event was that names the next: that is \
            the last which the key before it signs.
            """,
        options: [Rows.formatOption],
        examples: [Example("daybook keys list", "shows which key signs from which event on")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let format = try Rows.format(context)
        try Rows.print(
            [
                Column("from", title: "FROM", alignment: .right),
                Column("until", title: "UNTIL", alignment: .right),
                Column("state", title: "STATE"),
                Column("sequence", title: "NAMED BY", alignment: .right),
                Column("created", title: "CREATED"), Column("retired", title: "RETIRED"),
                Column("vkey", title: "VKEY", shrinking: .keep),
            ],
            try ledger.keys().map { key in
                [
                    .unsigned(key.from), key.until.map { .unsigned($0) } ?? .absent,
                    .text(key.retired == nil ? "signing" : "retired"), .unsigned(key.sequence),
                    ProjectionCells.cell(key.created, format),
                    ProjectionCells.cell(key.retired, format), .text(key.vkey),
                ]
            },
            context
        )
        return .done
    }
}

/// The command `daybook keys rotate`.
enum KeysRotateCommand: ProgramCommand {
    static let path = ["keys", "rotate"]
    static let command = Command(
        "rotate",
        "makes a new key; an event signed under the old one names it",
        discussion: """
            Later checkpoints are signed under the new key, also by a running server. The old \
            private key is deleted.
            """,
        options: [Rows.formatOption],
        examples: [Example("daybook keys rotate", "changes to a new key")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let ledger = try openForAppending(context)
        defer { ledger.close() }
        let (vkey, receipt) = try ledger.rotateKey()
        try Rows.printRecord(
            [("vkey", .text(vkey)), ("sequence", .unsigned(receipt.sequence))],
            context
        )
        return .done
    }
}
