import Audit
import Ledger
import POSIX

/// Records a report in the log before any of it is shown.
enum RecordedReport {
    /// Opens the ledger for a report that the log is to tell of: for appending where that can be.
    ///
    /// Where nothing can be appended, as in an auditor's own copy, it is opened for reading, and
    /// `record` says on standard error that the log does not tell of the report.
    static func open(_ context: Context) throws -> Ledger {
        do {
            return try openForAppending(context)
        } catch let error as LedgerError {
            if case .rolledBack = error { throw error }
            return try Ledger(path: context.ledgerPath, options: .init(appends: false))
        }
    }

    /// Appends the record where that can be; gives it as the log has it.
    static func record(_ report: ReportRecord, in ledger: Ledger) throws -> ReportRecord {
        guard ledger.writer != nil else {
            try? StandardStream.error.write(
                "daybook: nothing can be appended to this ledger, so it does not tell of this "
                    + "report\n"
            )
            return report
        }
        return try report.record(in: ledger)
    }
}
