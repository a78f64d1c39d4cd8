import Arguments
import Ledger
import POSIX
import Service
import Tables

/// The command `daybook verify`.
enum VerifyCommand: ProgramCommand {
    static let command = Command(
        "verify",
        "reads every byte again and says what is wrong, if anything",
        group: "Prove",
        discussion: """
            Checks the canonical form of each line, the order, the chain, the recorded times, every \
            body's digest, the tiles, each checkpoint's root and signature, the keys' history, the \
            index of ids and the head file. Exit status 1 when there is a manipulation or a gap. A \
            sound run over the whole log leaves a signed mark, from which --incremental goes on.
            """,
        options: [
            Option("from", "first event to check", value: "SEQ", kind: .natural),
            Option("to", "last event to check", value: "SEQ", kind: .natural),
            Option("incremental", "begins where the last sound run ended"),
            Option("key", "the vkey that the log must have begun with", value: "VKEY"),
            Option(
                "threads",
                "threads to use",
                value: "N",
                kind: .integer(1...256),
                default: "one a core"
            ),
            Rows.formatOption,
        ],
        examples: [
            Example("daybook verify", "checks everything"),
            Example("daybook verify --incremental", "checks what is new"),
            Example(
                "daybook verify --key shop.example.com/daybook+33d7b496+AeHT...",
                "trusts nothing but the key you were given"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        var options = Verifier.Options()
        options.from = UInt64(context.invocation.integer("from") ?? 0)
        options.to = context.invocation.integer("to").map { UInt64($0) }
        options.isIncremental = context.invocation.flag("incremental")
        options.pinnedKey = context.invocation.string("key")
        if let threads = context.invocation.integer("threads") { options.threads = threads }
        let verifier = try Verifier(
            path: context.ledgerPath,
            headFile: try Configuration.headFile(ledger: context.ledgerPath),
            options: options
        )
        let progress = ProgressPrinter("verify", unit: "events")
        let report = try verifier.run { done, total in progress.show(done: done, total: total) }
        progress.clear()
        let namesRange = options.from > 0 || options.to != nil
        if namesRange, !options.isIncremental, report.range.isEmpty {
            throw UsageProblem(
                "--from and --to name no event of the log, so nothing was verified; see "
                    + "\"daybook log\" for its sequences"
            )
        }
        let mark = try? report.storeMark(ledger: context.ledgerPath)
        try VerifyOutput.print(report, markStored: mark ?? false, context)
        return report.isSound ? .done : .foundWanting
    }
}
