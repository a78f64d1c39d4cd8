import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Service
import Tables

/// The command `daybook retention`.
enum RetentionCommand: ProgramCommand {
    static let readsLog = true
    static let command = Command(
        "retention",
        "shows what is past its time, and what a hold keeps; deletes nothing",
        group: "Prove",
        discussion: """
            How long bodies are kept stands in daybook.yaml: retention: { webhooks: 7y, calls: 400d, \
            admin: forever }; classes are webhooks, calls, deliveries, syncs, facts and admin, and \
            the usual time is 7y. Lines are kept for ever, as every proof needs them.
            """,
        options: [Rows.formatOption],
        examples: [Example("daybook retention", "what may be erased by now")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let policy = try Configuration.retention(ledger: context.ledgerPath)
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let now = Timestamp(microseconds: Clock.microseconds)
        let holds = try Holds(ledger)
        let report = try ledger.read { snapshot in
            try RetentionReport(policy, in: snapshot, size: snapshot.size, now: now) { _, line in
                holds.hold(on: line) != nil
            }
        }
        let columns = [
            Column("class", title: "CLASS"), Column("kept", title: "KEPT"),
            Column("events", title: "EVENTS", alignment: .right),
            Column("bodies", title: "BODIES", alignment: .right),
            Column("oldest", title: "OLDEST BODY"), Column("limit", title: "PAST BEFORE"),
            Column("past", title: "PAST", alignment: .right),
            Column("past_bytes", title: "BYTES", alignment: .right),
            Column("past_first", title: "FIRST", alignment: .right),
            Column("past_last", title: "LAST", alignment: .right),
            Column("held", title: "HELD", alignment: .right),
        ]
        let rows: [[Cell]] = report.rows.map { row in
            [
                .text(row.name), .text("\(row.time)"), .unsigned(row.events),
                .unsigned(row.bodies), row.oldest.map { .text($0.short) } ?? .absent,
                row.limit.map { .text($0.short) } ?? .absent, .unsigned(row.past),
                .unsigned(row.pastBytes),
                row.pastRange.map { .unsigned($0.lowerBound) } ?? .absent,
                row.pastRange.map { .unsigned($0.upperBound) } ?? .absent, .unsigned(row.held),
            ]
        }
        try Rows.print(columns, rows, context)
        return .done
    }
}
