import Arguments
import Ledger
import Tables

/// The command `daybook keys list`.
enum KeysListCommand: ProgramCommand {
    static let path = ["keys", "list"]
    static let command = Command(
        "list",
        "lists the keys as C2SP vkeys, oldest first",
        options: [Rows.formatOption],
        examples: [Example("daybook keys list", "shows which key signs from which event on")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let keys = try ledger.keys()
        try Rows.print(
            [
                Column("from", title: "FROM", alignment: .right),
                Column("state", title: "STATE"), Column("vkey", title: "VKEY"),
            ],
            keys.enumerated().map { index, key in
                [
                    .unsigned(key.from),
                    .text(index == keys.count - 1 ? "signing" : "retired"), .text(key.vkey),
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
