import Arguments
import Audit
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook export`.
enum ExportCommand: ProgramCommand {
    static let command = Command(
        "export",
        "makes an evidence bundle that others can verify without this ledger",
        group: "Prove",
        discussion: """
            Writes the chosen events with their bodies, proofs, control totals, definitions and \
            two verifiers (a web page and a script) as one signed .tar.zst. All lines of the \
            stretch are in it, so that it proves that none was left out. The export itself is an \
            event of the log, recorded first; daybook rerun makes the same bundle from that event. \
            With --csv or --cloudevents it writes a plain file for other programs instead, which \
            proves nothing.
            """,
        options: SelectionOptions.options + [
            Option("at", "of the log as it was at this size", value: "SIZE", kind: sizes),
            Option("no-bodies", "only digests of the bodies"),
            Option("redacted", "personal values masked, instead of the bodies"),
            Option("selected-only", "leaves out the lines between; proves less"),
            Option("proofs", "a proof for each event also where there are over 1,000"),
            Option("csv", "the events' attributes as rows, no bundle"),
            Option("cloudevents", "the events as CloudEvents, one a line, no bundle"),
        ] + ReportOutput.options + [Rows.formatOption],
        examples: [
            Example(
                "daybook export --period 2026-Q3 --out 2026-Q3.tar.zst --purpose 'audit FY26'",
                "all events of a quarter"
            ),
            Example(
                "daybook export --source stripe --redacted --out stripe.tar.zst",
                "one source's events without personal data"
            ),
            Example("daybook export --period 2026-10 --csv > october.csv", "for a spreadsheet"),
        ]
    )

    private static let sizes = ValueKind.integer(1...Int.max)

    static func run(_ context: Context) throws -> ExitStatus {
        let form = try form(context)
        guard let path = context.invocation.string("out") ?? (form == nil ? nil : "-") else {
            throw UsageProblem("daybook export needs --out FILE; see daybook export --help")
        }
        let force = context.invocation.flag("force")
        try ReportOutput.check(path, force: force)
        let selection = try context.selection()
        let size = context.invocation.integer("at").map { UInt64($0) }
        return try changingViews(context) { views in
            let record: ReportRecord
            if let form {
                record = try ReportMakers.begin(
                    EventExport(selection, form),
                    size: size,
                    views,
                    context
                )
            } else {
                record = try BundleExport.begin(
                    try request(selection, context),
                    size: size,
                    views: views,
                    by: context.actor(),
                    purpose: context.purpose(),
                    tool: Program.tool
                ).record
            }
            let bytes = try ReportOutput.write(to: path, force: force) {
                try ReportMakers.export(record, views, $0)
            }
            if path != "-" { try show(record, path, bytes, context) }
            return .done
        }
    }

    private static func form(_ context: Context) throws -> EventExport.Form? {
        let forms = [
            context.invocation.flag("csv") ? EventExport.Form.csv : nil,
            context.invocation.flag("cloudevents") ? .cloudevents : nil,
        ].compactMap { $0 }
        let bundles = ["no-bodies", "redacted", "selected-only", "proofs"].filter {
            context.invocation.flag($0)
        }
        guard forms.count < 2, forms.isEmpty || bundles.isEmpty else {
            throw UsageProblem(
                "--csv and --cloudevents are forms of their own; they go neither together nor with "
                    + "--no-bodies, --redacted, --selected-only or --proofs"
            )
        }
        return forms.first
    }

    private static func request(
        _ selection: EventSelection,
        _ context: Context
    ) throws -> BundleRequest {
        var request = BundleRequest(selection)
        let isRedacted = context.invocation.flag("redacted")
        guard !isRedacted || !context.invocation.flag("no-bodies") else {
            throw UsageProblem("--redacted shows masked bodies and --no-bodies none; choose one")
        }
        request.bodies =
            isRedacted ? .redacted : context.invocation.flag("no-bodies") ? .digests : .whole
        request.isComplete = !context.invocation.flag("selected-only")
        request.hasProofs = context.invocation.flag("proofs")
        return request
    }

    private static func show(
        _ record: ReportRecord,
        _ path: String,
        _ bytes: Int,
        _ context: Context
    ) throws {
        try Rows.printRecord(
            [
                ("file", .text(path)), ("bytes", .unsigned(UInt64(bytes))),
                ("events", .unsigned(record.rows)), ("log_size", .unsigned(record.size)),
                ("report", record.recorded.map { .unsigned($0.sequence) } ?? .absent),
            ],
            context
        )
    }
}
