import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook rate-limits`.
enum RateLimitsCommand: ProgramCommand {
    static let command = Command(
        "rate-limits",
        "shows how close calls came to the limits of services, over time",
        group: "Audit",
        discussion: """
            Each call says the limits that held when it was sent. A line is a window of a limit in \
            which there were calls: how many, the share of what is allowed, answers 429 and the \
            longest Retry-After, and the event by which the share was reached at which people want \
            to know. --summary shows a line for each limit instead, with its fullest window and \
            what the projection rate-limit-usage says of all time. A window counts by when calls \
            were sent; --from and --to go by when they were recorded.
            """,
        options: [
            Option("service", "of this service", value: "NAME"),
            Option("summary", "a line for each limit"),
            Option("all", "also windows far from their limit and without a 429"),
        ] + SelectionOptions.stretch + [ProjectionOptions.limit, Rows.formatOption],
        examples: [
            Example("daybook rate-limits --service xero --from 2h", "were we throttled?"),
            Example("daybook rate-limits --summary", "all limits at a glance"),
        ]
    )
    static let readsLog = true

    static func run(_ context: Context) throws -> ExitStatus {
        let views = try openViews(context)
        let selection = try context.stretch()
        let use = try RateLimitUse(
            selection,
            service: context.invocation.string("service"),
            views.ledger
        )
        let format = try Rows.format(context)
        if context.invocation.flag("summary") {
            var writer = Rows.writer(summaryColumns, format)
            for summary in use.summaries { try writer.add(cells(summary, views, format)) }
            try writer.finish(footer: footer(use, hidden: 0), noRows: "no call says a limit")
            return .done
        }
        let isWhole = context.invocation.flag("all") || format != .table
        let shown = use.windows.filter { isWhole || $0.state != .free || $0.throttled > 0 }
        var writer = Rows.writer(columns, format)
        for window in shown.suffix(context.limit ?? .max) { try writer.add(cells(window, format)) }
        try writer.finish(
            footer: footer(use, hidden: use.windows.count - shown.count),
            noRows: use.windows.isEmpty
                ? "no call says a limit"
                : "no window came near its limit, and no call was answered 429"
        )
        return .done
    }

    private static func footer(_ use: RateLimitUse, hidden: Int) -> String {
        var parts = use.breakers.map { event in
            "event \(event.sequence) \(ProjectionCells.seconds(event.recorded)) \(event.type) "
                + "\(event.service ?? "") \(event.reason ?? "")"
        }
        if hidden > 0 { parts.append("\(hidden) windows far from their limit; --all shows them") }
        if use.unlimited > 0 { parts.append("\(use.unlimited) calls say no limit") }
        if use.unreadable > 0 { parts.append("\(use.unreadable) limits could not be read") }
        return parts.joined(separator: "\n")
    }

    private static let columns = [
        Column("service", title: "SERVICE"),
        Column("limit", title: "LIMIT", shrinking: .keep),
        Column("start", title: "WINDOW FROM", shrinking: .keep),
        Column("calls", title: "CALLS", alignment: .right, shrinking: .keep),
        Column("percent", title: "%", alignment: .right, shrinking: .keep),
        Column("state", title: "STATE", shrinking: .keep),
        Column("throttled", title: "429", alignment: .right, shrinking: .keep),
        Column("retry_after", title: "RETRY-AFTER"),
        Column("alerted", title: "NEAR BY EVENT", alignment: .right),
        Column("first", title: "FIRST EVENT", alignment: .right, shrinking: .dropFirst),
    ]

    private static func cells(_ window: RateLimitUse.Window, _ format: OutputFormat) -> [Cell] {
        [
            .text(window.service), .text(window.limit.text),
            ProjectionCells.cell(window.start, format), .unsigned(window.calls),
            .unsigned(window.percent), .text(window.state.rawValue), .unsigned(window.throttled),
            window.retryAfter.map { .text($0) } ?? .absent,
            window.alerted.map { .unsigned($0) } ?? .absent, .unsigned(window.first),
        ]
    }

    private static let summaryColumns = [
        Column("service", title: "SERVICE"),
        Column("limit", title: "LIMIT", shrinking: .keep),
        Column("windows", title: "WINDOWS", alignment: .right),
        Column("calls", title: "CALLS", alignment: .right, shrinking: .keep),
        Column("peak", title: "PEAK", alignment: .right, shrinking: .keep),
        Column("peak_percent", title: "%", alignment: .right, shrinking: .keep),
        Column("peak_at", title: "AT", shrinking: .keep),
        Column("near", title: "NEAR", alignment: .right),
        Column("throttled", title: "429", alignment: .right, shrinking: .keep),
        Column("peak_of_all_time", title: "EVER", alignment: .right),
        Column("state", title: "STATE"),
    ]

    private static func cells(
        _ summary: RateLimitUse.Summary,
        _ views: Views,
        _ format: OutputFormat
    ) throws -> [Cell] {
        var ever: Row?
        do {
            let key = "\(summary.service) \(summary.limit.window)"
            ever = try views.row(ViewRequest("rate-limit-usage"), key: key)
        } catch let error as ViewError {
            // Without that projection the log's own lines still tell of this time.
            switch error {
            case .noRow, .unknown: break
            default: throw error
            }
        }
        return [
            .text(summary.service), .text(summary.limit.text), .integer(Int64(summary.windows)),
            .unsigned(summary.calls), .unsigned(summary.peak.calls),
            .unsigned(summary.peak.percent), ProjectionCells.cell(summary.peak.start, format),
            .integer(Int64(summary.near)), .unsigned(summary.throttled),
            ProjectionCells.cell(ever?["peak"], format),
            ProjectionCells.cell(ever?["state"], format),
        ]
    }
}
