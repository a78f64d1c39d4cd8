/// A mapping whose keys have been looked at.
package struct YAMLMapping: Sendable {
    /// Keys with their values, in the file's order.
    package let entries: [YAMLNode.Entry]
    /// Where the mapping begins.
    package let place: YAMLPlace

    /// The value of a key, nil if there is none.
    package subscript(key: String) -> YAMLNode? {
        entries.first { $0.name == key }?.value
    }

    /// The value of a key that has to be there.
    package func required(_ key: String) throws(YAMLError) -> YAMLNode {
        guard let value = self[key] else {
            throw YAMLError(at: place, "missing key \(YAMLError.quoted(key))")
        }
        return value
    }
}

extension YAMLNode {
    /// The node as a mapping with keys of the writer's choice.
    package var mapping: YAMLMapping {
        get throws(YAMLError) {
            guard case .mapping(let entries) = content else {
                throw mismatch(expected: "a mapping")
            }
            return YAMLMapping(entries: entries, place: place)
        }
    }

    /// The node as a mapping with none but these keys; an error names the nearest one.
    package func mapping(allowed keys: [String]) throws(YAMLError) -> YAMLMapping {
        let mapping = try mapping
        for entry in mapping.entries where !keys.contains(entry.name) {
            throw entry.key.error(
                "unknown key \(YAMLError.quoted(entry.name))",
                expected: NearestWord.expectation(for: entry.name, of: keys)
            )
        }
        return mapping
    }

    /// The node as a list.
    package var list: [YAMLNode] {
        get throws(YAMLError) {
            guard case .sequence(let nodes) = content else { throw mismatch(expected: "a list") }
            return nodes
        }
    }

    /// The nodes of a list, or the node itself where one value may stand without a list.
    package var oneOrMore: [YAMLNode] {
        guard case .sequence(let nodes) = content else { return [self] }
        return nodes
    }
}
