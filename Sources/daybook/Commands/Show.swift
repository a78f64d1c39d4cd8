import Arguments
import Bytes
import Ledger
import POSIX
import Service
import Tables

/// The command `daybook show`.
enum ShowCommand: ProgramCommand {
    static let readsLog = true
    static let keepsScope = true
    static let command = Command(
        "show",
        "shows one event whole",
        group: "Look",
        options: [
            Option("line", "only the exact bytes that are hashed, chained and signed"),
            Option("body", "only the exact content, as it was on the wire"),
            Option("meta", "only the meta of the body: the request as it was received"),
            Rows.formatOption,
        ],
        operands: [Operand("SEQ", "the event's sequence", kind: .natural)],
        examples: [
            Example("daybook show 12", "shows event 12: its line, its request, its content"),
            Example("daybook show 12 --body | jq .", "hands the content to another program"),
            Example("daybook show 12 --line | sha256sum", "hashes the exact line"),
        ]
    )

    /// The line alone holds nothing of the body.
    static func act(_ invocation: Invocation) -> Act? {
        invocation.flag("line") ? .readEvents : .readBodies
    }

    static func run(_ context: Context) throws -> ExitStatus {
        let sequence = UInt64(context.invocation.integer("SEQ") ?? 0)
        let ledger = try Ledger(path: context.ledgerPath, options: .init(appends: false))
        let event = try ledger.event(at: sequence)
        if let scope = try context.eventScope(), !scope.permits(Line(event.line.span)) {
            throw context.outOfScope("event \(sequence)")
        }
        Rows.count()
        if context.invocation.flag("line") {
            try StandardStream.output.write(event.line.span)
        } else if context.invocation.flag("body") {
            guard let content = event.content else { throw UsageProblem(event.bodyAbsence) }
            try StandardStream.output.write(content.span)
        } else if context.invocation.flag("meta") {
            guard let meta = event.meta else { throw UsageProblem(event.bodyAbsence) }
            try StandardStream.output.write((meta + [10]).span)
        } else {
            try Rows.printRecord(fields(event), context, counts: false)
        }
        return .done
    }

    private static func fields(_ event: StoredEvent) -> [(String, Cell)] {
        var fields: [(String, Cell)] = []
        Line(event.line.span).forEach { name, text, isNumber in
            fields.append((name, isNumber ? .integer(Int64(text) ?? 0) : .text(text)))
        }
        fields.append(("leafhash", .text(event.leafHash.description)))
        if let meta = event.meta { fields.append(("meta", .json(String(repairing: meta.span)))) }
        if let content = event.content {
            if UTF8Check.isValid(content.span) {
                fields.append(("content", .text(String(repairing: content.span))))
            } else {
                fields.append(("content_base64", .text(Base64.encode(content.span))))
            }
        }
        return fields
    }
}
