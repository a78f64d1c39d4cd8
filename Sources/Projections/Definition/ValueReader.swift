internal import YAML

/// Reads how the value of a choice is made.
struct ValueReader {
    let column: ColumnDefinition
    /// The choice's keys; `nil` for a path alone.
    let keys: YAMLMapping?

    /// Reads `{ count: true }`, for windows with their width.
    func count(_ entry: YAMLNode.Entry) throws(YAMLError) -> ValueRule {
        guard column.keep == .count || column.keep == .window else {
            throw entry.key.error(
                "found \"count\" for keep \(column.keep.rawValue)",
                expected: "it for keep count and window only"
            )
        }
        guard try entry.value.boolean else { throw entry.value.mismatch(expected: "true") }
        try refuse(DefinitionKeys.sourceOptions, "beside \"count\"", "it with from or delta only")
        guard column.keep == .window else {
            try refuse(["width"], "for keep count", "it for keep window only")
            return .count(width: nil)
        }
        guard let width = keys?["width"] else {
            throw entry.key.error("missing key \"width\"", expected: "the path of a duration")
        }
        return .count(width: try ValuePath(width))
    }

    /// Reads `{ is: … }`.
    func literal(_ node: YAMLNode) throws(YAMLError) -> ValueRule {
        try refuse(DefinitionKeys.sourceOptions, "beside \"is\"", "it with from or delta only")
        return .literal(try Literal(node, for: column.type))
    }

    /// Reads `{ text: TEMPLATE }`.
    func text(_ entry: YAMLNode.Entry) throws(YAMLError) -> ValueRule {
        guard column.type == .text else {
            throw entry.key.error(
                "found \"text\" \(onColumn)",
                expected: "it for text columns only"
            )
        }
        let others = DefinitionKeys.sourceOptions.filter { $0 != "optional" }
        try refuse(others, "beside \"text\"", "it with from or delta only")
        let isOptional = try keys?["optional"]?.boolean ?? false
        return .text(try Template(entry.value), isOptional: isOptional)
    }

    /// A path alone.
    func plain(_ path: ValuePath) -> SourcedValue {
        SourcedValue(
            path: path,
            map: nil,
            timeFormat: .rfc3339,
            isMinor: false,
            scale: 1,
            currency: nil,
            fallback: nil,
            isOptional: false
        )
    }

    /// Reads `{ from: … }` or `{ delta: … }`.
    func source(_ node: YAMLNode) throws(YAMLError) -> SourcedValue {
        let map = try self.map()
        let isOptional = try keys?["optional"]?.boolean ?? false
        let fallback = try keys?["default"].map { node throws(YAMLError) in
            try Literal(node, for: column.type)
        }
        if isOptional, fallback != nil {
            try refuse(["default"], "beside optional: true", "one of them")
        }
        return SourcedValue(
            path: try ValuePath(node),
            map: map,
            timeFormat: try TimeFormat(column.type == .time ? keys?["as"] : nil),
            isMinor: try isMinor(),
            scale: try scale(),
            currency: try currency(node, isMapped: map != nil),
            fallback: fallback,
            isOptional: isOptional
        )
    }

    private func map() throws(YAMLError) -> [(word: String, literal: Literal)]? {
        guard let node = keys?["map"] else { return nil }
        try refuse(["as", "scale", "currency"], "beside \"map\"", "whole values in the map")
        var map: [(word: String, literal: Literal)] = []
        for entry in try node.entries(atMost: DefinitionLimits.mapCount, of: "words") {
            let word = try entry.key.keptText("a word", mayBeEmpty: true)
            map.append((word, try Literal(entry.value, for: column.type)))
        }
        return map
    }

    private func isMinor() throws(YAMLError) -> Bool {
        guard let node = keys?["as"], column.type != .time else { return false }
        guard column.type == .money else {
            try refuse(["as"], onColumn, "it for time and money columns only")
            return false
        }
        return try node.word(of: [DefinitionKeys.minor]) == DefinitionKeys.minor
    }

    private func scale() throws(YAMLError) -> Int64 {
        guard let node = keys?["scale"] else { return 1 }
        if column.type != .integer {
            try refuse(["scale"], onColumn, "it for integer columns only")
        }
        let limit = DefinitionLimits.scale
        let scale = try node.integer(in: -limit...limit)
        guard scale != 0 else { throw node.mismatch(expected: "a factor other than 0") }
        return Int64(scale)
    }

    private func currency(
        _ source: YAMLNode,
        isMapped: Bool
    ) throws(YAMLError) -> CurrencySource? {
        guard column.type == .money else {
            try refuse(["currency"], onColumn, "it for money columns only")
            return nil
        }
        if isMapped { return nil }
        guard let node = keys?["currency"] else {
            throw source.error(
                "missing key \"currency\"",
                expected: "the path of the amount's currency, or { is: EUR }"
            )
        }
        guard case .mapping = node.content else { return .path(try ValuePath(node)) }
        let keys = try node.mapping(allowed: DefinitionKeys.currency.names)
        return .code(try keys.required("is").currencyCode)
    }

    private var onColumn: String { "for type \(column.type.word)" }

    private func refuse(
        _ names: [String],
        _ context: String,
        _ expected: String
    ) throws(YAMLError) {
        try keys?.refuse(names, context, expected: expected)
    }
}
