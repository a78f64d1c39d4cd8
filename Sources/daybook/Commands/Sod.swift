import Arguments
import Audit
import Ledger
import POSIX
import Tables

/// The command `daybook sod`.
enum SodCommand: ProgramCommand {
    static let readsLog = true
    static let command = Command(
        "sod",
        "shows who did what to the book, and duties that were in one hand",
        group: "Audit",
        discussion: """
            Segregation of duties: how often each actor did each thing, and below it what breaks a \
            rule. A token counts as its maker's hand, too. As json, ndjson and csv the matrix is \
            shown, with --conflicts the conflicts. Exit status 1 if there are any.
            """,
        options: SelectionOptions.options + [
            Option("conflicts", "only what breaks a rule"), Rows.formatOption,
        ],
        examples: [
            Example("daybook sod --period 2026", "a year's matrix, and its conflicts"),
            Example("daybook sod --conflicts --format csv", "the conflicts alone, as CSV"),
        ],
        notes: [
            Note(
                "Rules",
                [
                    "close-and-reopen": "who closes a period does not reopen it",
                    "own-approval": "who asks for a correction does not approve it",
                    "own-promotion": "who writes a definition does not promote it",
                    "erase-and-export": "who erases does not export evidence",
                    "release-and-erase": "who releases a hold does not erase",
                    "correct-and-close": "who corrects does not close periods",
                    "key-and-erase": "who changes the signing key does not erase",
                    "own-token": "who makes a token does not use it",
                ]
            )
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let selection = try context.selection()
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let matrix = try DutyMatrix(selection, in: ledger)
        let format = try Rows.format(context)
        let onlyConflicts = context.invocation.flag("conflicts")
        if !onlyConflicts { try print(matrix, format) }
        if onlyConflicts || (format == .table && !matrix.conflicts.isEmpty) {
            if !onlyConflicts { try StandardStream.output.write("\n") }
            try print(matrix.conflicts, format)
        }
        return matrix.conflicts.isEmpty ? .done : .foundWanting
    }

    private static func print(_ matrix: DutyMatrix, _ format: OutputFormat) throws {
        let duties = Duty.allCases
        let columns =
            [Column("actor", title: "ACTOR", shrinking: .keep)]
            + duties.map {
                Column($0.rawValue, title: $0.rawValue.uppercased(), alignment: .right)
            }
        var writer = Rows.writer(columns, format)
        for actor in matrix.actors {
            let counts = duties.map { matrix.counts[actor]?[$0] ?? 0 }
            let cells: [Cell] = counts.map {
                $0 == 0 && format == .table ? .absent : .integer(Int64($0))
            }
            try writer.add([.text(actor)] + cells)
        }
        try writer.finish(noRows: "nobody did any of it")
    }

    private static func print(_ conflicts: [DutyConflict], _ format: OutputFormat) throws {
        var writer = Rows.writer(
            [
                Column("rule", title: "CONFLICT", shrinking: .keep),
                Column("who", title: "WHO"), Column("subject", title: "SUBJECT"),
                Column("events", title: "EVENTS"),
            ],
            format
        )
        for conflict in conflicts {
            try writer.add([
                .text(conflict.rule), .text(conflict.who.joined(separator: ", ")),
                conflict.subject.isEmpty ? .absent : .text(conflict.subject),
                .text(conflict.events.map(String.init).joined(separator: ", ")),
            ])
        }
        try writer.finish(noRows: "no conflicts")
    }
}
