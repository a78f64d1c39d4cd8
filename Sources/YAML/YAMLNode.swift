/// A value of a YAML file with the place where it begins.
package struct YAMLNode: Sendable {
    /// A key and its value.
    package struct Entry: Sendable {
        /// The key, always a scalar.
        package let key: YAMLNode
        /// The value.
        package let value: YAMLNode

        /// The key's text.
        package var name: String { key.text ?? "" }
    }

    /// What a node holds.
    package enum Content: Sendable {
        /// A text; it is quoted if it stands in quotes or in a block (`|`, `>`).
        case scalar(String, isQuoted: Bool)
        /// Values in order.
        case sequence([YAMLNode])
        /// Keys with their values, in the file's order, no key twice.
        case mapping([Entry])
    }

    /// The node's value.
    package let content: Content
    /// Where the node begins.
    package let place: YAMLPlace

    /// A scalar's text as it is, nil for sequences and mappings.
    package var text: String? {
        guard case .scalar(let text, _) = content else { return nil }
        return text
    }

    /// The value of a mapping's key, nil if there is none or this is no mapping.
    package subscript(key: String) -> YAMLNode? {
        guard case .mapping(let entries) = content else { return nil }
        return entries.first { $0.key.text == key }?.value
    }

    /// Makes an error at the node's place, for what only the caller can judge.
    package func error(_ what: String, expected: String? = nil) -> YAMLError {
        YAMLError(at: place, what, expected: expected)
    }

    /// Makes an error that says what the node is instead of what was expected.
    package func mismatch(expected: String) -> YAMLError {
        error("found \(finding)", expected: expected)
    }

    /// The node in a few words; long texts are cut, and a secret given as `plain:` is not told.
    private var finding: String {
        switch content {
        case .sequence: return "a list"
        case .mapping: return "a mapping"
        case .scalar(let text, _):
            if isNull { return text.isEmpty ? "nothing" : "null" }
            if text.hasPrefix("plain:") { return "a secret" }
            return YAMLError.quoted(text)
        }
    }
}

extension YAMLError {
    /// A text of the file in quotes, on one line and not too long.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars.prefix(YAMLLimits.quotedLength) {
            quoted.unicodeScalars.append(
                scalar.properties.generalCategory == .control ? " " : scalar
            )
        }
        if text.unicodeScalars.count > YAMLLimits.quotedLength { quoted += "…" }
        return quoted + "\""
    }
}
