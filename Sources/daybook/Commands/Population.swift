import Arguments
import Audit
import Ledger
import Projections

/// The command `daybook population`.
enum PopulationCommand: ProgramCommand {
    static let command = Command(
        "population",
        "counts and sums all events that fit, for an auditor to rely on",
        group: "Prove",
        discussion: """
            Says how many events fit, the first and the last, sums of money by currency, the log's \
            size and root, the query, the definitions that the sums go by, the program, who ran it \
            and when. The report is an event of the log, recorded first; its sequence is in it. \
            A file that it wrote is what "daybook sample --population" draws from.
            """,
        options: SelectionOptions.options + [Reports.size]
            + ReportOutput.options + [Rows.formatOption],
        examples: [
            Example(
                "daybook population --period 2026-Q3 --type 'payment_intent.*' --out q3.json",
                "all payments of a quarter, as a file to draw a sample from"
            ),
            Example("daybook population --source stripe", "what came from one source, on a screen"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let selection = try context.selection()
        let size = context.invocation.integer("at").map { UInt64($0) }
        if let path = context.invocation.string("out") {
            try ReportOutput.check(path, force: context.invocation.flag("force"))
        }
        return try Reports.open(context) { views in
            let population = try Population(selection, size: size, views: views)
            let record = try Reports.record(
                population.record(
                    tool: Program.tool,
                    actor: context.actor(),
                    purpose: context.purpose()
                ),
                in: views.ledger
            )
            let bytes = population.json(record)
            try Reports.show(bytes, record, context) {
                try Reports.showFigures(Figures.list(bytes.span), context)
            }
            return .done
        }
    }
}
