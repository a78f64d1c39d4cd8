import Arguments
import POSIX
import Service

/// The command `daybook init`.
enum InitCommand: ProgramCommand {
    static let command = Command(
        "init",
        "makes a ledger: folder, key, configuration",
        group: "Start",
        discussion: """
            Makes the folder, an Ed25519 key (keys/, mode 0600), a log whose first event names that \
            key, and daybook.yaml with one source to try: stripe, with a random secret in \
            secrets/stripe. A folder that holds a ledger is left as it is.
            """,
        options: [
            Option(
                "origin",
                "the log's name in every checkpoint",
                value: "NAME",
                default: "HOST/daybook"
            )
        ],
        examples: [
            Example("daybook init", "makes a ledger in ./daybook-ledger"),
            Example(
                "daybook init --ledger /var/lib/daybook --origin shop.example.com/daybook",
                "names the log as auditors will know it"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let path = context.ledgerPath
        let result = try Setup.makeLedger(at: path, origin: context.invocation.string("origin"))
        try StandardStream.output.write(
            """
            made the ledger \(path)
              origin  \(result.origin)
              key     \(result.vkey)
              config  \(path)/daybook.yaml
            give the key to whoever will verify the log; next: daybook serve --ledger \(path)

            """
        )
        return .done
    }
}
