import Arguments
import Bytes
import Ledger
import POSIX
import Tables

/// The command `daybook log`.
enum LogCommand: ProgramCommand {
    static let readsLog = true
    static let keepsScope = true
    static let command = Command(
        "log",
        "lists events",
        group: "Look",
        discussion: """
            Shows the newest events that fit, oldest first. In --type and --subject a * stands for \
            any text.
            """,
        options: LogFilters.options + [
            Option(
                "limit",
                "at most so many, 0 for all",
                short: "n",
                value: "N",
                kind: .natural,
                default: "50 on a terminal, else all"
            ),
            Option("follow", "goes on with new events as they come", short: "f"),
            Rows.formatOption,
        ],
        examples: [
            Example("daybook log", "shows the last 50 events"),
            Example("daybook log --source stripe --type 'charge.*' --since 2h", "filters"),
            Example("daybook log --outcome rejected --format csv", "what was refused, as CSV"),
            Example("daybook log --follow", "shows events as they come in"),
        ]
    )

    static func streams(_ invocation: Invocation) -> Bool { invocation.flag("follow") }

    static func run(_ context: Context) throws -> ExitStatus {
        let query = try query(context)
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let format = try Rows.format(context)
        var writer = Rows.writer(columns(format), format)
        var next = try list(ledger, query, format, &writer)
        guard context.invocation.flag("follow") else {
            try writer.finish()
            return .done
        }
        try writer.flush()
        while true {
            sleepMilliseconds(200)
            next = try ledger.read { snapshot in
                let size = try snapshot.size
                try snapshot.forEachLine(from: next) { _, line in
                    if query.matches(line) { try writer.add(row(line, format)) }
                    return true
                }
                return size
            }
            try writer.flush()
        }
    }

    private static func query(_ context: Context) throws -> LogQuery {
        var query = try LogFilters.query(context)
        query.scope = try context.eventScope()
        let limit = context.invocation.integer("limit")
        query.limit = limit ?? (StandardStream.output.isTerminal ? 50 : 0)
        if query.limit == 0 { query.limit = nil }
        return query
    }

    /// Lists what there is; the sequence at which following goes on.
    private static func list(
        _ ledger: Ledger,
        _ query: LogQuery,
        _ format: OutputFormat,
        _ writer: inout RowWriter<SystemError>
    ) throws -> UInt64 {
        try ledger.read { snapshot in
            let size = try snapshot.size
            if let limit = query.limit {
                for sequence in try query.newest(limit, in: snapshot) {
                    if let line = try snapshot.line(at: sequence) {
                        try writer.add(row(line, format))
                    }
                }
            } else {
                let range = try query.range(in: snapshot)
                try snapshot.forEachLine(from: range.lowerBound) { sequence, line in
                    guard sequence < range.upperBound else { return false }
                    if query.matches(line) { try writer.add(row(line, format)) }
                    return true
                }
            }
            return size
        }
    }

    /// A table shows what fits a terminal; the other formats have every attribute.
    private static func columns(_ format: OutputFormat) -> [Column] {
        guard format == .table else {
            return Attribute.allCases.map { Column($0.name) }
        }
        return [
            Column("sequence", title: "SEQ", alignment: .right),
            Column("recordedtime", title: "RECORDED", shrinking: .keep),
            Column("source", title: "SOURCE"),
            Column("type", title: "TYPE", shrinking: .keep),
            Column("subject", title: "SUBJECT", shrinking: .middle),
            Column("outcome", title: "OUTCOME", shrinking: .keep),
            Column("id", title: "ID", shrinking: .middle),
            Column("detail", title: "DETAIL", shrinking: .end),
        ]
    }

    private static func row(_ line: borrowing Line, _ format: OutputFormat) -> [Cell] {
        guard format == .table else {
            return Attribute.allCases.map { cell(line, $0) }
        }
        return [
            .unsigned(line.sequence ?? 0),
            .text(String((line.text(.recordedtime) ?? "").prefix(19)) + "Z"),
            cell(line, .source), cell(line, .type), cell(line, .subject), cell(line, .outcome),
            cell(line, .id), detail(line),
        ]
    }

    /// What was called and how that was answered, and the reason where there is one.
    private static func detail(_ line: borrowing Line) -> Cell {
        var words: [String] = []
        for attribute in [Attribute.method, .path, .status] {
            if let text = line.text(attribute) { words.append(text) }
        }
        if let reason = line.text(.reason) { words.append(reason) }
        return words.isEmpty ? .absent : .text(words.joined(separator: " "))
    }

    private static func cell(_ line: borrowing Line, _ attribute: Attribute) -> Cell {
        guard let text = line.text(attribute) else { return .absent }
        if attribute.isInteger, let number = Int64(text) { return .integer(number) }
        return .text(text)
    }
}
