import Arguments
import Bytes
import Ledger
import POSIX
import Service
import Tables

/// The command `daybook restore`.
enum RestoreCommand: ProgramCommand {
    static let command = Command(
        "restore",
        "goes on with an old copy of the log, on purpose",
        group: "Start",
        discussion: """
            When the log is shorter or another than the head file or a witness knows, nothing is \
            appended. This records what is lost as an event, with your reason and who knows of it, \
            and replaces the head file. Whoever holds a checkpoint of the lost part can still prove \
            that it was there; a witness goes on only when its operator makes it forget.
            """,
        options: [
            Option("reason", "why the lost part is gone", value: "TEXT", isRequired: true),
            Rows.formatOption,
        ],
        examples: [
            Example(
                "daybook restore --reason 'disk failed, backup of 21 November'",
                "goes on from a backup"
            )
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let headFile = try Configuration.headFile(ledger: context.ledgerPath)
        let receipt = try Ledger.restore(
            path: context.ledgerPath,
            options: .init(appends: true, headFile: headFile, actor: context.actor()),
            reason: context.invocation.string("reason") ?? "",
            outside: try context.witnessedHeads()
        )
        guard let receipt else {
            try StandardStream.output.write(
                "the log fits its head file and what its witnesses know; nothing was done\n"
            )
            return .done
        }
        try Rows.printRecord(
            [
                ("sequence", .unsigned(receipt.sequence)),
                ("leafhash", .text(receipt.leafHash.description)),
            ],
            context
        )
        return .done
    }
}
