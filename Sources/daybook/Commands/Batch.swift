import Arguments
import POSIX
import Service

/// The command `daybook batch`.
enum BatchCommand: ProgramCommand {
    static let keepsScope = true
    static let command = Command(
        "batch",
        "records files that were handed over, such as CSV over SFTP",
        group: "Record",
        discussion: """
            A file is recorded with its name, size, time, SHA-256 and rows, and with its content if \
            it has at most 16 MiB. The digest is its id: the same file twice is a duplicate.
            """,
        options: [
            Option("source", "who handed it over, or to whom", value: "NAME", isRequired: true),
            Option("sent", "we sent it; else we received it"),
            Option("url", "where it came from or went to, without a password", value: "URL"),
            Option("account", "the account at the server", value: "NAME"),
            Option("host-key", "the server's key fingerprint", value: "SHA256:..."),
            Option("no-content", "records the digest alone"),
            Rows.formatOption,
        ],
        operands: [Operand("FILE", "a CSV file", .oneOrMore, kind: .file)],
        examples: [
            Example(
                "daybook batch --source quickbooks-import --sent invoices.csv",
                "records what was sent for import"
            )
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let invocation = context.invocation
        var handover = BatchFile.Handover(source: invocation.string("source") ?? "")
        handover.isSent = invocation.flag("sent")
        handover.url = invocation.string("url")
        handover.account = invocation.string("account")
        handover.hostKey = invocation.string("host-key")
        handover.keepsContent = !invocation.flag("no-content")
        // All are read before the first is recorded.
        let batches = try invocation.all("FILE").map { try BatchFile(path: $0, handover) }
        let importer = try Importer(
            ledger: context.ledgerPath,
            actor: context.actor(),
            scope: context.caller?.scope
        )
        defer { importer.close() }
        for batch in batches {
            try Rows.printRecord(batch.fields + (try importer.append(batch)).fields, context)
        }
        return .done
    }
}
