import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook late`.
enum LateCommand: ProgramCommand {
    static let readsLog = true
    static let command = Command(
        "late",
        "lists what occurred in a closed period and came after its figures",
        group: "Prove",
        discussion: """
            When an event occurred is its sender's word, or when it was recorded if the sender says \
            nothing. What came between the period's end and its closing is marked cut-off, what \
            came after the closing late; neither changes the figures as closed.
            """,
        options: [
            Option("totals", "counts and sums instead of the events"), Rows.formatOption,
        ],
        operands: [Operand("PERIOD", "such as 2026, 2026-Q3, 2026-10")],
        examples: [
            Example("daybook late 2026-10", "what belongs to October and is not in its figures"),
            Example("daybook late 2026-10 --totals", "what that sums up to"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let period = try context.period()
        let views = try openViews(context)
        let late = try LateEvents(period, views: views)
        if context.invocation.flag("totals") {
            let json = late.totals.json
            try Reports.showFigures(Figures.list(json.span), context)
            return .done
        }
        let columns = [
            Column("sequence", title: "SEQ", alignment: .right),
            Column("class", title: "CLASS"),
            Column("time", title: "OCCURRED", shrinking: .keep),
            Column("recordedtime", title: "RECORDED", shrinking: .keep),
            Column("source", title: "SOURCE"), Column("type", title: "TYPE", shrinking: .keep),
            Column("subject", title: "SUBJECT", shrinking: .middle),
            Column("outcome", title: "OUTCOME", shrinking: .keep),
            Column("id", title: "ID", shrinking: .middle),
        ]
        var writer = Rows.writer(columns, try Rows.format(context))
        try views.ledger.read { snapshot in
            try late.forEach(in: snapshot) { event in
                try writer.add([
                    .unsigned(event.sequence), .text(event.isAfterClosing ? "late" : "cut-off"),
                    .text(event.occurred.short), .text(event.recorded.short),
                    .text(event.source), .text(event.type),
                    event.subject.map { .text($0) } ?? .absent, .text(event.outcome),
                    .text(event.id),
                ])
                return true
            }
        }
        let footer =
            "\(late.afterClosing) came after the closing, \(late.beforeClosing) between "
            + "the period's end and it; --totals sums them up"
        try writer.finish(
            footer: writer.count > 0 ? footer : nil,
            noRows: "nothing came late for \(period.name)"
        )
        return .done
    }
}
