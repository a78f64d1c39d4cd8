internal import Bytes
package import Projections
internal import Tables

/// A tree of causes and effects as a drawing that other programs render.
///
/// Texts of events are never trusted: whatever could end a label, open a tag or begin a command
/// is escaped, and long ones are cut.
package struct TraceDiagram {
    /// What it is written in.
    package enum Language: String, CaseIterable, Sendable {
        /// A flowchart of Mermaid, which wikis and code hosts draw.
        case mermaid
        /// Graphviz.
        case dot
    }

    /// Nodes that are drawn: beyond so many no drawing is readable, and some renderers give up.
    static let nodeLimit = 400
    /// Characters of one line of a label.
    static let labelCharacters = 80

    private let language: Language
    private var body = ""
    private var nodes = 0
    /// What the limit left out.
    private var leftOut = 0

    /// The drawing's text, with a newline at its end.
    package static func text(_ root: TraceNode, in language: Language) -> String {
        var diagram = TraceDiagram(language: language)
        diagram.draw(root, below: nil)
        if diagram.leftOut > 0 {
            diagram.node("rest", ["and \(diagram.leftOut) more"], .event)
        }
        return diagram.whole
    }

    private init(language: Language) {
        self.language = language
    }

    private enum Style {
        case event, asked, failed, effect
    }

    // MARK: - The tree

    private mutating func draw(_ node: TraceNode, below parent: UInt64?) {
        guard nodes < Self.nodeLimit else {
            leftOut += 1 + node.effects.count
            for child in node.children { draw(child, below: nil) }
            return
        }
        let name = "e\(node.sequence)"
        var lines = ["\(node.sequence) \(node.source) \(node.type)"]
        let about = [node.subject, node.outcome, node.recorded.map(Self.seconds)]
        lines.append(about.compactMap { $0 }.joined(separator: " · "))
        for resend in node.resends { lines.append(Self.text(resend)) }
        let failed = ["failed", "rejected", "conflict"].contains(node.outcome)
        self.node(name, lines, node.isAsked ? .asked : failed ? .failed : .event)
        if let parent { edge("e\(parent)", name, isEffect: false) }
        for (place, effect) in node.effects.enumerated() where !effect.changes.isEmpty {
            guard nodes < Self.nodeLimit else {
                leftOut += 1
                continue
            }
            let changes = effect.changes.map { change in
                "\(change.column): \(change.old?.readable ?? "–") → \(change.new?.readable ?? "–")"
            }
            self.node("\(name)r\(place)", ["\(effect.projection) \(effect.key)"] + changes, .effect)
            edge(name, "\(name)r\(place)", isEffect: true)
        }
        // What came again is told by the node that it repeats.
        for child in node.children where child.outcome != "duplicate" || child.isAsked {
            draw(child, below: node.sequence)
        }
    }

    /// A moment to the second.
    private static func seconds(_ time: Timestamp) -> String {
        String(time.rfc3339.prefix(19)) + "Z"
    }

    /// As in `redelivered 3×`, `paid-to-shop: 4 attempts, 3 failed`.
    package static func text(_ resend: Resends) -> String {
        if resend.what == Resends.redelivered { return "redelivered \(resend.count)×" }
        let attempts = resend.count == 1 ? "1 attempt" : "\(resend.count) attempts"
        return "\(resend.what): \(attempts), \(resend.failed) failed"
    }

    // MARK: - The languages

    private var whole: String {
        switch language {
        case .mermaid:
            """
            flowchart TD
            \(body)classDef asked stroke-width:3px
            classDef failed stroke-dasharray:6 3
            classDef effect stroke-width:0px

            """
        case .dot:
            """
            digraph trace {
            node [shape=box, fontname="sans-serif", fontsize=11]
            \(body)}

            """
        }
    }

    private mutating func node(_ name: String, _ lines: [String], _ style: Style) {
        nodes += 1
        let label = lines.map { Self.cut($0) }
        switch language {
        case .mermaid:
            let text = label.map(Self.mermaid).joined(separator: "<br/>")
            let (open, close) = style == .effect ? ("([\"", "\"])") : ("[\"", "\"]")
            let suffix =
                switch style {
                case .event: ""
                case .asked: ":::asked"
                case .failed: ":::failed"
                case .effect: ":::effect"
                }
            body += "\(name)\(open)\(text)\(close)\(suffix)\n"
        case .dot:
            let text = label.map(Self.dot).joined(separator: "\\n")
            let attributes =
                switch style {
                case .event: ""
                case .asked: ", penwidth=3"
                case .failed: ", style=dashed"
                case .effect: ", shape=plaintext"
                }
            body += "\(name) [label=\"\(text)\"\(attributes)]\n"
        }
    }

    private mutating func edge(_ from: String, _ to: String, isEffect: Bool) {
        switch language {
        case .mermaid: body += "\(from) \(isEffect ? "-.->" : "-->") \(to)\n"
        case .dot: body += "\(from) -> \(to)\(isEffect ? " [style=dotted]" : "")\n"
        }
    }

    /// A line of a label, without anything invisible, and not too long.
    private static func cut(_ text: String) -> String {
        let text = TerminalText.harmless(text)
        return text.count > labelCharacters ? String(text.prefix(labelCharacters - 1)) + "…" : text
    }

    /// Every character that Mermaid, Markdown or HTML could take for its own, as an entity.
    private static func mermaid(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "a"..."z", "A"..."Z", "0"..."9", " ", "-", "_", ".", ",", ":", "/", "@", "+":
                escaped.unicodeScalars.append(character)
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}", "\u{2028}", "\u{2029}": escaped += " "
            case "\u{A0}"...: escaped.unicodeScalars.append(character)
            default: escaped += "#\(character.value);"
            }
        }
        return escaped
    }

    private static func dot(_ text: String) -> String {
        var escaped = ""
        for character in text.unicodeScalars {
            switch character {
            case "\"", "\\": escaped += "\\\(character)"
            // Graphviz reads entities in labels.
            case "&": escaped += "&amp;"
            case "\u{0}"..."\u{1F}", "\u{7F}"..."\u{9F}": escaped += " "
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
