import Arguments
import POSIX
import Projections
import Tables

/// The command `daybook projections check`.
enum ProjectionsCheckCommand: ProgramCommand {
    static let path = ["projections", "check"]
    static let command = Command(
        "check",
        "reads definitions and runs their cases in many orders",
        discussion: """
            Reads projections/NAME/projection.yaml and runs the stories of \
            projections/NAME/cases/*.yaml, each in many orders of arrival and with repeats. Exit \
            status 1 if a case fails, 2 if a file cannot be read as what it is: then its line and \
            column are named.
            """,
        options: [
            Option(
                "folder",
                "the folder that holds projections/",
                value: "DIR",
                kind: .directory,
                default: "the ledger's"
            ),
            Rows.formatOption,
        ],
        operands: [Operand("NAME", "only these projections", .zeroOrMore)],
        examples: [
            Example("daybook projections check", "checks every projection of the ledger"),
            Example("daybook projections check order-status --folder .", "checks a checkout"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let checks = try checks(context)
        let format = try Rows.format(context)
        if format == .table {
            try Rows.print(columns, checks.map(cells), context)
            try StandardStream.output.write(failures(checks))
        } else {
            try Rows.print(
                columns + [Column("failed")],
                checks.map { cells($0) + [.json(failed($0))] },
                context
            )
        }
        return checks.allSatisfy(\.holds) ? .done : .foundWanting
    }

    private static func checks(_ context: Context) throws -> [ProjectionCheck] {
        let all: [ProjectionCheck]
        do {
            all = try ProjectionCheck.run(
                folder: context.invocation.string("folder") ?? context.ledgerPath
            )
        } catch {
            // Whatever cannot be read is for whoever wrote it to mend.
            throw UsageProblem("\(error)")
        }
        let names = context.invocation.all("NAME")
        let known = all.map(\.definition.name)
        for name in names where !known.contains(name) {
            throw ViewError.unknown(name: name, known: known)
        }
        return all.filter { names.isEmpty || names.contains($0.definition.name) }
    }

    private static let columns = [
        Column("name", title: "NAME", shrinking: .keep),
        Column("version", title: "VERSION", alignment: .right),
        Column("cases", title: "CASES", alignment: .right),
        Column("orders", title: "ORDERS", alignment: .right),
        Column("failures", title: "FAILURES", alignment: .right),
        Column("file", title: "FILE", shrinking: .middle),
    ]

    private static func cells(_ check: ProjectionCheck) -> [Cell] {
        let orders = check.cases.reduce(0) { $0 + $1.orders }
        let failures = check.cases.count { !$0.holds }
        return [
            .text(check.definition.name), .integer(Int64(check.definition.version)),
            .integer(Int64(check.cases.count)), .integer(Int64(orders)),
            .integer(Int64(failures)), .text(check.file),
        ]
    }

    /// The cases that fail, for people.
    private static func failures(_ checks: [ProjectionCheck]) -> String {
        var text = ""
        for report in checks.flatMap(\.cases) where !report.holds {
            text += "\n\(report.file):\(report.line): "
            text += "\(TerminalText.harmless(report.name)): fails in \(report.failedOrders) of "
            text += "\(report.orders) orders\n"
            for failure in report.failures {
                text += "  \(TerminalText.harmless(failure.description))\n"
            }
        }
        return text
    }

    /// The cases that fail, as JSON.
    private static func failed(_ check: ProjectionCheck) -> String {
        ProjectionCells.array(
            check.cases.filter { !$0.holds }.flatMap { report in
                report.failures.map { failure in
                    ProjectionCells.object([
                        ("file", .text(report.file)), ("line", .integer(Int64(report.line))),
                        ("case", .text(report.name)), ("failure", .text(failure.description)),
                    ])
                }
            }
        )
    }
}
