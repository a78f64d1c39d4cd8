import Arguments
import POSIX
import Service
import Tables

/// The command `daybook hooks verify`.
enum HooksVerifyCommand: ProgramCommand {
    static let path = ["hooks", "verify"]
    static let command = Command(
        "verify",
        "says whether captured requests would pass, and why not",
        discussion: """
            Reads one JSON object a line: provider, secret (or the provider's other keys), headers, \
            body, and where they matter method, url and now_unix. Writes a line \
            {"id":...,"result":"valid"|"invalid","reason":...} for each. Exit status 1 if any is \
            invalid. `daybook providers` lists the providers.
            """,
        operands: [
            Operand("FILE", "captured requests; default standard input", .optional, kind: .file)
        ],
        examples: [
            Example("daybook hooks verify < captured.ndjson", "checks what a gateway captured")
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let check = try CapturedRequests(ledger: context.ledgerPath)
        let allValid = try check.run(file: context.invocation.string("FILE") ?? "-") { line in
            try StandardStream.output.write(line.span)
        }
        return allValid ? .done : .foundWanting
    }
}
