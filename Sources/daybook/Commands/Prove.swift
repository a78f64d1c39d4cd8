import Arguments
import Ledger
import POSIX

/// The command `daybook prove`.
enum ProveCommand: ProgramCommand {
    static let command = Command(
        "prove",
        "proves that an event is in the log",
        group: "Prove",
        discussion: """
            Prints a C2SP tlog-proof: the event's index, its inclusion path and the newest signed \
            checkpoint. Whoever has the exact line (daybook show SEQ --line) and the log's key can \
            check it without this ledger. With --from, prints instead the consistency proof from \
            an earlier checkpoint to the newest: base64 hashes, then the checkpoint.
            """,
        options: [
            Option(
                "from",
                "proves that the log only grew since it had SIZE events",
                value: "SIZE",
                kind: .integer(1...Int.max)
            )
        ],
        operands: [Operand("SEQ", "the event's sequence", .optional, kind: .natural)],
        examples: [
            Example("daybook prove 12 > 12.tlog-proof", "writes a proof that others can check"),
            Example("daybook prove --from 1000", "proves that the first 1,000 events still stand"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let text: String
        if let old = context.invocation.integer("from") {
            text = try ledger.consistencyProofText(from: UInt64(old))
        } else if let sequence = context.invocation.integer("SEQ") {
            text = try ledger.inclusionProofText(of: UInt64(sequence))
        } else {
            throw UsageProblem("daybook prove needs SEQ or --from SIZE; see daybook prove --help")
        }
        try StandardStream.output.write(text)
        return .done
    }
}
