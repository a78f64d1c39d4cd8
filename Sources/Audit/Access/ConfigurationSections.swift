internal import Bytes
internal import Digest
internal import YAML

/// The top-level keys of a configuration, each with a short fingerprint of its value.
///
/// Eight hex digits tell whether a value has changed, and too little to find out by trial what it
/// was, should it hold a secret.
enum ConfigurationSections {
    private static let digits = 8

    /// By key; empty for what is no YAML mapping, which a server refuses anyway.
    static func fingerprints(_ bytes: [UInt8], _ file: String) -> [String: String] {
        guard let root = try? parseYAML(bytes.span, file: file),
            let entries = try? root.mapping.entries
        else { return [:] }
        var sections: [String: String] = [:]
        for entry in entries {
            var text: [UInt8] = []
            append(entry.value, to: &text)
            let hash = SHA256.hash(text.span).description
            sections[entry.name] = String(hash.prefix(digits))
        }
        return sections
    }

    /// Whether the file says `reads: unrecorded`.
    static func recordsNoReads(_ bytes: [UInt8], _ file: String) -> Bool {
        (try? parseYAML(bytes.span, file: file))?["reads"]?.text == "unrecorded"
    }

    /// A value without its comments and its layout, so that only what it says counts.
    private static func append(_ node: YAMLNode, to text: inout [UInt8]) {
        switch node.content {
        case .scalar(let value, let isQuoted):
            text.append(ascii: isQuoted ? "q" : "s")
            CanonicalJSON.appendString(value, to: &text)
        case .sequence(let nodes):
            text.append(ascii: "[")
            for node in nodes { append(node, to: &text) }
            text.append(ascii: "]")
        case .mapping(let entries):
            text.append(ascii: "{")
            for entry in entries {
                CanonicalJSON.appendString(entry.name, to: &text)
                append(entry.value, to: &text)
            }
            text.append(ascii: "}")
        }
    }

    /// As one text, which `read` reads: `listen:0a1b2c3d sources:…`.
    static func text(_ sections: [String: String]) -> String {
        sections.sorted { $0.key < $1.key }.map { "\($0.key):\($0.value)" }
            .joined(separator: " ")
    }

    static func read(_ text: String?) -> [String: String] {
        var sections: [String: String] = [:]
        for word in text?.split(separator: " ") ?? [] {
            guard let colon = word.lastIndex(of: ":") else { continue }
            sections[String(word[..<colon])] = String(word[word.index(after: colon)...])
        }
        return sections
    }
}
