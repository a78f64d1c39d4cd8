import Arguments
import Ledger
import POSIX
import Service
import Tables

/// The command `daybook providers`.
enum ProvidersCommand: ProgramCommand {
    static let command = Command(
        "providers",
        "lists the systems that daybook knows, and how their webhooks and APIs work",
        group: "Start",
        discussion: """
            A system's entry says how its webhooks are signed, named and timed, and how its API is \
            called. What the catalog lacks can be added as providers/NAME.yaml in the ledger's \
            folder; an entry there takes the place of one of the same name. `daybook providers \
            format` says how one is written.
            """,
        options: [Rows.formatOption],
        subcommands: [
            ProvidersShowCommand.command, ProvidersTestCommand.command,
            ProvidersFormatCommand.command,
        ],
        runsAlone: true,
        examples: [
            Example("daybook providers", "lists what `provider:` may be"),
            Example("daybook providers show xero", "says how to set Xero up, step by step"),
            Example("daybook providers test stripe", "posts a signed sample to the running server"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let rows = try ProviderCatalog(ledger: context.ledgerPath).rows()
        let isTable = try Rows.format(context) == .table
        var columns = [
            Column("provider", title: "PROVIDER", shrinking: .keep),
            Column("webhooks", title: "WEBHOOKS", shrinking: .keep),
            Column("api", title: "API", shrinking: .end),
            Column("confidence", title: "CONFIDENCE", shrinking: .keep),
            Column("about", title: "ABOUT", shrinking: .end),
        ]
        if !isTable {
            columns += ["several_events", "limits", "documented", "also"].map { Column($0) }
        }
        let cells = rows.map { row -> [Cell] in
            // A table has no room for where a token is had.
            let api = isTable ? row.api?.split(separator: ",").first.map { String($0) } : row.api
            let first: [Cell] = [
                .text(row.name), row.webhooks.map { .text($0) } ?? .absent,
                api.map { .text($0) } ?? .absent, .text(row.confidence), .text(row.about),
            ]
            guard !isTable else { return first }
            return first + [
                .boolean(row.hasParts), .text(row.limits.joined(separator: "; ")),
                .text(row.documented.joined(separator: " ")),
                .text(row.also.joined(separator: " ")),
            ]
        }
        try Rows.print(columns, cells, context)
        return .done
    }
}

/// The command `daybook providers show`.
enum ProvidersShowCommand: ProgramCommand {
    static let path = ["providers", "show"]
    static let command = Command(
        "show",
        "explains one system: what to configure where, and what is known of it",
        operands: [Operand("NAME", "a system of the catalog")],
        examples: [Example("daybook providers show xero", "explains Xero")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let name = context.invocation.string("NAME") ?? ""
        // Without a ledger the catalog explains itself as well.
        let base = try? Configuration.load(ledger: context.ledgerPath).publicURL
        let sections = try ProviderCatalog(ledger: context.ledgerPath)
            .sections(about: name, base: base)
        let width = min(StandardStream.output.columns ?? 80, 100)
        var text = ""
        for section in sections {
            text += text.isEmpty ? "\(section.title)\n" : "\n\(section.title)\n"
            let column = section.lines.map(\.name.count).max() ?? 0
            for line in section.lines {
                let indent = column == 0 ? 2 : column + 4
                let name = line.name + String(repeating: " ", count: column - line.name.count)
                let lead = column == 0 ? "  " : "  \(name)  "
                text += lead + wrapped(line.text, indent: indent, width: width) + "\n"
            }
        }
        try StandardStream.output.write(text)
        return .done
    }

    /// A text in lines of `width`, those after the first indented; one that begins with spaces, or
    /// is something to copy, stays as it is.
    private static func wrapped(_ text: String, indent: Int, width: Int) -> String {
        if text.hasPrefix(" ") || text.hasSuffix(":") { return text }
        var lines = [""]
        for word in text.split(separator: " ") {
            let last = lines[lines.count - 1]
            if last.isEmpty {
                lines[lines.count - 1] = String(word)
            } else if indent + last.count + 1 + word.count <= width {
                lines[lines.count - 1] += " \(word)"
            } else {
                lines.append(String(word))
            }
        }
        return lines.joined(separator: "\n" + String(repeating: " ", count: indent))
    }
}

/// The command `daybook providers test`.
enum ProvidersTestCommand: ProgramCommand {
    static let path = ["providers", "test"]
    static let command = Command(
        "test",
        "posts a correctly signed sample to the running server and shows what became of it",
        discussion: """
            The sample is signed with the secret of the source in daybook.yaml, so what is tested \
            is the configuration as it is. The event is recorded as any other.
            """,
        options: [
            Option("url", "where the server listens", value: "URL", default: "as configured"),
            Option("again", "posts the same request a second time, as a provider that retries"),
            Option(
                "key",
                "a private key in PEM, for providers that sign with their own",
                value: "FILE",
                kind: .file
            ),
        ],
        operands: [Operand("NAME", "a provider, or a source of daybook.yaml")],
        examples: [
            Example("daybook providers test stripe", "posts a payment"),
            Example(
                "daybook providers test xero --again",
                "shows that a redelivery is a duplicate"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let trial = try ProviderTrial(
            ledger: context.ledgerPath,
            try Configuration.load(ledger: context.ledgerPath),
            name: context.invocation.string("NAME") ?? "",
            base: context.invocation.string("url")
        )
        let key = try context.invocation.string("key").map { try Files.read($0, limit: 1 << 16) }
        let outcomes = try trial.run(times: context.invocation.flag("again") ? 2 : 1, key: key)
        var rows: [[Cell]] = []
        for outcome in outcomes {
            if outcome.lines.isEmpty { rows.append([.integer(Int64(outcome.status))]) }
            for bytes in outcome.lines {
                let line = Line(bytes.span)
                rows.append([.integer(Int64(outcome.status))] + attributes.map { cell(line, $0) })
            }
        }
        let columns =
            [Column("status", title: "STATUS", alignment: .right)]
            + attributes.map { Column($0.name, title: $0.name.uppercased()) }
        try Rows.print(
            columns,
            rows.map { $0 + Array(repeating: .absent, count: columns.count - $0.count) },
            context
        )
        let isGood = outcomes.allSatisfy { (200..<300).contains($0.status) }
        return isGood ? .done : .foundWanting
    }

    private static let attributes: [Attribute] = [
        .sequence, .kind, .type, .time, .subject, .outcome, .authtype, .id, .reason,
    ]

    private static func cell(_ line: borrowing Line, _ attribute: Attribute) -> Cell {
        guard let text = line.text(attribute) else { return .absent }
        return attribute == .sequence ? .unsigned(line.sequence ?? 0) : .text(text)
    }
}

/// The command `daybook providers format`.
enum ProvidersFormatCommand: ProgramCommand {
    static let path = ["providers", "format"]
    static let command = Command(
        "format",
        "says how an entry of the catalog is written",
        examples: [Example("daybook providers format", "prints the reference")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        try StandardStream.output.write(ProviderCatalog.format.span)
        return .done
    }
}
