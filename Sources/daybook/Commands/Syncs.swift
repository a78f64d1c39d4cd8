import Arguments
import Bytes
import Service
import Tables

/// The command `daybook syncs`.
enum SyncsCommand: ProgramCommand {
    static let readsLog = true
    static let command = Command(
        "syncs",
        "lists the syncs: when each is due, ran and succeeded, and how often it did not",
        group: "Look",
        discussion: """
            Shows the syncs of daybook.yaml and those that the log names. A run is late if none \
            began before its grace was over, and missed if none began until the next due time; a \
            running server records both. To run a job as a sync, see "daybook sync".
            """,
        options: [Rows.formatOption],
        examples: [
            Example("daybook syncs", "shows all of them"),
            Example("daybook log --type 'sync.*' --outcome failed", "what was late or failed"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let format = try Rows.format(context)
        let rows = try SyncList.rows(ledger: context.ledgerPath)
        try Rows.print(
            [
                Column("sync", title: "SYNC", shrinking: .keep),
                Column("schedule", title: "SCHEDULE"),
                Column("zone", title: "ZONE"),
                Column("next_due", title: "NEXT DUE", shrinking: .keep),
                Column("last_run", title: "LAST RUN", shrinking: .keep),
                Column("last_status", title: "STATUS", shrinking: .keep),
                Column("last_success", title: "LAST SUCCESS", shrinking: .dropFirst),
                Column("late", title: "LATE", alignment: .right),
                Column("missed", title: "MISSED", alignment: .right),
            ],
            rows.map { row in
                [
                    .text(row.name), text(row.schedule), text(row.zone),
                    time(row.nextDue, format), time(row.lastRun, format), text(row.lastStatus),
                    time(row.lastSuccess, format), .unsigned(row.late), .unsigned(row.missed),
                ]
            },
            context
        )
        return .done
    }

    private static func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .absent }

    /// A table shows times to the second.
    private static func time(_ time: Timestamp?, _ format: OutputFormat) -> Cell {
        guard let time else { return .absent }
        return .text(format == .table ? String(time.rfc3339.prefix(19)) + "Z" : time.short)
    }
}
