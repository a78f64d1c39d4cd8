internal import Bytes
internal import YAML

/// Reads the rows that a case expects.
struct ExpectedReader {
    private let key: String
    private let forms: [(name: String, form: ColumnForm)]

    init(_ definition: Definition) {
        key = definition.key
        forms = definition.forms
    }

    func row(_ node: YAMLNode) throws(YAMLError) -> ProjectionCase.ExpectedRow {
        let keys = try node.mapping(allowed: [key] + forms.map(\.name))
        let name = try keys.required(key).keptText("a row's key")
        var cells: [ProjectionCase.ExpectedRow.Cell] = []
        for entry in keys.entries where entry.name != key {
            guard let form = forms.first(where: { $0.name == entry.name })?.form else { continue }
            let value = entry.value.isNull ? nil : try Self.value(entry.value, form)
            cells.append(.init(column: entry.name, value: value))
        }
        return ProjectionCase.ExpectedRow(key: name, cells: cells)
    }

    private static func value(_ node: YAMLNode, _ form: ColumnForm) throws(YAMLError) -> ColumnValue
    {
        switch form {
        case .one(let type): return try one(node, type)
        case .set(let type): return .list(try set(node, type))
        case .totals:
            guard case .sequence(let nodes) = node.content else { return try one(node, .money) }
            var totals: [ColumnValue] = []
            for node in nodes { totals.append(try one(node, .money)) }
            return .list(totals.sorted())
        case .keyed(let type):
            var members: [ColumnValue.KeyedValue] = []
            let entries = try node.entries(atMost: CaseLimits.rowCount, of: "sub-keys")
            for entry in entries {
                members.append(.init(key: entry.name, value: try one(entry.value, type)))
            }
            members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
            return .keyed(members)
        }
    }

    /// The members of a set, in the order that rows show them in: words by their enum's.
    private static func set(
        _ node: YAMLNode,
        _ type: DerivedType
    ) throws(YAMLError) -> [ColumnValue] {
        var values: [ColumnValue] = []
        for node in try node.list {
            let value = try one(node, type)
            guard !values.contains(value) else {
                throw node.error("found \(value.json) a second time", expected: "each value once")
            }
            values.append(value)
        }
        guard case .words(let words) = type else { return values.sorted() }
        return words.compactMap { word in values.first { $0 == .text(word) } }
    }

    private static func one(_ node: YAMLNode, _ type: DerivedType) throws(YAMLError) -> ColumnValue
    {
        switch type {
        case .words(let words): return .text(try node.word(of: words))
        case .integer:
            guard let text = node.text, case .scalar(_, isQuoted: false) = node.content,
                let integer = Int128(text)
            else { throw node.mismatch(expected: "an integer") }
            return .integer(integer)
        case .time: return .time(try node.moment(GivenReader.timeForm))
        case .boolean: return .boolean(try node.boolean)
        case .text, .several: return .text(try node.string)
        case .money:
            let literal = try Literal(node, for: .money)
            return ColumnValue(literal.planned.value, .money)
        }
    }
}
