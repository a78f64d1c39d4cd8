import Arguments
import Audit
import Ledger
import Service
import Tables

/// The command `daybook changes`.
enum ChangesCommand: ProgramCommand {
    static let readsLog = true
    static let command = Command(
        "changes",
        "lists changes of configuration, definitions, keys, tokens, holds and closes",
        group: "Audit",
        discussion: """
            Each with who made it, when, the hash or version before and after, and the git revision \
            where daybook.yaml lies in a repository. Flags say what to look at first: \
            "self-approved" (who wrote a definition promoted it, who asked for a correction \
            approved it), "not committed" (daybook.yaml changed and the revision did not), "nobody \
            named", and "outside the tool": the configuration or the tokens are now other than the \
            log says, which stands last and without a sequence.
            """,
        options: SelectionOptions.options + [
            Option("flagged", "only those with a flag"), ProjectionOptions.limit,
            Rows.formatOption,
        ],
        examples: [
            Example("daybook changes --period 2026-Q3", "what changed during a quarter"),
            Example("daybook changes --flagged", "what somebody should explain"),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let selection = try context.selection()
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        var entries = try ChangeList.list(selection, in: ledger)
        // What no event tells of belongs to now, which a stretch that is over does not hold.
        let isOpen = selection.query.until == nil && selection.end == nil
        if isOpen, selection.query.conditions.isEmpty {
            let tokens = try TokenRegister(ledger: context.ledgerPath).list()
            entries += try OutsideChanges.list(
                configuration: Configuration.file(context.ledgerPath),
                tokens: tokens.map {
                    .init(name: $0.name, role: $0.role.rawValue, isRevoked: $0.revoked != nil)
                },
                in: ledger
            )
        }
        if context.invocation.flag("flagged") { entries = entries.filter { !$0.flags.isEmpty } }
        let shown = context.limit.map { entries.suffix($0) } ?? entries[...]
        let format = try Rows.format(context)
        var writer = Rows.writer(columns, format)
        for entry in shown { try writer.add(cells(entry, format)) }
        try writer.finish(
            footer: shown.count < entries.count ? "\(shown.count) of \(entries.count)" : nil,
            noRows: "nothing changed"
        )
        return .done
    }

    private static let columns = [
        Column("sequence", title: "SEQ", alignment: .right, shrinking: .keep),
        Column("recorded", title: "RECORDED", shrinking: .keep),
        Column("what", title: "WHAT", shrinking: .keep),
        Column("subject", title: "SUBJECT", shrinking: .middle),
        Column("who", title: "WHO", shrinking: .keep),
        Column("before", title: "BEFORE", shrinking: .end),
        Column("after", title: "AFTER", shrinking: .end),
        Column("approver", title: "APPROVER"),
        Column("revision", title: "REVISION", shrinking: .end),
        Column("flags", title: "FLAGS", shrinking: .keep),
        Column("detail", title: "DETAIL", shrinking: .end),
    ]

    /// A table shows the first digits of a hash.
    private static let shownDigits = 12

    private static func cells(_ entry: ChangeEntry, _ format: OutputFormat) -> [Cell] {
        let isTable = format == .table
        func hash(_ text: String?) -> Cell {
            guard let text else { return .absent }
            return .text(isTable && text.count > 32 ? String(text.prefix(shownDigits)) : text)
        }
        return [
            entry.sequence.map { .unsigned($0) } ?? .absent,
            ProjectionCells.cell(entry.time, format),
            .text(entry.what), .text(entry.subject), text(entry.who), hash(entry.before),
            hash(entry.after), text(entry.approver), hash(entry.revision),
            entry.flags.isEmpty
                ? .absent : .text(entry.flags.map(\.rawValue).joined(separator: ", ")),
            text(entry.detail),
        ]
    }

    private static func text(_ text: String?) -> Cell { text.map { .text($0) } ?? .absent }
}
