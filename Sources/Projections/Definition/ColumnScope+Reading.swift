internal import YAML

extension ColumnScope {
    /// Reads a column's name; an error names the nearest of the columns that `fits` takes, and of
    /// the words that might stand here instead.
    func column(
        _ node: YAMLNode,
        or words: [String] = [],
        where fits: (DerivedType) -> Bool = { _ in true }
    ) throws(YAMLError) -> (ColumnReference, DerivedType) {
        let name = try node.string
        if let place = columns.stored.firstIndex(where: { $0.name == name }) {
            return (.stored(place), DerivedType(columns.stored[place]))
        }
        if let place = derived.firstIndex(where: { $0.name == name }) {
            return (.derived(place), derived[place].type)
        }
        if let line = columns.derivedLines[name] {
            throw node.error(
                "column \"\(name)\" is derived at line \(line), not before this one",
                expected: "a stored column or one derived before"
            )
        }
        if name == columns.key {
            throw node.error("found the key", expected: "a stored or a derived column")
        }
        let stored = columns.stored.filter { fits(DerivedType($0)) }.map(\.name)
        let names = stored + derived.filter { fits($0.type) }.map(\.name) + words
        if !names.isEmpty { _ = try node.word(of: names) }
        throw node.mismatch(expected: "a column")
    }

    /// Reads the name of a column whose type is one of those in `types`.
    func column(
        _ node: YAMLNode,
        of types: [DerivedType],
        or words: [String] = []
    ) throws(YAMLError) -> (ColumnReference, DerivedType) {
        let (column, type) = try column(node, or: words, where: types.contains)
        guard types.contains(type) else {
            let words = types.map(\.word).joined(separator: " or ")
            throw node.error(
                "column \"\(node.text ?? "")\" holds \(type.word)",
                expected: "a column of type \(words)"
            )
        }
        return (column, type)
    }

    /// Reads the name of a column that has one value.
    func singleColumn(_ node: YAMLNode) throws(YAMLError) -> (ColumnReference, DerivedType) {
        let (column, type) = try column(node, where: { $0 != .several })
        guard type != .several else {
            throw node.error(
                "column \"\(node.text ?? "")\" holds several values",
                expected: "a column with one value"
            )
        }
        return (column, type)
    }

    /// Reads the name of a column that counts in windows.
    func window(_ node: YAMLNode) throws(YAMLError) -> Int {
        try stored(node, keep: .window, "windows")
    }

    /// Reads the name of a column that keeps how often each value was said.
    func quantiles(_ node: YAMLNode) throws(YAMLError) -> Int {
        try stored(node, keep: .quantiles, "quantiles")
    }

    private func stored(
        _ node: YAMLNode,
        keep: Keep,
        _ what: String
    ) throws(YAMLError) -> Int {
        let (column, _) = try column(node)
        guard case .stored(let place) = column, columns.stored[place].keep == keep else {
            throw node.error(
                "column \"\(node.text ?? "")\" has no \(what)",
                expected: "a column with keep \(keep.rawValue)"
            )
        }
        return place
    }
}
