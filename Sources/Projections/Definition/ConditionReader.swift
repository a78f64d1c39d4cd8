internal import YAML

extension Condition {
    /// What a test looks like, for messages.
    static let form = "present, absent, a value, a list of values, or { lt|lte|gt|gte: INTEGER }"

    /// Reads the mapping of a `when`.
    static func list(_ node: YAMLNode?) throws(YAMLError) -> [Condition] {
        guard let node else { return [] }
        var conditions: [Condition] = []
        var paths: Set<ValuePath> = []
        for entry in try node.entries(atMost: DefinitionLimits.conditionCount, of: "conditions") {
            let path = try ValuePath(entry.key)
            // Different texts can name one header.
            guard paths.insert(path).inserted else {
                throw entry.key.error("found \"\(path)\" a second time", expected: "it once")
            }
            for test in try Test.list(entry.value) {
                conditions.append(
                    Condition(path: path, test: test, line: entry.key.place.line)
                )
            }
        }
        return conditions
    }
}

extension Condition.Test {
    static func list(_ node: YAMLNode) throws(YAMLError) -> [Condition.Test] {
        switch node.content {
        case .scalar:
            if node.isPlain("present") { return [.present] }
            if node.isPlain("absent") { return [.absent] }
            return [.isOne([try node.keptText(Condition.form)])]
        case .sequence:
            var texts: [String] = []
            for item in try node.items(1...DefinitionLimits.patternCount, of: "values") {
                texts.append(try item.listedText)
            }
            return [.isOne(texts)]
        case .mapping:
            var tests: [Condition.Test] = []
            for (comparison, operand) in try Comparison.entries(node) {
                tests.append(.compares(comparison, try operand.wideInteger()))
            }
            guard ConditionSet(tests).isSatisfiable else {
                throw node.error("no number passes this test", expected: "bounds that meet")
            }
            return tests
        }
    }
}

extension YAMLNode {
    /// A value in a test's list.
    var listedText: String {
        get throws(YAMLError) {
            guard !isPlain("present"), !isPlain("absent") else {
                throw mismatch(expected: "it alone, or in quotes if it is a value")
            }
            return try keptText("a value")
        }
    }
}

extension Comparison {
    /// The comparisons of a mapping, at least one, with their operands.
    static func entries(_ node: YAMLNode) throws(YAMLError) -> [(Comparison, YAMLNode)] {
        let mapping = try node.mapping(allowed: DefinitionKeys.comparison.names)
        guard !mapping.entries.isEmpty else {
            throw node.error("found no comparison", expected: "one of lt, lte, gt, gte")
        }
        return mapping.entries.compactMap { entry in
            Comparison(rawValue: entry.name).map { ($0, entry.value) }
        }
    }
}
