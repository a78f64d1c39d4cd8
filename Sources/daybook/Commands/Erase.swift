import Arguments
import Audit
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook erase`.
enum EraseCommand: ProgramCommand {
    static let command = Command(
        "erase",
        "erases what the log holds of a subject, and leaves the proof",
        group: "Govern",
        discussion: """
            The bodies of the events about the subject go, with those that followed from them: their \
            bytes are overwritten in the files. An event tells who erased what, and why. Lines, \
            chain and proofs stay as they were, and "daybook verify" reports what was erased as \
            that. Projections are folded anew from what is left; of each body they keep what they \
            read for columns that are not personal (texts are, unless a definition says personal: \
            false). A hold forbids all of it. Subjects and ids stand in lines and stay: let them be \
            numbers, not names. Copies of the ledger elsewhere are beyond its reach.
            """,
        options: [
            Option("subject", "the subject, such as member:77", value: "GLOB"),
            Option("reason", "why, for the log", value: "TEXT"),
            Option("period", "only what was recorded in it", value: "PERIOD"),
            Option("dry-run", "shows what would go, and erases nothing"),
            Option("shared", "also requests that brought other subjects' events, too"),
            Option("keep-nothing", "keeps nothing of the bodies for projections"),
            Option("finish", "does what an interrupted erasure left undone"),
            Rows.formatOption,
        ],
        examples: [
            Example("daybook erase --subject member:77 --dry-run", "what would be erased"),
            Example(
                "daybook erase --subject member:77 --reason 'GDPR request 4711'",
                "erases it, for good"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let invocation = context.invocation
        if invocation.flag("finish") {
            return try erasing(context) { try $0.finish() }
        }
        guard let subject = invocation.string("subject") else {
            throw UsageProblem("--subject is missing: whose data is to be erased?")
        }
        let period = try invocation.string("period").map { try Period($0) }
        if invocation.flag("dry-run") { return try show(subject, period, context) }
        guard let reason = invocation.string("reason"), !reason.isEmpty else {
            throw UsageProblem(
                "--reason is missing: the log tells why something was erased; --dry-run needs none"
            )
        }
        let actor = try context.actor()
        return try erasing(context) { eraser in
            try eraser.erase(
                subject: subject,
                period: period,
                includesShared: invocation.flag("shared"),
                keepsNothing: invocation.flag("keep-nothing"),
                reason: reason,
                by: actor
            )
        }
    }

    private static func erasing(
        _ context: Context,
        _ body: (Eraser) throws -> Eraser.Report
    ) throws -> ExitStatus {
        let progress = ProgressPrinter("fold", unit: "events")
        let report = try changingViews(context) { views in
            try body(Eraser(views, progress: progress.show))
        }
        progress.clear()
        guard report.bodies > 0 || context.invocation.flag("finish") else {
            try? StandardStream.error.write(
                "daybook: there is nothing to erase; \"daybook erase --dry-run\" shows what there "
                    + "is, also what is shared with others\n"
            )
            return .foundWanting
        }
        try Rows.printRecord(
            [
                ("events", .text(report.events.map { "\($0)" }.joined(separator: " "))),
                ("bodies", .integer(Int64(report.bodies))),
                ("kept_in_part", .integer(Int64(report.kept))),
                ("bytes_overwritten", .integer(Int64(report.overwriting.bytes))),
                ("folded_anew", .text(report.projections.joined(separator: " "))),
                ("dropped", .text(report.dropped.joined(separator: ", "))),
            ],
            context
        )
        return try warn(report)
    }

    /// Says what is not done yet.
    private static func warn(_ report: Eraser.Report) throws -> ExitStatus {
        for version in report.left {
            try? StandardStream.error.write(
                "daybook: \(version) answers, but its definition's file has another version: it "
                    + "still shows what was erased. Promote or restore it, then run \"daybook "
                    + "erase --finish\"\n"
            )
        }
        if !report.overwriting.isComplete {
            try? StandardStream.error.write(
                "daybook: another program still reads an earlier view, so not all bytes are "
                    + "overwritten; run \"daybook erase --finish\" when it has ended\n"
            )
        }
        return report.left.isEmpty && report.overwriting.isComplete ? .done : .foundWanting
    }

    private static func show(
        _ subject: String,
        _ period: Period?,
        _ context: Context
    ) throws -> ExitStatus {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let plan = try ErasurePlan(
            subject: subject,
            period: period,
            includesShared: context.invocation.flag("shared"),
            holds: try Holds(ledger),
            in: ledger
        )
        let rows = plan.entries.map { ($0, "erase") } + plan.shared.map { ($0, "shared") }
        let format = try Rows.format(context)
        var writer = Rows.writer(
            [
                Column("sequence", title: "SEQ", alignment: .right),
                Column("recorded", title: "RECORDED", shrinking: .keep),
                Column("type", title: "TYPE"), Column("subject", title: "SUBJECT"),
                Column("bytes", title: "BYTES", alignment: .right),
                Column("what", title: "WHAT"), Column("hold", title: "HOLD"),
                Column("others", title: "OTHERS", shrinking: .end),
            ],
            format
        )
        for (entry, what) in rows {
            try writer.add([
                .unsigned(entry.sequence), .text(entry.recorded), .text(entry.type),
                entry.subject.map { .text($0) } ?? .absent, .unsigned(entry.size), .text(what),
                entry.hold.map { .text($0) } ?? .absent,
                entry.others.isEmpty ? .absent : .text(entry.others.joined(separator: " ")),
            ])
        }
        try writer.finish(
            footer: "\(plan.events) events about it, \(plan.entries.count) bodies would go, "
                + "\(plan.shared.count) are shared, \(plan.erasedBefore) were erased before",
            noRows: "nothing to erase: \(plan.events) events about it, "
                + "\(plan.erasedBefore) bodies were erased before"
        )
        return .done
    }
}
