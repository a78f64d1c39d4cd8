import Arguments
import Audit
import Ledger
import POSIX
import Projections
import Tables

/// What reports have in common: they are recorded before anything of them is given out.
enum Reports {
    static let size = Option(
        "at",
        "of the log as it was at this size",
        value: "SIZE",
        kind: .integer(1...Int.max)
    )

    /// Opens the views with a log that can record a report; where nothing can be appended, as in
    /// an auditor's own copy, without.
    static func open<R>(_ context: Context, _ body: (Views) throws -> R) throws -> R {
        try changingViews(context, orElse: openViews, body)
    }

    /// Opens the ledger alone for a report, for appending where that can be.
    static func ledger(_ context: Context) throws -> Ledger {
        do {
            return try openForAppending(context)
        } catch let error as LedgerError {
            if case .rolledBack = error { throw error }
            return try Ledger(path: context.ledgerPath, options: .init(appends: false))
        }
    }

    /// Records a report and gives the record as the log has it, or says that it could not be.
    static func record(_ record: ReportRecord, in ledger: Ledger) throws -> ReportRecord {
        guard ledger.writer == nil else { return try record.record(in: ledger) }
        try? StandardStream.error.write(
            "daybook: nothing can be appended to this log, so the report is not recorded\n"
        )
        return record
    }

    /// Gives a report out: as a file with `--out`, whole with `--format json`, else by `rows`.
    static func show(
        _ bytes: [UInt8],
        _ record: ReportRecord,
        _ context: Context,
        rows: () throws -> Void
    ) throws {
        if let path = context.invocation.string("out") {
            let force = context.invocation.flag("force")
            let size = try ReportOutput.write(to: path, force: force) {
                try Files.create($0, with: bytes, mode: 0o644)
            }
            guard path != "-" else { return }
            try Rows.printRecord(
                [
                    ("file", .text(path)), ("bytes", .unsigned(UInt64(size))),
                    ("rows", .unsigned(record.rows)), ("log_size", .unsigned(record.size)),
                    ("report", record.recorded.map { .unsigned($0.sequence) } ?? .absent),
                ],
                context
            )
        } else if try Rows.format(context) == .json {
            let line = bytes + [UInt8(ascii: "\n")]
            try StandardStream.output.write(line.span)
        } else {
            try rows()
        }
    }

    /// The figures of a report, a row each.
    static func showFigures(_ figures: [Figure], _ context: Context) throws {
        try Rows.print(
            [Column("figure", title: "FIGURE"), Column("value", title: "VALUE", shrinking: .keep)],
            figures.map { [.text($0.name), .text($0.value)] },
            context
        )
    }
}
