internal import YAML

/// Reads what a rule tells the columns.
struct SettingReader {
    let columns: ColumnTable

    /// Reads `set`; the settings are in the order of the columns.
    func settings(_ node: YAMLNode) throws(YAMLError) -> [Setting] {
        var settings: [Setting] = []
        for entry in try node.entries(atMost: DefinitionLimits.columnCount, of: "settings") {
            let place = try column(entry.key)
            let reader = ChoiceReader(column: columns.stored[place])
            settings.append(Setting(column: place, choices: try reader.choices(entry.value)))
        }
        return settings.sorted { $0.column < $1.column }
    }

    private func column(_ node: YAMLNode) throws(YAMLError) -> Int {
        if let place = columns.stored.firstIndex(where: { $0.name == node.text }) { return place }
        if columns.derivedLines[node.text ?? ""] != nil || node.text == columns.key {
            let kind = node.text == columns.key ? "the key" : "a derived column"
            throw node.error("found \(kind)", expected: "a column that is stored")
        }
        _ = try node.word(of: columns.stored.map(\.name))
        throw node.mismatch(expected: "a column")
    }
}

/// Reads the choices of a setting for a column.
struct ChoiceReader {
    let column: ColumnDefinition

    /// Reads a path, a mapping or a list of mappings.
    func choices(_ node: YAMLNode) throws(YAMLError) -> [Choice] {
        guard case .sequence = node.content else { return [try choice(node)] }
        var choices: [Choice] = []
        for node in try node.items(1...DefinitionLimits.choiceCount, of: "choices") {
            if let last = choices.last, last.when.isEmpty {
                throw node.error(
                    "never reached: the choice at line \(last.line) always holds",
                    expected: "it last"
                )
            }
            _ = try node.mapping
            choices.append(try choice(node))
        }
        return choices
    }

    private func choice(_ node: YAMLNode) throws(YAMLError) -> Choice {
        let line = node.place.line
        guard case .mapping = node.content else {
            let path = try ValuePath(node)
            try refuseValue(node)
            if column.by != nil {
                throw node.error("found a path for a column with \"by\"", expected: withSubKey)
            }
            if column.type == .money {
                throw node.error(
                    "found a path for a money column",
                    expected: "{ from: PATH, currency: … }"
                )
            }
            let value = ValueReader(column: column, keys: nil).plain(path)
            return Choice(when: [], value: .from(value), by: nil, line: line)
        }
        let keys = try node.mapping(allowed: DefinitionKeys.choice.names)
        let when = try Condition.list(keys["when"])
        let value = try self.value(node, keys)
        return Choice(when: when, value: value, by: try subKey(node, keys), line: line)
    }

    private func subKey(_ node: YAMLNode, _ keys: YAMLMapping) throws(YAMLError) -> Template? {
        guard let by = column.by else {
            try keys.refuse(
                ["by"],
                "for column \(column.name), which has none",
                expected: "it for columns with \"by\" only"
            )
            return nil
        }
        guard let template = keys["by"] else {
            throw node.error("missing key \"by\"", expected: "a template for the \(by)")
        }
        return try Template(template)
    }

    /// Refuses values for registers that only count events.
    private func refuseValue(_ node: YAMLNode) throws(YAMLError) {
        let form: String
        switch column.keep {
        case .count: form = "{ count: true }"
        case .window: form = "{ count: true, width: PATH }"
        default: return
        }
        throw node.error("found a value for keep \(column.keep.rawValue)", expected: form)
    }

    private var withSubKey: String { "{ from: PATH, by: TEMPLATE }" }

    private func value(_ node: YAMLNode, _ keys: YAMLMapping) throws(YAMLError) -> ValueRule {
        let kinds = keys.entries.filter { DefinitionKeys.valueKinds.contains($0.name) }
        guard let kind = kinds.first else {
            throw node.error("found no value", expected: "one of from, is, delta, count, text")
        }
        if kinds.count > 1 {
            throw kinds[1].key.error(
                "found \"\(kinds[1].name)\" beside \"\(kind.name)\"",
                expected: "one of them"
            )
        }
        let reader = ValueReader(column: column, keys: keys)
        if kind.name == "count" { return try reader.count(kind) }
        try refuseValue(kind.key)
        try keys.refuse(["width"], "beside \"\(kind.name)\"", expected: "it with count: true only")
        switch kind.name {
        case "is": return try reader.literal(kind.value)
        case "text": return try reader.text(kind)
        case "delta":
            guard column.keep == .balance else {
                throw kind.key.error(
                    "found \"delta\" for keep \(column.keep.rawValue)",
                    expected: "it for keep balance only"
                )
            }
            return .delta(try reader.source(kind.value))
        default: return .from(try reader.source(kind.value))
        }
    }
}
