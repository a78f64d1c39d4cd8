internal import Bytes
internal import YAML

extension YAMLNode {
    /// A text to be kept: one line, not empty and not too long.
    func keptText(_ form: String, mayBeEmpty: Bool = false) throws(YAMLError) -> String {
        guard let text, !isNull, mayBeEmpty || !text.isEmpty else {
            throw mismatch(expected: form)
        }
        guard text.utf8.count <= DefinitionLimits.textLength else {
            throw error(
                "found a text of \(text.utf8.count) bytes",
                expected: "at most \(DefinitionLimits.textLength)"
            )
        }
        for scalar in text.unicodeScalars where scalar.properties.generalCategory == .control {
            let code = String(scalar.value, radix: 16)
            throw error("found control character 0x\(code)", expected: form)
        }
        return text
    }

    /// Whether the node is this word without quotes.
    func isPlain(_ word: String) -> Bool {
        guard case .scalar(word, isQuoted: false) = content else { return false }
        return true
    }

    /// An integer of 64 bits, not in quotes.
    func wideInteger(expected form: String = "an integer") throws(YAMLError) -> Int64 {
        guard case .integer(let number)? = scalar else { throw mismatch(expected: form) }
        return number
    }

    /// A length of time such as 1h, in microseconds.
    var duration: Int64 {
        get throws(YAMLError) {
            guard let text, let length = Duration.microseconds(text.utf8Span.span) else {
                throw mismatch(expected: "a length of time such as 1h, at most 366d")
            }
            return length
        }
    }

    /// A projection's name.
    var projectionName: String {
        get throws(YAMLError) {
            try name(
                separator: "-",
                form: "a name such as order-status, of a to z, 0 to 9 and -"
            )
        }
    }

    /// A column's name; also a word that has the same form.
    var columnName: String {
        get throws(YAMLError) {
            try name(separator: "_", form: "a name such as placed_at, of a to z, 0 to 9 and _")
        }
    }

    private func name(separator: Character, form: String) throws(YAMLError) -> String {
        guard let text, let first = text.utf8.first, (97...122).contains(first),
            text.utf8.count <= DefinitionLimits.nameLength,
            text.allSatisfy({ "a"..."z" ~= $0 || "0"..."9" ~= $0 || $0 == separator })
        else {
            throw mismatch(expected: "\(form), at most \(DefinitionLimits.nameLength) characters")
        }
        return text
    }

    /// The nodes of a list of bounded length.
    func items(_ counts: ClosedRange<Int>, of what: String) throws(YAMLError) -> [YAMLNode] {
        let nodes = try list
        try checkCount(nodes.count, counts, of: what)
        return nodes
    }

    /// The nodes of a list of bounded length, or the node itself if it is no list.
    func oneOrMore(atMost count: Int, of what: String) throws(YAMLError) -> [YAMLNode] {
        let nodes = oneOrMore
        try checkCount(nodes.count, 1...count, of: what)
        return nodes
    }

    /// The entries of a mapping with keys of the writer's choice, bounded in number, not empty.
    func entries(atMost count: Int, of what: String) throws(YAMLError) -> [Entry] {
        let entries = try mapping.entries
        try checkCount(entries.count, 1...count, of: what)
        return entries
    }

    private func checkCount(
        _ count: Int,
        _ counts: ClosedRange<Int>,
        of what: String
    ) throws(YAMLError) {
        guard counts.contains(count) else {
            throw error(
                "found \(count) \(what)",
                expected: "\(counts.lowerBound) to \(counts.upperBound)"
            )
        }
    }
}

extension YAMLMapping {
    /// The key of an entry, for errors about it.
    func key(_ name: String) -> YAMLNode? {
        entries.first { $0.name == name }?.key
    }

    /// Refuses keys that mean nothing here.
    func refuse(_ names: [String], _ context: String, expected: String) throws(YAMLError) {
        for entry in entries where names.contains(entry.name) {
            throw entry.key.error("found \"\(entry.name)\" \(context)", expected: expected)
        }
    }
}
