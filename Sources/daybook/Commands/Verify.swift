import Arguments
import Audit
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
            index of ids and the head file, and by what witnesses and time stamp authorities gave \
            that the log was not written anew since. Exit status 1 when there is a manipulation or a \
            gap. A sound run over the whole log leaves a signed mark, from which --incremental goes \
            on.

            With BUNDLE, verifies an evidence bundle (daybook export) by what is in it alone; no \
            ledger is needed. Exit status 3 then says that it is no bundle, or cut off.
            """,
        options: [
            Option("from", "first event to check", value: "SEQ", kind: .natural),
            Option("to", "last event to check", value: "SEQ", kind: .natural),
            Option("incremental", "begins where the last sound run ended"),
            Option("key", "the vkey that the log must have begun with", value: "VKEY"),
            Option("same-ledger", "the bundle must be from this ledger"),
            Option(
                "threads",
                "threads to use",
                value: "N",
                kind: .integer(1...256),
                default: "one a core"
            ),
            Option("anchors-only", "checks only what witnesses and authorities gave"),
            Option("ask-witnesses", "asks the witnesses what they know, now"),
            Option(
                "policy",
                "the witnesses to believe, instead of the configured ones",
                value: "FILE",
                kind: .file
            ),
            Option(
                "ca",
                "certificates of time stamp authorities to believe, instead of the configured ones",
                value: "FILE",
                kind: .file
            ),
            Rows.formatOption,
        ],
        operands: [Operand("BUNDLE", "an evidence bundle, .tar.zst", .optional, kind: .file)],
        examples: [
            Example("daybook verify", "checks everything"),
            Example("daybook verify --incremental", "checks what is new"),
            Example(
                "daybook verify --anchors-only --policy policy.txt",
                "says who vouches for which events since when, by the witnesses you trust"
            ),
            Example(
                "daybook verify --key shop.example.com/daybook+33d7b496+AeHT...",
                "trusts nothing but the key you were given"
            ),
            Example("daybook verify 2026-Q3.tar.zst", "checks an evidence bundle"),
        ]
    )

    /// A bundle is verified without a ledger, so without a token of one.
    static func act(_ invocation: Invocation) -> Act? {
        invocation.string("BUNDLE") == nil ? CommandActs.act(of: path) : nil
    }

    static func run(_ context: Context) throws -> ExitStatus {
        if let bundle = context.invocation.string("BUNDLE") {
            return try BundleOutput.verify(bundle, context)
        }
        guard !context.invocation.flag("same-ledger") else {
            throw UsageProblem("--same-ledger is about a bundle; daybook verify BUNDLE")
        }
        if context.invocation.flag("anchors-only") {
            let anchors = try context.anchorReport()
            try AnchorOutput.print(anchors, context)
            return anchors.isSound ? .done : .foundWanting
        }
        var report = try verify(context)
        // The mark is for the log itself; its anchors are checked again each time.
        let mark = try? report.storeMark(ledger: context.ledgerPath)
        var anchors: AnchorReport?
        do {
            let found = try context.anchorReport()
            report.add(found)
            anchors = found
        } catch  where error is LedgerError || error is ConfigurationProblem {
            // A damaged log, or a copy without the files that its configuration names.
            report.limits.removeAll { $0 == VerifyReport.unanchored }
            report.limits.append("what witnesses and authorities gave: \(error)")
        }
        try VerifyOutput.print(report, anchors, markStored: mark ?? false, context)
        return report.isSound ? .done : .foundWanting
    }

    private static func verify(_ context: Context) throws -> VerifyReport {
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
        return report
    }
}
