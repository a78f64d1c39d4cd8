internal import YAML

extension Template {
    /// What a template looks like, for messages.
    static let form = "a template in quotes such as \"woo-{/id}\""

    /// Reads a template, which may be a text without places.
    init(_ node: YAMLNode) throws(YAMLError) {
        let text = try node.keptText(Self.form)
        var parts: [Part] = []
        var rest = text[...]
        while let brace = rest.firstIndex(where: { $0 == "{" || $0 == "}" }) {
            guard rest[brace] == "{" else {
                throw node.mismatch(expected: "a { before each }")
            }
            if brace > rest.startIndex { parts.append(.literal(String(rest[..<brace]))) }
            let start = text.index(after: brace)
            guard let end = text[start...].firstIndex(where: { $0 == "{" || $0 == "}" }),
                text[end] == "}"
            else { throw node.mismatch(expected: "a } after each {, before another {") }
            let path = try ValuePath(
                String(text[start..<end]),
                in: node,
                before: String(text[..<start]),
                after: String(text[end...])
            )
            parts.append(.value(path))
            rest = text[text.index(after: end)...]
        }
        if !rest.isEmpty { parts.append(.literal(String(rest))) }
        self.init(parts: parts, line: node.place.line)
        guard placeCount <= DefinitionLimits.placeCount else {
            throw node.error(
                "found \(placeCount) places in a template",
                expected: "at most \(DefinitionLimits.placeCount)"
            )
        }
    }

    /// Reads the name of a row, which depends on the event.
    init(key node: YAMLNode) throws(YAMLError) {
        try self.init(node)
        guard placeCount > 0 else {
            throw node.mismatch(expected: "a template with a place, such as \"woo-{/id}\"")
        }
    }

    /// Reads another name of a row: what kind of name it is, a colon, and the name.
    init(link node: YAMLNode) throws(YAMLError) {
        try self.init(node)
        guard placeCount > 0, case .literal(let text)? = parts.first,
            let colon = text.firstIndex(of: ":"), colon > text.startIndex
        else {
            throw node.mismatch(
                expected: "a template that begins with a kind of name, such as \"pi:{/id}\""
            )
        }
    }

    private var placeCount: Int {
        parts.count {
            if case .value = $0 { true } else { false }
        }
    }
}

extension Template: CustomStringConvertible {
    /// The template as a definition writes it.
    package var description: String {
        parts.reduce(into: "") { text, part in
            switch part {
            case .literal(let literal): text += literal
            case .value(let path): text += "{\(path)}"
            }
        }
    }
}
