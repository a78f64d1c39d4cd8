import Arguments
import Ledger
import POSIX
import Service

/// The command `daybook sync`.
enum SyncCommand: ProgramCommand {
    static let command = Command(
        "sync",
        "runs a job that moves data between systems, and records its result",
        group: "Record",
        discussion: """
            The job's last line on standard output may be a JSON object with records, errors, \
            source_count and destination_count: the first two stand in the log, and a run whose last \
            two differ has failed. Exit status 0 if the job did its work, 1 if it failed, 3 if its \
            result could not be recorded.
            """,
        options: [
            Option("timeout", "how long it may run", value: "DURATION"),
            Option("no-output", "does not record the end of what it writes"),
        ],
        operands: [Operand("NAME", "the sync's name in the log")],
        rest: Operand("COMMAND", "the job and its arguments, run without a shell", .oneOrMore),
        examples: [
            Example(
                "daybook sync klaviyo-products -- ./push-products --all",
                "runs and records it"
            ),
            Example("daybook log --kind sync --outcome failed", "lists the runs that failed"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let words = context.invocation.rest
        let name = context.invocation.string("NAME") ?? ""
        guard SourceName.isValid(name) else {
            throw UsageProblem(
                "a sync cannot be called \"\(name)\", expected \(SourceName.rule)"
            )
        }
        let runner = try SyncRunner(ledger: context.ledgerPath, actor: context.actor())
        defer { runner.close() }
        let outcome = try runner.run(
            name,
            words,
            milliseconds: try milliseconds(context),
            keepsOutput: !context.invocation.flag("no-output")
        )
        let what = outcome.failure.map { "failed: \($0)" } ?? "completed"
        let records = outcome.records.map { ", \($0) records" } ?? ""
        let errors = outcome.errors.map { ", \($0) errors" } ?? ""
        try? StandardStream.error.write(
            "daybook: sync \(name) \(what) after \(outcome.milliseconds) ms\(records)\(errors); "
                + "recorded as event \(outcome.sequence)\n"
        )
        return outcome.failure == nil ? .done : .foundWanting
    }

    private static func milliseconds(_ context: Context) throws -> UInt64? {
        guard let text = context.invocation.string("timeout") else { return nil }
        let units: [Character: UInt64] = ["s": 1000, "m": 60_000, "h": 3_600_000]
        guard let unit = text.last.flatMap({ units[$0] }), let count = UInt64(text.dropLast()),
            (1...100_000).contains(count)
        else {
            throw UsageProblem("--timeout \(text) is no duration, expected such as 90s, 30m or 2h")
        }
        return count * unit
    }
}
