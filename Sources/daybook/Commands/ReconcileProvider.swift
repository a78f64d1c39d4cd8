import Arguments
import Audit
import Bytes
import Ledger
import POSIX
import Projections
import Tables

/// The command `daybook reconcile provider`.
enum ReconcileProviderCommand: ProgramCommand {
    static let path = ["reconcile", "provider"]

    static let command = Command(
        "provider",
        "compares a provider's own list with the log",
        discussion: """
            Lists what the provider's list has and the log has not (missing), what the log has and \
            the list has not (extra), and what both have with another amount, status or type \
            (different); also what stands twice in the list and what of it cannot be read.

            The list is a CSV export (first line: names of columns), NDJSON, a JSON list, or an \
            object with a list "data" as Stripe answers; Stripe's event objects are recognised and \
            need no columns. A column of JSON is a member's name or a JSON Pointer. Ids are \
            compared with those of SOURCE's events or, with --rows, with the keys of a \
            projection's rows that SOURCE's events shaped.

            --through-gateway fetches Stripe's list of events page by page through a running \
            server, which adds the credentials and records each call. Its token, of the role \
            gateway, is read from --gateway-token-file or $DAYBOOK_GATEWAY_TOKEN.

            --append appends a fact for each missing record, with the source reconcile:SOURCE and \
            the provider's id, type and time; the record is its content. Projections read such \
            facts only by a rule that names that source, so that a webhook which comes after all \
            counts once. Running it again appends nothing twice.

            Times choose by when things occurred. The report is recorded before it is shown. Exit \
            status 1 if anything differs.
            """,
        options: [
            Option("list", "the provider's list", value: "FILE", kind: .file),
            Option("through-gateway", "fetch it by way of this server", value: "URL"),
            Option(
                "service",
                "the gateway's name of the service",
                value: "NAME",
                default: "SOURCE"
            ),
            Option("gateway-token-file", "a file with the token", value: "FILE", kind: .file),
            Option("id", "the column of ids", value: "COLUMN"),
            Option("amount", "the column of amounts", value: "COLUMN"),
            Option("minor", "amounts are in the smallest unit, such as cents"),
            Option("currency", "the column of currencies, or one for all", value: "COLUMN|CODE"),
            Option("status", "the column of statuses", value: "COLUMN"),
            Option("map", "their status and ours", value: "THEIRS=OURS", repeats: true),
            Option("event-type", "the column of types", value: "COLUMN"),
            Option("time", "the column of times", value: "COLUMN"),
            Option("period", "of this year, quarter, month or day", value: "PERIOD"),
            Option("type", "of this type, on both sides", value: "GLOB"),
            Option("rows", "compare rows of this projection, not events", value: "PROJECTION"),
            Option("key-prefix", "what keys have before the id, such as pi:", value: "TEXT"),
            Option("our-amount", "the rows' column of amounts", value: "NAME", default: "amount"),
            Option("our-status", "the rows' column of statuses", value: "NAME", default: "status"),
            Option("tolerance", "amounts may differ by this much", value: "AMOUNT", default: "0"),
            Option("append", "append what is missing as facts"),
            Option("summary", "instead counts and sums"),
            ProjectionOptions.limit,
            Rows.formatOption,
        ],
        operands: [Operand("SOURCE", "the source whose events are compared")],
        examples: [
            Example(
                "daybook reconcile provider stripe --list events.json --period 2026-10",
                "compares a list of Stripe's events"
            ),
            Example(
                "daybook reconcile provider stripe --list payments.csv --id id --amount Amount "
                    + "--currency Currency --status Status --map succeeded=paid --rows payments "
                    + "--key-prefix pi:",
                "compares an export of payments with what became of them"
            ),
            Example(
                "daybook reconcile provider stripe --through-gateway http://127.0.0.1:8080 "
                    + "--append",
                "fetches the list, and appends what never came in"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let query = try ProviderQuestion.query(context)
        let list = try ProviderQuestion.list(context, query)
        let ledger = try Reports.ledger(context)
        defer { ledger.close() }
        let appends = context.invocation.flag("append")
        if appends, ledger.writer == nil { throw AppendError.stopped }
        let views = try Views(ledger)
        let size = try ledger.read { try $0.size }
        let progress = ProgressPrinter("compare", unit: "events")
        let result = try ProviderReconciliation(
            list,
            query,
            size: size,
            views: views,
            progress: progress.show
        )
        progress.clear()
        let report = try Reports.record(
            ReportRecord(
                kind: "reconcile",
                query: "\(query.text) \(list.columns.text) list=\(list.digest)",
                size: size,
                rows: UInt64(result.differences.count),
                definitions: try views.definitions(query.rows.map { [$0.projection] } ?? []),
                tool: Program.tool,
                actor: try context.actor(),
                purpose: context.purpose()
            ),
            in: ledger
        )
        if result.events == 0 {
            try? StandardStream.error.write(
                "daybook: the log has no event of the source \(query.source)\n"
            )
        }
        if context.invocation.flag("summary") {
            try ProviderTables.summarize(result, context)
        } else {
            try ProviderTables.list(result, context)
        }
        if appends {
            let done = try result.appendMissing(of: list, to: ledger, report: report)
            try? StandardStream.error.write(
                "daybook: appended \(done.appended) facts of "
                    + "\(ProviderQuery.factSource(query.source)), \(done.duplicates) were there\n"
            )
        }
        return result.isClean ? .done : .foundWanting
    }
}

/// What `daybook reconcile provider` was asked.
private enum ProviderQuestion {
    static func query(_ context: Context) throws -> ProviderQuery {
        let invocation = context.invocation
        var query = ProviderQuery(source: invocation.string("SOURCE") ?? "")
        guard SourceName.isValid(query.source) else {
            throw UsageProblem("\"\(query.source)\" is no source, expected \(SourceName.rule)")
        }
        query.period = try invocation.string("period").map { try Period($0) }
        query.type = invocation.string("type")
        query.tolerance = try invocation.string("tolerance").map { try Tolerance($0) } ?? .none
        if let projection = invocation.string("rows") {
            var rows = ProviderQuery.Rows(
                projection: projection,
                prefix: invocation.string("key-prefix") ?? ""
            )
            rows.amount = invocation.string("our-amount") ?? rows.amount
            rows.status = invocation.string("our-status") ?? rows.status
            query.rows = rows
        } else if let option = ["key-prefix", "our-amount", "our-status"].first(
            where: invocation.flag
        ) {
            throw UsageProblem("--\(option) is about rows; name their projection with --rows")
        }
        for pair in invocation.all("map") {
            let words = pair.split(separator: "=", maxSplits: 1)
            guard words.count == 2 else {
                throw UsageProblem("--map \"\(pair)\" is no pair, expected THEIRS=OURS")
            }
            query.words[String(words[0])] = String(words[1])
        }
        return query
    }

    static func list(_ context: Context, _ query: ProviderQuery) throws -> ProviderList {
        let invocation = context.invocation
        switch (invocation.string("list"), invocation.string("through-gateway")) {
        case (let file?, nil):
            let bytes = try Files.read(file, limit: ProviderList.byteLimit)
            let form = ListForm(name: file, bytes.span)
            let list = try form.read(bytes, columns(context, form, bytes))
            guard list.isJSON || query.rows != nil || list.columns.status == nil else {
                throw UsageProblem(
                    "a CSV list's statuses can be compared with rows only; name a projection with "
                        + "--rows, or leave --status out"
                )
            }
            return list
        case (nil, let gateway?):
            let progress = ProgressPrinter("fetch", unit: "events")
            let pages = ProviderPages(
                gateway: gateway,
                service: invocation.string("service") ?? query.source,
                fetch: ProviderPages.fetch(token: try token(context)),
                wait: sleepMilliseconds
            )
            let bytes = try pages.all(period: query.period, progress: progress.show)
            progress.clear()
            return try ProviderList(json: bytes, .stripeEvents)
        default: throw UsageProblem("choose one: --list FILE or --through-gateway URL")
        }
    }

    private static func columns(
        _ context: Context,
        _ form: ListForm,
        _ bytes: [UInt8]
    ) throws -> ListColumns {
        let invocation = context.invocation
        let known = form == .csv ? nil : ProviderList.knownColumns(bytes)
        guard let id = invocation.string("id") ?? known?.id else {
            throw UsageProblem("--id is missing: which column of the list has the ids?")
        }
        var columns = invocation.flag("id") ? ListColumns(id: id) : known ?? ListColumns(id: id)
        columns.type = invocation.string("event-type") ?? columns.type
        columns.status = invocation.string("status") ?? columns.status
        columns.time = invocation.string("time") ?? columns.time
        if let amount = invocation.string("amount") {
            columns.amount = amount
            columns.isMinor = invocation.flag("minor")
            columns.currency = invocation.string("currency")
            guard columns.currency != nil else {
                throw UsageProblem("--amount needs --currency: a column, or a code such as EUR")
            }
        }
        return columns
    }

    /// The token for the gateway, which is shown to it alone.
    private static func token(_ context: Context) throws -> String {
        if let file = context.invocation.string("gateway-token-file") {
            let text = String(decoding: try Files.read(file, limit: 4096), as: UTF8.self)
            return text.filter { !$0.isWhitespace }
        }
        guard let token = Process.environment("DAYBOOK_GATEWAY_TOKEN"), !token.isEmpty else {
            throw UsageProblem(
                "the gateway wants a token of the role gateway: name its file with "
                    + "--gateway-token-file, or put it into DAYBOOK_GATEWAY_TOKEN"
            )
        }
        return token
    }
}

/// How a reconciliation with a provider is shown.
private enum ProviderTables {
    static func list(_ result: ProviderReconciliation, _ context: Context) throws {
        let limit = context.limit ?? .max
        var writer = Rows.writer(columns, try Rows.format(context))
        for difference in result.differences.prefix(limit) { try writer.add(row(difference)) }
        let counts =
            "\(result.listed) listed, \(result.matched + result.appendedBefore) agree, "
            + "\(result.differences.count) do not"
        try writer.finish(
            footer: result.differences.count > limit ? "\(counts); --limit 0 shows all" : counts,
            noRows: "nothing differs: \(counts)"
        )
    }

    private static let columns = [
        Column("class", title: "CLASS", shrinking: .keep),
        Column("id", title: "ID", shrinking: .middle),
        Column("place", title: "PLACE", alignment: .right, shrinking: .keep),
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("type", title: "TYPE"),
        Column("theirs", title: "THEIRS", alignment: .right, shrinking: .keep),
        Column("ours", title: "OURS", alignment: .right, shrinking: .keep),
        Column("currency", title: "CURRENCY", shrinking: .keep),
        Column("what", title: "WHAT"),
    ]

    private static func row(_ difference: ProviderDifference) -> [Cell] {
        let currency = (difference.theirs ?? difference.ours)?.currency
        return [
            .text(difference.kind.rawValue),
            difference.id.map { .text($0) } ?? .absent,
            difference.place.map { .unsigned(UInt64($0)) } ?? .absent,
            difference.sequence.map { .unsigned($0) } ?? .absent,
            difference.type.map { .text($0) } ?? .absent,
            difference.theirs.map { .text($0.decimal) } ?? .absent,
            difference.ours.map { .text($0.decimal) } ?? .absent,
            currency.map { .text($0.text) } ?? .absent,
            .text(difference.what),
        ]
    }

    static func summarize(_ result: ProviderReconciliation, _ context: Context) throws {
        var fields: [(String, Cell)] = [
            ("listed", .unsigned(result.listed)),
            ("listed_sums", .text(result.theirs.text)),
            ("outside", .unsigned(result.outside)),
            ("agreeing", .unsigned(result.matched)),
            ("appended_before", .unsigned(result.appendedBefore)),
            ("not_comparable", .unsigned(result.uncompared)),
        ]
        for kind in ProviderDifference.Class.allCases {
            fields.append((kind.rawValue, .unsigned(result.count(kind))))
        }
        fields.append(("missing_sums", .text(result.missing.text)))
        fields.append(("source_events", .unsigned(result.events)))
        try Rows.printRecord(fields, context)
    }
}
