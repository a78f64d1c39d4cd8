import Arguments
import Audit
import POSIX
import Projections
import Tables

/// The command `daybook trace`.
enum TraceCommand: ProgramCommand {
    static let readsLog = true
    static let command = Command(
        "trace",
        "shows the tree of causes and effects around an event",
        group: "Look",
        discussion: """
            Goes up from the event to its first cause, and shows all that followed from that: events, \
            and what each changed in the rows of projections. As json it is one nested object, as \
            ndjson and csv a line an event with its depth, as mermaid or dot a drawing for wikis and \
            Graphviz. What was sent more than once is counted at the event that it repeats.
            """,
        options: [formatOption],
        operands: [Operand("SEQ", "the event's sequence", kind: .natural)],
        examples: [
            Example("daybook trace 1204", "why event 1204 is there, and what came of it"),
            Example("daybook trace 1204 --format json", "hands the tree to another program"),
            Example(
                "daybook trace 1204 --format dot | dot -Tsvg -o 1204.svg",
                "draws it with Graphviz"
            ),
        ]
    )

    private static let formatOption = Option(
        "format",
        "how the tree is shown",
        value: "FORMAT",
        kind: .choice(
            OutputFormat.allCases.map(\.rawValue)
                + TraceDiagram.Language.allCases.map(\.rawValue)
        ),
        default: "table on a terminal, else ndjson"
    )

    static func run(_ context: Context) throws -> ExitStatus {
        let sequence = UInt64(context.invocation.integer("SEQ") ?? 0)
        let views = try openViews(context)
        let progress = ProgressPrinter("trace", unit: "events")
        let root = try views.trace(sequence, progress: progress.show)
        progress.clear()
        let format = context.invocation.string("format")
        if let language = format.flatMap({ TraceDiagram.Language(rawValue: $0) }) {
            try StandardStream.output.write(TraceDiagram.text(root, in: language))
            return .done
        }
        switch try Rows.format(context) {
        case .table:
            Rows.count(rows(root, depth: 0, cause: nil).count)
            let tree = TraceTree(colours: Colours(on: StandardStream.output.isTerminal))
            try StandardStream.output.write(tree.text(root))
        case .json:
            Rows.count(rows(root, depth: 0, cause: nil).count)
            try StandardStream.output.write(object(root) + "\n")
        case .ndjson, .csv:
            let names = ["depth", "cause"] + fields(root).map(\.0)
            try Rows.print(names.map { Column($0) }, rows(root, depth: 0, cause: nil), context)
        }
        return .done
    }

    private static func fields(_ node: TraceNode) -> [(String, Cell)] {
        [
            ("sequence", .unsigned(node.sequence)),
            ("asked", .boolean(node.isAsked)),
            ("recorded", ProjectionCells.cell(node.recorded, .json)),
            ("source", .text(node.source)),
            ("type", .text(node.type)),
            ("id", .text(node.id)),
            ("subject", node.subject.map { .text($0) } ?? .absent),
            ("outcome", .text(node.outcome)),
            ("resends", .json(ProjectionCells.array(node.resends.map(resend)))),
            ("effects", .json(ProjectionCells.json(node.effects))),
        ]
    }

    private static func resend(_ resend: Resends) -> String {
        ProjectionCells.object([
            ("what", .text(resend.what)), ("count", .unsigned(UInt64(resend.count))),
            ("failed", .unsigned(UInt64(resend.failed))),
        ])
    }

    private static func object(_ node: TraceNode) -> String {
        let children = ProjectionCells.array(node.children.map(object))
        return ProjectionCells.object(fields(node) + [("children", .json(children))])
    }

    private static func rows(_ node: TraceNode, depth: UInt64, cause: UInt64?) -> [[Cell]] {
        let place: [Cell] = [.unsigned(depth), cause.map { .unsigned($0) } ?? .absent]
        return [place + fields(node).map(\.1)]
            + node.children.flatMap { rows($0, depth: depth + 1, cause: node.sequence) }
    }
}

/// A tree of causes and effects, drawn for people.
private struct TraceTree {
    let colours: Colours

    func text(_ root: TraceNode) -> String {
        lines(root).map { $0 + "\n" }.joined()
    }

    /// A node's own line, what it did to rows, and the nodes below it.
    private func lines(_ node: TraceNode) -> [String] {
        let own = TerminalText.harmless(title(node))
        let again = node.resends.map { "  ↻ " + TerminalText.harmless(TraceDiagram.text($0)) }
        let title = own + again.joined()
        var lines = [node.isAsked ? colours.bold(title) + colours.yellow("  ◀ asked") : title]
        let bar = node.children.isEmpty ? "   " : "│  "
        for effect in node.effects {
            lines.append("\(bar)· " + TerminalText.harmless(ProjectionCells.text(effect)))
        }
        for (index, child) in node.children.enumerated() {
            let isLast = index == node.children.count - 1
            for (number, line) in self.lines(child).enumerated() {
                let start = number == 0 ? (isLast ? "└─ " : "├─ ") : (isLast ? "   " : "│  ")
                lines.append(start + line)
            }
        }
        return lines
    }

    private func title(_ node: TraceNode) -> String {
        let time = node.recorded.map(ProjectionCells.seconds) ?? ""
        let words = [
            String(node.sequence), time, node.source, node.type, node.subject ?? "", node.outcome,
            node.id,
        ]
        return words.filter { !$0.isEmpty }.joined(separator: "  ")
    }
}
