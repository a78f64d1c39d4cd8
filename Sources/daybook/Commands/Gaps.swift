import Arguments
import Audit
import Ledger
import Tables

/// The command `daybook gaps`.
enum GapsCommand: ProgramCommand {
    static let readsLog = true
    static let command = Command(
        "gaps",
        "lists numbers that a sender counted and whose events did not come",
        group: "Prove",
        discussion: """
            Looks at ids and subjects that are a name without digits and then a number, such as \
            order:1001. The numbers of one source, type and name are taken for a run if there are 20 \
            or more and nine of ten of those between the first and the last came. No provider \
            promises such runs, so a gap is a question to the provider and no proof; what is before \
            the first number and after the last cannot be seen. The exit status is 1 if there are \
            gaps.
            """,
        options: SelectionOptions.options + [
            Option("runs", "lists the runs instead of their gaps"), Rows.formatOption,
        ],
        examples: [
            Example("daybook gaps --source shop --period 2026-10", "orders that we never heard of"),
            Example("daybook gaps --runs", "shows what can be told by numbers at all"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let selection = try context.selection()
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let found = try ledger.read { try SequenceGaps(selection, in: $0, size: $0.size) }
        let skipped = found.notLookedAt
        let footer =
            "\(found.events) events, \(found.runs.count) runs of numbers, \(found.gaps.count) gaps"
            + (skipped > 0 ? ", \(skipped) numbers of too many series not looked at" : "")
        let start = [
            Column("source", title: "SOURCE"), Column("type", title: "TYPE", shrinking: .keep),
            Column("attribute", title: "ATTRIBUTE"), Column("prefix", title: "PREFIX"),
            Column("from", title: "FROM", alignment: .right),
            Column("to", title: "TO", alignment: .right),
        ]
        if context.invocation.flag("runs") {
            let columns = start + [Column("count", title: "CAME", alignment: .right)]
            var writer = Rows.writer(columns, try Rows.format(context))
            for run in found.runs {
                try writer.add([
                    .text(run.source), .text(run.type), .text(run.attribute), .text(run.prefix),
                    .unsigned(run.numbers.lowerBound), .unsigned(run.numbers.upperBound),
                    .integer(Int64(run.count)),
                ])
            }
            try writer.finish(footer: writer.count > 0 ? footer : nil, noRows: footer)
            return .done
        }
        let columns =
            start + [
                Column("missing", title: "MISSING", alignment: .right),
                Column("before", title: "AFTER EVENT", alignment: .right),
                Column("after", title: "BEFORE EVENT", alignment: .right),
            ]
        var writer = Rows.writer(columns, try Rows.format(context))
        for gap in found.gaps {
            try writer.add([
                .text(gap.source), .text(gap.type), .text(gap.attribute), .text(gap.prefix),
                .unsigned(gap.missing.lowerBound), .unsigned(gap.missing.upperBound),
                .unsigned(gap.count), .unsigned(gap.before), .unsigned(gap.after),
            ])
        }
        try writer.finish(footer: writer.count > 0 ? footer : nil, noRows: footer)
        return found.gaps.isEmpty ? .done : .foundWanting
    }
}
