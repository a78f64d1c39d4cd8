import Testing
import YAML

/// The tree of a text, in a short form that shows kinds and places of values.
func outline(_ text: String) throws -> String {
    try outline(parseYAML(text.utf8Span.span, file: "test.yaml"))
}

func outline(_ node: YAMLNode) -> String {
    let place = "@\(node.place.line):\(node.place.column)"
    switch node.content {
    case .scalar(let text, let isQuoted): return isQuoted ? "'\(text)'\(place)" : text + place
    case .sequence(let nodes): return "[" + nodes.map(outline).joined(separator: " ") + "]" + place
    case .mapping(let entries):
        let members = entries.map { outline($0.key) + ":" + outline($0.value) }
        return "{" + members.joined(separator: " ") + "}" + place
    }
}

func parsed(_ text: String) throws -> YAMLNode {
    try parseYAML(text.utf8Span.span, file: "daybook.yaml")
}

/// What the error of `body` says, nil if there is none.
func message(_ body: () throws -> Void) -> String? {
    do { try body() } catch { return "\(error)" }
    return nil
}

/// What is wrong with a text.
func message(of text: String) -> String? {
    message { _ = try parsed(text) }
}
