import Arguments
import Bytes
import Ledger
import POSIX
import Projections
import Service
import Tables

/// The command `daybook replay`.
enum ReplayCommand: ProgramCommand {
    static let readsLog = true
    static let command = Command(
        "replay",
        "shows history as it happened: events, and what each changed",
        group: "Look",
        discussion: """
            Events in the log's order, beneath each the rows that it changed when it came. Nothing is \
            done again: no call is made and no row is touched. In --type and --subject a * stands \
            for any text.

            --into DIR copies the events into a ledger of its own there, with another key and the \
            origin replay-of/ORIGIN, without sources, services and deliveries: its projections can \
            be asked and changed, and nothing comes of it.

            --to URL sends the accepted webhooks among them to an endpoint that is being tested, with \
            their own bodies and headers, Daybook-Replay: SEQ and a fresh Standard Webhooks \
            signature; without --yes it only lists them. Both stand in the log before they begin.
            """,
        options: LogFilters.options + [
            Option("from", "from this event on", value: "SEQ", kind: .natural),
            Option(
                "to",
                "up to and with this event; a URL: sends them there",
                value: "SEQ|URL",
                repeats: true
            ),
            Option("projection", "only rows of this projection", value: "NAME", repeats: true),
            Option(
                "speed",
                "waits as long as it took then, divided by this",
                value: "X",
                default: "does not wait"
            ),
            Option("into", "copies them into a new ledger", value: "DIR", kind: .directory),
            Option("secret", "with --to URL, what signs", value: "env:NAME|file:PATH"),
            Option("rate", "with --to URL, requests a second", value: "N", default: "10"),
            Option("allow-private", "with --to URL, also http and addresses not of the internet"),
            Option("yes", "with --to URL, sends them"),
            ProjectionOptions.limit,
            Rows.formatOption,
        ],
        examples: [
            Example("daybook replay --from 1200 --to 1300", "what happened, event by event"),
            Example(
                "daybook replay --since 2h --projection order-status",
                "what the last two hours did to orders"
            ),
            Example("daybook replay --correlation co-7 --speed 10", "a thread, ten times as fast"),
            Example(
                "daybook replay --from 1200 --to 1300 --into /tmp/incident",
                "a copy to try a changed definition on"
            ),
            Example(
                "daybook replay --since 2h --to https://staging.example.com/hooks",
                "lists what --secret env:STAGING_SECRET --yes would send there"
            ),
        ]
    )

    /// Bodies go into a copy or out to a URL, which is more than to read what happened.
    static func act(_ invocation: Invocation) -> Act? {
        if invocation.all("to").contains(where: { $0.contains("://") }) { return .administer }
        return invocation.string("into") == nil ? CommandActs.act(of: path) : .readBodies
    }

    static func streams(_ invocation: Invocation) -> Bool { invocation.flag("speed") }

    static func run(_ context: Context) throws -> ExitStatus {
        let target = try ReplayTarget(context)
        if target.acts { return try target.run(context) }
        let speed = try speed(context)
        var query = try LogFilters.query(context)
        let views = try openViews(context)
        let range = try range(of: &query, end: target.end, views.ledger, context)
        var output = ReplayOutput(try Rows.format(context))
        var pace = ReplayPace(speed: speed)
        let projections = context.invocation.all("projection")
        try views.replay(query, projections: projections) { event in
            guard event.sequence >= range.lowerBound else { return true }
            guard event.sequence < range.upperBound else { return false }
            let pause = pace.pause(before: event.recorded)
            if pause > 0 {
                try output.flush()
                wait(milliseconds: pause)
            }
            try output.add(event)
            return true
        }
        try output.finish()
        return .done
    }

    private static func speed(_ context: Context) throws -> Double? {
        guard let text = context.invocation.string("speed") else { return nil }
        guard let speed = Double(text), speed > 0, speed.isFinite else {
            throw UsageProblem(
                "--speed \"\(text)\" is no speed; expected a number above 0, such as 10 or 0.5"
            )
        }
        return speed
    }

    /// The sequences to show, and a query that looks at hardly more.
    private static func range(
        of query: inout LogQuery,
        end: UInt64?,
        _ ledger: Ledger,
        _ context: Context
    ) throws -> Range<UInt64> {
        let first = UInt64(context.invocation.integer("from") ?? 0)
        let end = end ?? .max
        let limit = context.limit
        return try ledger.read { snapshot in
            let timed = try query.range(in: snapshot)
            let upper = min(timed.upperBound, end)
            var lower = min(max(timed.lowerBound, first), upper)
            if let limit { lower = try start(of: limit, lower..<upper, query, snapshot) }
            guard lower < upper else {
                query.since = .max
                return lower..<upper
            }
            query.since = try snapshot.line(at: lower)?.recordedTime
            query.until = try snapshot.line(at: upper - 1)?.recordedTime.map {
                Timestamp(microseconds: $0.microseconds + 1)
            }
            return lower..<upper
        }
    }

    /// Where the newest so many events begin that fit.
    private static func start(
        of limit: Int,
        _ range: Range<UInt64>,
        _ query: LogQuery,
        _ snapshot: borrowing Snapshot
    ) throws -> UInt64 {
        var sequence = range.upperBound
        var start = range.upperBound
        var found = 0
        while sequence > range.lowerBound, found < limit {
            sequence -= 1
            if let line = try snapshot.line(at: sequence), query.matches(line) {
                found += 1
                start = sequence
            }
        }
        return start
    }

    private static func wait(milliseconds: UInt64) {
        var left = milliseconds
        while left > 0 {
            let step = min(left, 60_000)
            sleepMilliseconds(UInt32(step))
            left -= step
        }
    }
}
