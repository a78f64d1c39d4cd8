import Arguments
import Audit
import Bytes
import Ledger

/// The options by which reports choose their events.
enum SelectionOptions {
    /// Those that name a stretch of the log.
    static let stretch = [
        Option("period", "recorded in this year, quarter, month or day", value: "PERIOD"),
        Option("from", "from this event or moment of recording on", value: "SEQ|TIME"),
        Option("to", "up to this moment, or up to and with this event", value: "SEQ|TIME"),
    ]
    static let options: [Option] =
        stretch + LogFilters.options.filter { !["since", "until"].contains($0.name) }
}

extension Context {
    /// The events that the options of `SelectionOptions` choose.
    func selection() throws -> EventSelection {
        var selection = try stretch()
        selection.query.conditions = try LogFilters.query(self, times: false).conditions
        return selection
    }

    /// The stretch of the log that `--period`, `--from` and `--to` name.
    func stretch() throws -> EventSelection {
        var selection = EventSelection()
        if let name = invocation.string("period") {
            guard !invocation.flag("from"), !invocation.flag("to") else {
                throw UsageProblem(
                    "--period names a stretch, and so do --from and --to; choose one"
                )
            }
            selection = try EventSelection(Period(name))
        }
        if let text = invocation.string("from") {
            if let sequence = Decimal.parse(text.utf8Span.span) {
                selection.from = sequence
            } else {
                selection.query.since = try moment("from")
            }
        }
        if let text = invocation.string("to") {
            if let sequence = Decimal.parse(text.utf8Span.span), sequence < .max {
                selection.end = sequence + 1
            } else {
                selection.query.until = try moment("to")
            }
        }
        return selection
    }
}
