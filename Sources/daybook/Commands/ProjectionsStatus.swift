import Arguments
import POSIX
import Projections
import Tables

/// The command `daybook projections status`.
enum ProjectionsStatusCommand: ProgramCommand {
    static let path = ["projections", "status"]
    static let command = Command(
        "status",
        "says how far every version is, and accounts for every event",
        discussion: """
            What the log has meanwhile is folded first. The equation of a projection adds up what \
            became of the events; it must come to the number of events it stands on. Exit status 1 \
            if it does not, or if a version is stuck.
            """,
        options: [
            Option("no-catch-up", "shows how it stands, without folding anything"),
            Rows.formatOption,
        ],
        examples: [
            Example("daybook projections status", "shows lag, quarantine and the equations"),
            Example(
                "daybook projections status --no-catch-up",
                "shows how far a running server has come"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let views = try openViews(context)
        var isSound = true
        if !context.invocation.flag("no-catch-up"), !views.isReadOnly {
            for (name, error) in try views.followAll() {
                isSound = false
                try? StandardStream.error.write("daybook: \(name) is not folded: \(error)\n")
            }
        }
        let all = try views.status(catchesUp: false)
        let format = try Rows.format(context)
        let columns = format == .table ? tableColumns : columns
        try Rows.print(columns, all.map { cells($0, format) }, context)
        if format == .table { try writeEquations(all) }
        for status in all where !isBalanced(status) {
            isSound = false
            try? StandardStream.error.write(
                "daybook: \(status.name) version \(status.version) has accounted for "
                    + "\(status.tally.events) events but stands on \(status.position)\n"
            )
        }
        return isSound && !all.contains { $0.condition == .stuck } ? .done : .foundWanting
    }

    private static func isBalanced(_ status: ProjectionStatus) -> Bool {
        status.tally.events == status.position
    }

    private static func writeEquations(_ all: [ProjectionStatus]) throws {
        var text = ""
        for status in all where status.isActive {
            let tally = status.tally
            text +=
                "\(status.name): \(tally.applied) applied + \(tally.ignored) ignored + "
                + "\(tally.duplicate) duplicate + \(tally.rejected) rejected + "
                + "\(tally.quarantined) quarantined + \(tally.unknown) unknown = "
                + "\(tally.events) of \(status.logSize) events\n"
        }
        if !text.isEmpty { try StandardStream.output.write("\n" + text) }
    }

    private static let tableColumns = [
        Column("name", title: "NAME", shrinking: .keep),
        Column("version", title: "VERSION", alignment: .right, shrinking: .keep),
        Column("active", title: "ACTIVE", shrinking: .dropFirst),
        Column("state", title: "STATE", shrinking: .keep),
        Column("position", title: "POSITION", alignment: .right, shrinking: .keep),
        Column("lag", title: "LAG", alignment: .right, shrinking: .keep),
        Column("behind", title: "BEHIND", alignment: .right, shrinking: .dropFirst),
        Column("rate", title: "EVENTS/S", alignment: .right, shrinking: .dropFirst),
        Column("quarantined", title: "QUARANTINED", alignment: .right, shrinking: .keep),
        Column("waiting", title: "WAITING", alignment: .right, shrinking: .keep),
        Column("conflicts", title: "CONFLICTS", alignment: .right, shrinking: .dropFirst),
        Column("unmapped", title: "UNMAPPED", alignment: .right, shrinking: .dropFirst),
        Column("error", title: "LAST ERROR"),
    ]

    private static let columns =
        [
            "name", "version", "active", "state", "position", "lag_events", "lag_seconds", "rate",
            "quarantined", "waiting", "conflicts", "unmapped", "last_error", "events", "applied",
            "ignored", "duplicate", "rejected", "unknown",
        ].map { Column($0) }

    private static func cells(_ status: ProjectionStatus, _ format: OutputFormat) -> [Cell] {
        let tally = status.tally
        let tenths = UInt64(max(0, status.lagSeconds * 10))
        let lag: Cell =
            if format == .table {
                status.lagEvents == 0 ? .absent : .text(Readable.span(seconds: tenths / 10))
            } else {
                .json("\(tenths / 10).\(tenths % 10)")
            }
        let shown: [Cell] = [
            .text(status.name), .integer(Int64(status.version)), .boolean(status.isActive),
            .text(status.condition.rawValue), .unsigned(status.position),
            .unsigned(status.lagEvents), lag,
            status.rate.map { .unsigned(UInt64(max(0, $0))) } ?? .absent,
            .unsigned(tally.quarantined), .integer(Int64(status.waiting)),
            .integer(Int64(status.conflicts)), .unsigned(tally.unmapped),
            status.lastError.map { .text($0) } ?? .absent,
        ]
        guard format != .table else { return shown }
        let others = [tally.applied, tally.ignored, tally.duplicate, tally.rejected, tally.unknown]
        return shown + [.unsigned(status.logSize)] + others.map { .unsigned($0) }
    }
}
