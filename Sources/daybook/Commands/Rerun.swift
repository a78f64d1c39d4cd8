import Arguments
import Audit
import Ledger
import POSIX
import Projections

/// The command `daybook rerun`.
enum RerunCommand: ProgramCommand {
    static let command = Command(
        "rerun",
        "makes a report again from its record in the log",
        group: "Prove",
        discussion: """
            Every report is an event of the log before it is given out, and that event says all it \
            takes to make it again: the query, how much of the log counts, the definitions. The \
            same definitions and the same key give the same bytes; with --compare, exit status 1 \
            when they differ, and where. "daybook log --type daybook.report" lists the reports.
            """,
        options: [
            Option("compare", "the report as it was given out", value: "FILE", kind: .file)
        ] + ReportOutput.options,
        operands: [Operand("SEQ", "the sequence of the report's event", kind: .natural)],
        examples: [
            Example("daybook rerun 4881 --compare 2026-Q3.tar.zst", "is it what we gave out?"),
            Example("daybook rerun 4881 --out again.tar.zst", "the report once more"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let sequence = UInt64(context.invocation.integer("SEQ") ?? 0)
        let (out, compare) = (
            context.invocation.string("out"), context.invocation.string("compare")
        )
        guard out != nil || compare != nil else {
            throw UsageProblem("daybook rerun needs --out FILE or --compare FILE")
        }
        let force = context.invocation.flag("force")
        if let out { try ReportOutput.check(out, force: force) }
        return try changingViews(context, orElse: openViews) { views in
            let record = try ReportRecord.read(sequence, in: views.ledger)
            guard let make = ReportMakers.byKind[record.kind] else {
                throw AuditProblem.refused(
                    "report \(sequence) is of kind \(record.kind), which is not made again by this "
                        + "command"
                )
            }
            for change in try BundleExport.changes(since: record, views) {
                try StandardStream.error.write("daybook: \(change)\n")
            }
            try ReportMakers.recordAgain(record, views, context)
            var status = ExitStatus.done
            func makeAndCompare(_ path: String) throws {
                try make(record, views, path)
                guard let compare else { return }
                status = try show(ReportComparison(path, with: compare), out)
            }
            guard let out else {
                let file = try OutputFile(Process.temporaryPath("report"), replaces: false)
                try makeAndCompare(file.temporary)
                return status
            }
            try ReportOutput.write(to: out, force: force, makeAndCompare)
            return status
        }
    }

    private static func show(_ result: ReportComparison, _ out: String?) throws -> ExitStatus {
        // With --out - the report itself is on the standard output.
        let stream = out == "-" ? StandardStream.error : .output
        switch result {
        case .sameBytes: try stream.write("same bytes\n")
        case .samePacked: try stream.write("same files, packed by another compressor\n")
        case .different(let place): try stream.write("different: \(place)\n")
        }
        if case .different = result { return .foundWanting }
        return .done
    }
}
