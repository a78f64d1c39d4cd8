import Arguments
import POSIX
import Service

/// The command `daybook append`.
enum AppendCommand: ProgramCommand {
    static let keepsScope = true
    static let command = Command(
        "append",
        "appends one fact",
        group: "Record",
        discussion: """
            Reads one CloudEvent as JSON from FILE or standard input; it needs specversion, id, \
            source and type. With --type and --source no file is read: --data is the content.
            """,
        options: [
            Option("type", "the fact's type", value: "TYPE"),
            Option("source", "who says so", value: "NAME"),
            Option("id", "its id there", value: "ID", default: "a new UUIDv7"),
            Option("subject", "the main entity", value: "KIND:ID"),
            Option("data", "the content, as JSON", value: "JSON"),
            Rows.formatOption,
        ],
        operands: [Operand("FILE", "a CloudEvent; - is standard input", .optional, kind: .file)],
        examples: [
            Example(
                "daybook append --source ops --type stock.counted --data '{\"sku\":\"A1\",\"n\":4}'",
                "records what somebody counted"
            ),
            Example("daybook append event.json", "records a CloudEvent"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let invocation = context.invocation
        let importer = try Importer(
            ledger: context.ledgerPath,
            actor: context.actor(),
            scope: context.caller?.scope
        )
        defer { importer.close() }
        let receipt: FactReceipt
        if let type = invocation.string("type") {
            guard let source = invocation.string("source"), invocation.string("FILE") == nil else {
                throw UsageProblem(
                    "--type needs --source and no FILE; see \"daybook append --help\""
                )
            }
            receipt = try importer.append(
                type: type,
                source: source,
                id: invocation.string("id"),
                subject: invocation.string("subject"),
                data: invocation.string("data")
            )
        } else if let part = ["source", "id", "subject", "data"].first(where: invocation.flag) {
            throw UsageProblem("--\(part) needs --type; see \"daybook append --help\"")
        } else {
            receipt = try importer.append(
                event: try Files.read(invocation.string("FILE") ?? "-", limit: Importer.lineLimit)
            )
        }
        try Rows.printRecord(receipt.fields, context)
        return receipt.isConflict ? .foundWanting : .done
    }
}
