import Arguments
import POSIX
import Service

/// The command `daybook import`.
enum ImportCommand: ProgramCommand {
    static let keepsScope = true
    static let command = Command(
        "import",
        "appends facts from a file",
        group: "Record",
        discussion: """
            Reads CloudEvents, one JSON object a line. A line that is no CloudEvent is named with its \
            number and skipped, the others are appended; the exit status is then 1. Running the \
            same file again appends no fact twice.
            """,
        options: [Rows.formatOption],
        operands: [Operand("FILE", "CloudEvents as NDJSON; - is standard input", kind: .file)],
        examples: [
            Example("daybook import facts.ndjson", "appends every fact of the file"),
            Example("zcat old.ndjson.gz | daybook import -", "appends from standard input"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let file = context.invocation.string("FILE") ?? "-"
        let importer = try Importer(
            ledger: context.ledgerPath,
            actor: context.actor(),
            scope: context.caller?.scope
        )
        defer { importer.close() }
        let progress = ProgressPrinter("import", unit: "bytes")
        let summary = try importer.importFile(file) { line, problem in
            progress.clear()
            try? StandardStream.error.write("daybook: \(file):\(line): \(problem)\n")
        } progress: { done, total in
            progress.show(done: done, total: total)
        }
        progress.clear()
        try Rows.printRecord(summary.fields, context)
        return summary.isClean ? .done : .foundWanting
    }
}
