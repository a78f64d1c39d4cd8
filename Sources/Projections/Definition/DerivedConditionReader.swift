internal import Bytes
internal import YAML

extension DerivedCondition {
    /// Reads the mapping of a `when`.
    static func list(
        _ node: YAMLNode?,
        _ scope: ColumnScope
    ) throws(YAMLError) -> [DerivedCondition] {
        guard let node else { return [] }
        var conditions: [DerivedCondition] = []
        for entry in try node.entries(atMost: DefinitionLimits.conditionCount, of: "conditions") {
            let (column, type) = try scope.column(entry.key)
            let reader = DerivedTestReader(scope: scope, name: entry.name, type: type)
            for test in try reader.tests(entry.value) {
                conditions.append(DerivedCondition(column: column, test: test))
            }
        }
        return conditions
    }
}

/// Reads what a condition asks of a column.
private struct DerivedTestReader {
    let scope: ColumnScope
    /// The column's name.
    let name: String
    let type: DerivedType

    func tests(_ node: YAMLNode) throws(YAMLError) -> [DerivedCondition.Test] {
        switch node.content {
        case .scalar:
            if node.isPlain("present") { return [.present] }
            if node.isPlain("absent") { return [.absent] }
            return [.isOne([try value(node)])]
        case .sequence:
            var values: [String] = []
            for node in try node.items(1...DefinitionLimits.wordCount, of: "values") {
                _ = try node.listedText
                values.append(try value(node))
            }
            return [.isOne(values)]
        case .mapping:
            guard type == .integer || type == .money || type == .time else {
                throw node.error(
                    "found a comparison of column \"\(name)\", which holds \(type.word)",
                    expected: "comparisons of integer, money and time columns only"
                )
            }
            var tests: [DerivedCondition.Test] = []
            for (comparison, node) in try Comparison.entries(node) {
                tests.append(.compares(comparison, try operand(node)))
            }
            return tests
        }
    }

    /// A value that the column can have, as it is written.
    private func value(_ node: YAMLNode) throws(YAMLError) -> String {
        switch type {
        case .words(let words): return try node.word(of: words)
        case .text: return try node.keptText("a text")
        case .integer: return String(try node.wideInteger())
        case .boolean: return try node.boolean ? "true" : "false"
        case .money, .time, .several:
            throw node.error(
                "found a value for column \"\(name)\", which holds \(type.word)",
                expected: type == .several ? "present or absent" : "present, absent or a comparison"
            )
        }
    }

    private func operand(_ node: YAMLNode) throws(YAMLError) -> DerivedCondition.Operand {
        switch type {
        case .integer:
            if case .integer(let number) = node.scalar { return .integer(number) }
        case .time:
            if node.isPlain("now") { return .now }
            if let moment = node.text.flatMap({ Timestamp(rfc3339: $0) }) {
                return .time(moment.microseconds)
            }
            // No column's name begins with a digit.
            if node.text?.utf8.first.map({ $0 &- 48 < 10 }) == true {
                throw node.mismatch(
                    expected: "a time such as 2026-02-01T10:00:00Z, now, or a time column"
                )
            }
        default:
            // No amount is comparable without its currency.
            if case .integer = node.scalar { throw node.mismatch(expected: form) }
        }
        guard node.text != nil, !node.isNull else {
            throw node.mismatch(expected: form)
        }
        let words = type == .time ? ["now"] : []
        return .column(try scope.column(node, of: [type], or: words).0)
    }

    private var form: String {
        switch type {
        case .integer: "an integer or an integer column"
        case .time: "a time, now, or a time column"
        default: "a \(type.word) column"
        }
    }
}
