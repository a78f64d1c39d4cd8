import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Service
import Tables

/// The command `daybook correct`.
enum CorrectCommand: ProgramCommand {
    static let command = Command(
        "correct",
        "says right what an event says wrong, by an event of its own",
        group: "Record",
        discussion: """
            Nothing in the log is changed. The correction is a fact of source "corrections" with \
            the superseded event's type, provider, subject and moment, whose content is DATA, in \
            the form of that event's own: what definitions read of the one by provider and type, \
            they read of the other, and the later word wins. Columns that add up (sum, count, \
            balance) add DATA to what they have, so there it says the difference.

            Without --yes nothing is appended: it shows what would become of rows. With --yes it \
            appends the correction and an event that says who corrected, why, and who approved; \
            an approver must be somebody else.
            """,
        options: [
            Option("supersedes", "the event that is corrected", value: "SEQ", kind: .natural),
            Option("reason", "why, for those who read it later", value: "TEXT"),
            Option("data", "the content as it should be; @FILE reads it, @- input", value: "JSON"),
            Option(
                "approved-by",
                "who agrees: a name, or where their token is",
                value: "NAME|env:NAME|file:PATH"
            ),
            Option(
                "time",
                "the moment that it speaks for where DATA says none",
                value: "TIME",
                default: "the superseded event's"
            ),
            Option("yes", "appends it"),
            Rows.formatOption,
        ],
        examples: [
            Example(
                "daybook show 1204 --body > 1204.json",
                "gets what the event says, to be put right in an editor"
            ),
            Example(
                "daybook correct --supersedes 1204 --reason 'wrong total' --data @1204.json",
                "shows what the correction would do"
            ),
            Example(
                "daybook correct --supersedes 1204 --reason 'wrong total' --data @1204.json "
                    + "--approved-by env:APPROVER_TOKEN --yes",
                "appends it, approved by whose token that is"
            ),
        ]
    )

    /// Bytes of the content, as much as one fact may have.
    private static let dataBytes = Importer.lineLimit

    static func run(_ context: Context) throws -> ExitStatus {
        if context.invocation.flag("yes") {
            return try changingViews(context) { views in try append(views, context) }
        }
        let views = try openViews(context)
        let correction = try correction(views, context)
        let now = Timestamp(microseconds: Clock.microseconds)
        let preview = try correction.preview(in: views, at: now)
        try show(preview, context)
        note(preview)
        return preview.misfits.isEmpty ? .done : .foundWanting
    }

    private static func append(_ views: Views, _ context: Context) throws -> ExitStatus {
        let correction = try correction(views, context)
        let now = Timestamp(microseconds: Clock.microseconds)
        let preview = try correction.preview(in: views, at: now)
        if let misfit = preview.misfits.first {
            throw AuditProblem.refused(
                "\(misfit.projection) could not read it: \(misfit.what); nothing is appended"
            )
        }
        let receipts = try correction.record(in: views.ledger)
        let changed = preview.rows.filter { !$0.changes.isEmpty }.count
        try Rows.printRecord(
            [
                ("sequence", .unsigned(receipts[0].sequence)),
                ("id", .text(correction.draft.id)),
                ("supersedes", .unsigned(correction.supersedes)),
                ("rows", .unsigned(UInt64(changed))),
                ("recorded", .unsigned(receipts[1].sequence)),
                ("leafhash", .text(receipts[0].leafHash.description)),
            ],
            context
        )
        return .done
    }

    private static func correction(_ views: Views, _ context: Context) throws -> Correction {
        let invocation = context.invocation
        guard let sequence = invocation.integer("supersedes"),
            let reason = invocation.string("reason"), let data = invocation.string("data")
        else {
            throw UsageProblem(
                "daybook correct needs --supersedes SEQ, --reason TEXT and --data JSON; "
                    + "see \"daybook correct --help\""
            )
        }
        let now = Timestamp(microseconds: Clock.microseconds)
        let content =
            data.hasPrefix("@")
            ? try Files.read(String(data.dropFirst()), limit: dataBytes) : Array(data.utf8)
        let approver = try invocation.string("approved-by").map {
            try Approver.read($0, ledger: context.ledgerPath, at: now)
        }
        return try Correction(
            Correction.Terms(
                UInt64(sequence),
                content: content,
                reason: reason,
                author: context.actor(),
                approver: approver,
                time: context.moment("time")
            ),
            in: views.ledger
        )
    }

    private static func show(_ preview: Preview, _ context: Context) throws {
        let format = try Rows.format(context)
        var writer = Rows.writer(
            ["projection", "key", "column", "before", "after"].map {
                Column($0, title: $0.uppercased())
            },
            format
        )
        for row in preview.rows {
            for change in row.changes {
                try writer.add([
                    .text(row.projection), .text(row.key), .text(change.column),
                    ProjectionCells.cell(change.old, format),
                    ProjectionCells.cell(change.new, format),
                ])
            }
        }
        try writer.finish(footer: nil, noRows: "no row would change")
    }

    /// Says beside the rows what they cannot say.
    private static func note(_ preview: Preview) {
        var notes: [String] = []
        for misfit in preview.misfits {
            notes.append("\(misfit.projection) could not read it: \(misfit.what)")
        }
        if preview.rows.isEmpty, preview.misfits.isEmpty {
            notes.append(
                "no definition reads it: rules that name a source must name "
                    + "\"\(Correction.source)\" as well"
            )
        }
        let same = preview.rows.filter(\.changes.isEmpty)
        for row in same.prefix(5) {
            notes.append("\(row.projection) \(row.key) would stay as it is")
        }
        notes.append("nothing is appended yet; --yes does it")
        for note in notes {
            let text = TerminalText.harmless(note)
            try? StandardStream.error.write("daybook: \(text)\n")
        }
    }
}
