internal import YAML

/// Reads the derived columns of a definition.
struct DerivationReader {
    private var scope: ColumnScope

    init(_ columns: ColumnTable) {
        scope = ColumnScope(columns)
    }

    /// Reads `derive`, whose names have been checked.
    mutating func derivations(_ node: YAMLNode?) throws(YAMLError) -> [Derivation] {
        var derivations: [Derivation] = []
        for entry in try node?.mapping.entries ?? [] {
            let (rule, type) = try rule(entry.value)
            derivations.append(
                Derivation(name: entry.name, line: entry.key.place.line, rule: rule)
            )
            scope.add(entry.name, type)
        }
        return derivations
    }

    private func rule(_ node: YAMLNode) throws(YAMLError) -> (DerivationRule, DerivedType) {
        if case .sequence = node.content { return try choices(node) }
        guard case .mapping = node.content else {
            throw node.mismatch(expected: "a list of choices, or such as { sum: [a, b] }")
        }
        let keys = try node.mapping(allowed: DefinitionKeys.derivation.names)
        guard let kind = keys.entries.first(where: { DefinitionKeys.operations.contains($0.name) })
        else {
            let operations = DefinitionKeys.operations.joined(separator: ", ")
            throw node.error("found no operation", expected: "one of \(operations)")
        }
        for entry in keys.entries where entry.name != kind.name {
            guard DefinitionKeys.options(of: kind.name).contains(entry.name) else {
                let takers = DefinitionKeys.operations.filter {
                    DefinitionKeys.options(of: $0).contains(entry.name)
                }
                let words = takers.joined(separator: " or ")
                throw entry.key.error(
                    "found \"\(entry.name)\" beside \"\(kind.name)\"",
                    expected: takers.isEmpty ? "one of them" : "it with \(words) only"
                )
            }
        }
        switch kind.name {
        case "sum":
            let (columns, type) = try operands(kind.value, atLeast: 1)
            return (.sum(columns), type)
        case "subtract":
            let (columns, type) = try operands(kind.value, atLeast: 2)
            return (.subtract(columns), type)
        case "ratio": return (try ratio(kind.value, keys), .integer)
        case "age":
            let column = try scope.column(kind.value, of: [.time]).0
            let other = try keys["at"].map { node throws(YAMLError) in
                try scope.column(node, of: [.time]).0
            }
            return (.age(of: column, at: other), .integer)
        case "currency":
            return (.currency(of: try scope.column(kind.value, of: [.money]).0), .text)
        case "percentile":
            let column = try scope.quantiles(kind.value)
            let percent = try keys.required("percent").integer(in: 1...100)
            return (.percentile(of: column, percent: percent), .integer)
        case "peak": return (.peak(of: try scope.window(kind.value)), .integer)
        case "peak_at": return (.peakAt(of: try scope.window(kind.value)), .time)
        default: return (try reached(kind.value, keys), .integer)
        }
    }

    private func operands(
        _ node: YAMLNode,
        atLeast count: Int
    ) throws(YAMLError) -> ([ColumnReference], DerivedType) {
        var columns: [ColumnReference] = []
        var types: [DerivedType] = [.integer, .money]
        for node in try node.items(count...DefinitionLimits.columnCount, of: "columns") {
            let (column, type) = try scope.column(node, of: types)
            columns.append(column)
            types = [type]
        }
        return (columns, types[0])
    }

    private func ratio(_ node: YAMLNode, _ keys: YAMLMapping) throws(YAMLError) -> DerivationRule {
        let nodes = try node.items(2...2, of: "columns")
        let times = try keys["times"]?.integer(in: DefinitionLimits.times) ?? 100
        return .ratio(
            try scope.column(nodes[0], of: [.integer]).0,
            try scope.column(nodes[1], of: [.integer]).0,
            times: Int64(times)
        )
    }

    private func reached(_ node: YAMLNode, _ keys: YAMLMapping) throws(YAMLError) -> DerivationRule
    {
        let share = try keys.required("percent")
        let percent: PercentSource
        if case .integer = share.scalar {
            percent = .number(try share.integer(in: 1...100))
        } else {
            percent = .column(try scope.column(share, of: [.integer]).0)
        }
        return .reached(
            of: try scope.window(node),
            allowed: try scope.column(try keys.required("of"), of: [.integer]).0,
            percent: percent
        )
    }

    private func choices(_ node: YAMLNode) throws(YAMLError) -> (DerivationRule, DerivedType) {
        var choices: [DerivedChoice] = []
        var joined: DerivedType?
        var always: Int?
        for node in try node.items(1...DefinitionLimits.choiceCount, of: "choices") {
            if let always {
                throw node.error(
                    "never reached: the choice at line \(always) always holds",
                    expected: "it last"
                )
            }
            let keys = try node.mapping(allowed: DefinitionKeys.derivedChoice.names)
            let when = try DerivedCondition.list(keys["when"], scope)
            if when.isEmpty { always = node.place.line }
            let (value, type) = try value(node, keys)
            guard let both = joined.map({ $0.joined(with: type) }) ?? type else {
                throw node.error(
                    "found a choice of type \(type.word)",
                    expected: "type \(joined?.word ?? "") as of the choices before"
                )
            }
            joined = both
            choices.append(DerivedChoice(when: when, value: value))
        }
        return (.choices(choices), joined ?? .text)
    }

    private func value(
        _ node: YAMLNode,
        _ keys: YAMLMapping
    ) throws(YAMLError) -> (DerivedValue, DerivedType) {
        switch (keys["is"], keys["as"]) {
        case (let literal?, nil):
            switch literal.scalar {
            case .integer(let number): return (.integer(number), .integer)
            case .boolean(let value): return (.boolean(value), .boolean)
            default:
                let word = try literal.keptText("a word, an integer or a boolean")
                return (.text(word), .words([word]))
            }
        case (nil, let name?):
            let (column, type) = try scope.singleColumn(name)
            return (.column(column), type)
        case (nil, nil): throw node.error("found no value", expected: "\"is\" or \"as\"")
        default: throw node.error("found \"is\" beside \"as\"", expected: "one of them")
        }
    }
}
