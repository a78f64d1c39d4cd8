import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook sample`.
enum SampleCommand: ProgramCommand {
    static let command = Command(
        "sample",
        "draws events by a seed, so that anyone can draw them again",
        group: "Prove",
        discussion: """
            An event's lot is SHA-256 of the seed's UTF-8, a zero byte and the event's sequence as 8 \
            bytes, the most significant first; the events with the smallest lots are drawn. In \
            Python: hashlib.sha256(seed.encode() + b"\\0" + sequence.to_bytes(8, "big")).hexdigest()

            With --stratify amount the events are sorted by the first amount that they say, then by \
            sequence, and cut per currency into --strata bands whose sizes differ by one at most; \
            events without an amount are a stratum of their own. Each gets its share of N in \
            proportion to its size, by the largest remainder.

            The population is a file of "daybook population", which must be of this log, or what \
            the options select. The report is an event of the log, recorded first.
            """,
        options: [
            Option(
                "n",
                "how many events are drawn",
                value: "N",
                kind: .integer(1...SampleQuery.countLimit),
                default: "25"
            ),
            Option("seed", "any text, agreed on before", value: "TEXT", isRequired: true),
            Option("population", "draws from this population", value: "FILE", kind: .file),
            Option("stratify", "cuts strata by this", value: "BY", kind: .choice(["amount"])),
            Option(
                "strata",
                "into so many bands per currency",
                value: "N",
                kind: .integer(1...SampleQuery.bandLimit),
                default: "4"
            ),
            Option("proofs", "writes each line and its proof here", value: "DIR", kind: .directory),
        ] + SelectionOptions.options + [Reports.size] + ReportOutput.options
            + [Rows.formatOption],
        examples: [
            Example(
                "daybook sample --population q3.json --n 25 --seed FY26-Q3 --proofs proofs",
                "25 events of a population, each with its proof"
            ),
            Example(
                "daybook sample --period 2026-10 --n 40 --seed FY26-10 --stratify amount",
                "large and small amounts alike"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        if let path = context.invocation.string("out") {
            try ReportOutput.check(path, force: context.invocation.flag("force"))
        }
        let file = try populationFile(context)
        let query = try query(context, file)
        let size = file?.size ?? context.invocation.integer("at").map { UInt64($0) }
        return try Reports.open(context) { views in
            try file?.require(of: views.ledger)
            let sample = try Sample(query, size: size, views: views)
            if let file, file.events != sample.population {
                throw AuditProblem.refused(
                    "the population was changed: it says \(file.events) events, the log has "
                        + "\(sample.population) that fit \"\(query.selection.text)\""
                )
            }
            let record = try Reports.record(
                sample.record(
                    tool: Program.tool,
                    actor: context.actor(),
                    purpose: context.purpose()
                ),
                in: views.ledger
            )
            if let folder = context.invocation.string("proofs") {
                let force = context.invocation.flag("force")
                try sample.writeProofs(to: folder, from: views.ledger, replaces: force)
            }
            try Reports.show(sample.json(record), record, context) { try show(sample, context) }
            return .done
        }
    }

    private static func populationFile(_ context: Context) throws -> PopulationFile? {
        guard let path = context.invocation.string("population") else { return nil }
        let names = SelectionOptions.options.map(\.name) + ["at"]
        if let other = names.first(where: context.invocation.flag) {
            throw UsageProblem("--population says which events there are, and so does --\(other)")
        }
        let bytes = try Files.read(path, limit: PopulationFile.limit)
        do {
            return try PopulationFile(bytes.span)
        } catch {
            throw AuditProblem.usage("\(path): \(error)")
        }
    }

    private static func query(_ context: Context, _ file: PopulationFile?) throws -> SampleQuery {
        let bands = context.invocation.integer("strata")
        let isStratified = context.invocation.string("stratify") != nil
        guard isStratified || bands == nil else {
            throw UsageProblem("--strata needs --stratify amount")
        }
        return try SampleQuery(
            count: context.invocation.integer("n") ?? 25,
            seed: context.invocation.string("seed") ?? "",
            bands: isStratified ? bands ?? 4 : nil,
            population: file?.report,
            selection: try file?.selection ?? context.selection()
        )
    }

    private static let columns = [
        Column("sequence", title: "SEQ", alignment: .right),
        Column("recordedtime", title: "RECORDED", shrinking: .keep),
        Column("source", title: "SOURCE"),
        Column("type", title: "TYPE", shrinking: .keep),
        Column("subject", title: "SUBJECT", shrinking: .middle),
        Column("id", title: "ID", shrinking: .middle),
        Column("amount", title: "AMOUNT", alignment: .right, shrinking: .keep),
        Column("currency", title: "CUR"),
        Column("stratum", title: "STRATUM"),
        Column("leafhash", title: "LEAF"),
        Column("bodyhash", title: "BODY"),
        Column("lot", title: "LOT"),
    ]

    private static func show(_ sample: Sample, _ context: Context) throws {
        let format = try Rows.format(context)
        // A table is for looking at; its hashes are cut where each row would take three lines.
        func cell(_ hash: Hash256) -> Cell {
            .text(format == .table ? String(hash.description.prefix(12)) : hash.description)
        }
        var writer = Rows.writer(columns, format)
        for row in sample.rows {
            try writer.add([
                .unsigned(row.sequence), .text(row.recorded), .text(row.source), .text(row.type),
                row.subject.map { .text($0) } ?? .absent, .text(row.id),
                row.amount.map { .text($0.currency.decimal(Int128($0.amount))) }
                    ?? .absent,
                row.amount.map { .text($0.currency.text) } ?? .absent, .text(row.stratum),
                cell(row.leafHash), row.bodyHash.map(cell) ?? .absent, cell(row.lot),
            ])
        }
        let all = sample.rows.count < sample.query.count ? ": all there are" : ""
        try writer.finish(
            footer: "\(sample.rows.count) of \(sample.population) events at size \(sample.size)"
                + all
        )
    }
}
