import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook close`.
enum CloseCommand: ProgramCommand {
    static let command = Command(
        "close",
        "closes the books on a period: states its figures in a signed event",
        group: "Prove",
        discussion: """
            The event states the head at the cut-off, control totals of what was recorded in the \
            period, and the digest of each projection's rows. What comes later is listed by \
            "daybook late" and changes nothing. --check works the figures out again; its exit \
            status is 1 if one differs. What cannot be compared is listed as replaced (a definition \
            changed since) or erased (bodies were erased since).
            """,
        options: [
            Option("list", "lists the periods that were closed"),
            Option("show", "shows the figures as closed"),
            Option("check", "works the figures out again and compares"),
            Option("all", "with --check: also what is the same"),
            Option("early", "closes it before it is over, which needs --reason"),
            Option("reason", "why it is closed early", value: "TEXT"),
            Rows.formatOption,
        ],
        operands: [Operand("PERIOD", "such as 2026, 2026-Q3, 2026-10", .optional)],
        examples: [
            Example("daybook close 2026-10", "closes October"),
            Example("daybook close --list", "shows what is closed, since when and by whom"),
            Example("daybook close --check 2026-10", "shows that the figures still hold"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let modes = ["list", "show", "check"].filter { context.invocation.flag($0) }
        guard modes.count < 2 else {
            throw UsageProblem("--\(modes[0]) and --\(modes[1]) are two questions; ask one")
        }
        if modes == ["list"] { return try list(context) }
        let period = try context.period()
        switch modes.first {
        case "show": return try show(period, context)
        case "check": return try check(period, context)
        default: return try close(period, context)
        }
    }

    private static func close(_ period: Period, _ context: Context) throws -> ExitStatus {
        let reason = context.invocation.string("reason")
        let isEarly = context.invocation.flag("early")
        guard isEarly == (reason != nil) else {
            throw UsageProblem("--early and --reason TEXT go together")
        }
        return try changingViews(context) { views in
            let closing = try Periods(views, tool: Program.tool).close(
                period,
                early: reason,
                by: context.actor(),
                now: Timestamp(microseconds: Clock.microseconds)
            )
            if let first = closing.openBefore.first {
                let count = closing.openBefore.count
                let others = count > 1 ? " and \(count - 1) more before \(period.name)" : ""
                try? StandardStream.error.write(
                    "daybook: the earlier period \(first.name)\(others) is still open\n"
                )
            }
            try Reports.showFigures(closing.closed.figures(), context)
            return .done
        }
    }

    private static func list(_ context: Context) throws -> ExitStatus {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let history = try ledger.read { try PeriodHistory(in: $0, size: $0.size) }
        let columns = [
            Column("period", title: "PERIOD"), Column("state", title: "STATE"),
            Column("sequence", title: "EVENT", alignment: .right),
            Column("closed", title: "CLOSED", shrinking: .keep), Column("by", title: "BY"),
            Column("reopening", title: "REOPENED BY EVENT", alignment: .right),
            Column("reopened_by", title: "BY"), Column("reason", title: "REASON", shrinking: .end),
        ]
        let rows = history.periods.compactMap { period -> [Cell]? in
            guard let act = history.lastClosing(of: period) else { return nil }
            let state = history.state(of: period)
            var reopening: PeriodAct?
            if case .reopened(_, let act) = state { reopening = act }
            let reason = reopening?.reason ?? act.reason
            return [
                .text(period.name), .text(state.word), .unsigned(act.sequence),
                .text(act.time.short), .text(act.actor.text),
                reopening.map { .unsigned($0.sequence) } ?? .absent,
                reopening.map { .text($0.actor.text) } ?? .absent,
                reason.map { .text($0) } ?? .absent,
            ]
        }
        try Rows.print(columns, rows, context)
        return .done
    }

    /// The last closing of a period, whether it holds or not.
    private static func closed(_ period: Period, in ledger: Ledger) throws -> ClosedPeriod {
        let history = try ledger.read { try PeriodHistory(in: $0, size: $0.size) }
        guard let act = history.lastClosing(of: period) else {
            return try ClosedPeriod(try history.closing(of: period), in: ledger)
        }
        if case .reopened(_, let by) = history.state(of: period) {
            try? StandardStream.error.write(
                "daybook: event \(by.sequence) reopened \(period.name) after that\n"
            )
        }
        return try ClosedPeriod(act, in: ledger)
    }

    private static func show(_ period: Period, _ context: Context) throws -> ExitStatus {
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let closed = try closed(period, in: ledger)
        guard try Rows.format(context) == .json else {
            try Reports.showFigures(closed.figures(), context)
            return .done
        }
        let line = closed.content + [UInt8(ascii: "\n")]
        try StandardStream.output.write(line.span)
        return .done
    }

    private static func check(_ period: Period, _ context: Context) throws -> ExitStatus {
        let views = try openViews(context)
        let closed = try closed(period, in: views.ledger)
        let check = try PeriodCheck(closed, views: views)
        let columns = [
            Column("result", title: "RESULT"), Column("figure", title: "FIGURE"),
            Column("closed", title: "CLOSED"), Column("now", title: "NOW"),
        ]
        var writer = Rows.writer(columns, try Rows.format(context))
        for row in check.rows where row.result != .same || context.invocation.flag("all") {
            try writer.add([
                .text(row.result.rawValue), .text(row.name),
                row.closed.map { .text($0) } ?? .absent, row.now.map { .text($0) } ?? .absent,
            ])
        }
        let same = check.rows.count { $0.result == .same }
        let text = "\(same) of \(check.rows.count) figures of \(period.name) are as closed"
        try writer.finish(footer: writer.count > 0 ? text : nil, noRows: text)
        return check.holds ? .done : .foundWanting
    }
}

/// The command `daybook reopen`.
enum ReopenCommand: ProgramCommand {
    static let command = Command(
        "reopen",
        "opens a closed period again, by another person than who closed it",
        group: "Prove",
        discussion: """
            It takes a token with role auditor or admin in DAYBOOK_TOKEN, of another person than \
            who closed the period. The figures as closed stay in the log.
            """,
        options: [
            Option("reason", "why", value: "TEXT", isRequired: true), Rows.formatOption,
        ],
        operands: [Operand("PERIOD", "such as 2026, 2026-Q3, 2026-10")],
        examples: [
            Example(
                "daybook reopen 2026-10 --reason 'invoices of a supplier came late'",
                "lets October be closed again, with other figures"
            )
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let period = try context.period()
        return try changingViews(context) { views in
            let act = try Periods(views, tool: Program.tool).reopen(
                period,
                reason: context.invocation.string("reason") ?? "",
                by: context.actor()
            )
            try Rows.printRecord(
                [
                    ("period", .text(period.name)), ("state", .text(act.what.rawValue)),
                    ("sequence", .unsigned(act.sequence)), ("by", .text(act.actor.text)),
                ],
                context
            )
            return .done
        }
    }
}

extension Context {
    /// The operand `PERIOD`.
    func period() throws -> Period {
        guard let name = invocation.string("PERIOD") else {
            throw UsageProblem("which period? expected \(Period.expected)")
        }
        return try Period(name)
    }
}
