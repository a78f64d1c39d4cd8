import Arguments
import POSIX
import Projections
import Tables

/// The command `daybook projections rebuild`.
enum ProjectionsRebuildCommand: ProgramCommand {
    static let path = ["projections", "rebuild"]
    static let command = Command(
        "rebuild",
        "builds a definition's rows beside those that answer",
        discussion: """
            A build that was interrupted goes on where it was. The version that answers stays the \
            same until another is promoted. An event that does not fit the definition ends the build \
            with its sequence, the file and the line; --quarantine sets such events aside.
            """,
        options: [
            Option("all", "every projection that has a definition"),
            Option(
                "threads",
                "threads that fold side by side",
                value: "N",
                kind: .integer(1...256),
                default: "one a core"
            ),
            Option(
                "chunk",
                "events folded and stored at a time",
                value: "N",
                kind: .integer(1...1 << 30),
                default: "262144"
            ),
            Option("quarantine", "sets events aside that do not fit, instead of ending"),
            Option("anew", "begins again, also where nothing has changed"),
            Rows.formatOption,
        ],
        operands: [Operand("NAME", "the projection's name", .zeroOrMore)],
        examples: [
            Example("daybook projections rebuild order-status", "builds the definition's version"),
            Example("daybook projections rebuild --all --anew", "builds everything again"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        try changingViews(context, orElse: openViews) { try rebuild($0, context) }
        return .done
    }

    private static func rebuild(_ views: Views, _ context: Context) throws {
        let names = try names(views, context)
        var options = RebuildOptions()
        options.threads = context.invocation.integer("threads") ?? processorCount()
        if let chunk = context.invocation.integer("chunk") { options.chunkSize = UInt64(chunk) }
        options.quarantines = context.invocation.flag("quarantine")
        options.anew = context.invocation.flag("anew")
        let format = try Rows.format(context)
        var writer = Rows.writer(columns, format)
        for name in names {
            let progress = ProgressPrinter("rebuild \(name)", unit: "events")
            defer { progress.clear() }
            let report = try views.rebuild(name, options) { done, total in
                progress.show(done: done, total: total)
            }
            progress.clear()
            if format == .table {
                try StandardStream.output.write(text(report))
            } else {
                try writer.add(cells(report))
                if format != .json { try writer.flush() }
            }
        }
        if format != .table { try writer.finish() }
    }

    private static func names(_ views: Views, _ context: Context) throws -> [String] {
        let names = context.invocation.all("NAME")
        let all = context.invocation.flag("all")
        guard names.isEmpty == all else {
            throw UsageProblem(
                "rebuild needs NAME or --all, not both; see \"daybook projections rebuild --help\""
            )
        }
        return all ? views.files.definitions.map(\.name) : names
    }

    private static let columns =
        [
            "projection", "version", "active", "events", "folded", "resumed", "shares_rows",
            "digest",
        ].map { Column($0) }

    private static func cells(_ report: RebuildReport) -> [Cell] {
        [
            .text(report.name), .integer(Int64(report.version)), .boolean(report.isActive),
            .unsigned(report.position), .unsigned(report.folded), .unsigned(report.resumed),
            .boolean(report.sharesRows), report.digest.map { .text("\($0)") } ?? .absent,
        ]
    }

    /// What was built, and what to do next.
    private static func text(_ report: RebuildReport) -> String {
        let name = report.name
        var text = "\(name) version \(report.version) is built"
        text += ": \(Readable.grouped(report.position)) events"
        if report.resumed > 0 {
            text += ", \(Readable.grouped(report.resumed)) of them by an interrupted build before"
        }
        if report.sharesRows { text += ", with the rows of a version that differs in derive only" }
        text += "\n"
        if let digest = report.digest { text += "  digest    \(digest)\n" }
        guard !report.isActive else { return text + "  answers   it is the active version\n" }
        text += "  compare   daybook projections diff \(name)\n"
        return text + "  activate  daybook projections promote \(name)\n"
    }
}
