import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections

/// The command `daybook incident`.
enum IncidentCommand: ProgramCommand {
    static let command = Command(
        "incident",
        "writes the report of an incident",
        group: "Audit",
        discussion: """
            Takes a stretch of time and writes a post-mortem under the usual headings: what failed, \
            whom it touched and with how much money, the timeline with both times and delays, \
            charts of the time around it, what changed in the rows of projections, first causes, \
            and evidence with leaf hashes and proofs. What only people know is left as marked \
            blanks. One file that needs nothing else: HTML, or Markdown with --markdown. The report \
            is recorded in the log before it is given out, and "daybook rerun SEQ" makes the same \
            bytes again. --redacted leaves out every text that may be personal.
            """,
        options: [
            Option(
                "from",
                "its first moment of recording",
                value: "TIME",
                isRequired: true
            ),
            Option("to", "the first moment after it", value: "TIME", isRequired: true),
            Option(
                "subject",
                "about this entity, and no other",
                value: "GLOB",
                repeats: true
            ),
            Option("title", "one line on what it was", value: "TEXT"),
            Option("redacted", "leaves out texts that may be personal"),
            Option("markdown", "writes Markdown instead of HTML"),
        ] + ReportOutput.options,
        operands: [Operand("ID", "what people call the incident")],
        examples: [
            Example(
                "daybook incident INC-12 --from 2026-11-20T09:20:00Z --to 2026-11-20T10:00:00Z "
                    + "--title 'Xero refused invoices' --out INC-12.html",
                "writes a page that can be mailed"
            ),
            Example(
                "daybook incident INC-12 --from 2h --to 1h --subject 'order:*' --redacted "
                    + "--markdown --out INC-12.md",
                "without personal data, to be pasted into a ticket"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let query = try query(context)
        let path = context.invocation.string("out") ?? "-"
        let isForced = context.invocation.flag("force")
        try ReportOutput.check(path, force: isForced)
        return try changingViews(context) { views in
            let size = try views.ledger.read { try $0.size }
            let progress = ProgressPrinter("incident", unit: "events")
            let report = try IncidentReport(query, size: size, views, progress: progress.show)
            progress.clear()
            let record = try ReportRecord(
                kind: IncidentReport.kind,
                query: query.text,
                size: size,
                rows: report.rows,
                definitions: views.definitionHashes().map {
                    .init(name: $0.name, version: $0.version, hash: $0.hash)
                },
                tool: Program.tool,
                actor: context.actor(),
                purpose: context.purpose()
            ).record(in: views.ledger)
            try ReportOutput.write(report.text(record), to: path, force: isForced)
            if path != "-" {
                let place = record.recorded.map { "event \($0.sequence)" } ?? "no event"
                try StandardStream.error.write(
                    "daybook: \(path): \(report.rows) events on the timeline, recorded as \(place)\n"
                )
            }
            return .done
        }
    }

    private static func query(_ context: Context) throws -> IncidentQuery {
        guard let since = try context.moment("from"), let until = try context.moment("to") else {
            throw UsageProblem("an incident has --from and --to")
        }
        var query = try IncidentQuery(
            id: context.invocation.string("ID") ?? "",
            since: since,
            until: until
        )
        query.title = context.invocation.string("title")
        query.subjects = context.invocation.all("subject")
        query.isRedacted = context.invocation.flag("redacted")
        query.form = context.invocation.flag("markdown") ? .markdown : .html
        return query
    }
}
