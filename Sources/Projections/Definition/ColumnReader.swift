internal import YAML

/// The columns of a definition by their names.
struct ColumnTable {
    /// The key column's name.
    let key: String
    let stored: [ColumnDefinition]
    /// The names of derived columns with their lines.
    let derivedLines: [String: Int]

    /// Reads the keys `key` and `columns`, and the names of `derive`.
    init(_ keys: YAMLMapping) throws(YAMLError) {
        key = try keys.required("key").columnName
        var lines = [key: keys["key"]?.place.line ?? 0]
        func claim(_ node: YAMLNode) throws(YAMLError) -> String {
            let name = try node.columnName
            guard name != "now" else {
                throw node.mismatch(expected: "another name: now is the moment asked about")
            }
            if let line = lines.updateValue(node.place.line, forKey: name) {
                throw node.error(
                    "found \"\(name)\" a second time",
                    expected: "it at line \(line) only"
                )
            }
            return name
        }
        let limit = DefinitionLimits.columnCount
        var stored: [ColumnDefinition] = []
        for entry in try keys.required("columns").entries(atMost: limit, of: "columns") {
            stored.append(try ColumnDefinition(claim(entry.key), entry.value))
        }
        self.stored = stored
        var derivedLines: [String: Int] = [:]
        for entry in try keys["derive"]?.entries(atMost: limit, of: "derived columns") ?? [] {
            derivedLines[try claim(entry.key)] = entry.key.place.line
        }
        self.derivedLines = derivedLines
    }
}

extension ColumnDefinition {
    fileprivate init(_ name: String, _ node: YAMLNode) throws(YAMLError) {
        let keys = try node.mapping(allowed: DefinitionKeys.column.names)
        let type = try ColumnType(keys)
        // For readers alone; but a mapping here is a slip.
        _ = try keys["about"]?.string
        let node = try keys.required("keep")
        let word = try node.word(of: Keep.allCases.map(\.rawValue))
        guard let keep = Keep(rawValue: word), keep.types.contains(type.word) else {
            let others = Keep.allCases.filter { $0.types.contains(type.word) }
            throw node.error(
                "keep \(word) does not fit type \(type.word)",
                expected: "one of \(others.map(\.rawValue).joined(separator: ", "))"
            )
        }
        if let by = keys.key("by"), !keep.allowsSubKeys {
            let others = Keep.allCases.filter(\.allowsSubKeys).map(\.rawValue)
            throw by.error(
                "keep \(word) does not go with \"by\"",
                expected: "one of \(others.joined(separator: ", "))"
            )
        }
        let by = try keys["by"].map { node throws(YAMLError) in try node.columnName }
        if let last = keys.key("last"), !keep.allowsLast || by != nil {
            throw last.error(
                "found \"last\" for keep \(word)\(by == nil ? "" : " with \"by\"")",
                expected: "it for keep count and quantiles, without \"by\", only"
            )
        }
        let last = try keys["last"].map { node throws(YAMLError) in try node.duration }
        let personal = try keys["personal"].map { node throws(YAMLError) in try node.boolean }
        self.init(
            name: name,
            type: type,
            keep: keep,
            by: by,
            last: last,
            personal: personal
        )
    }
}

extension ColumnType {
    /// The words of `type`.
    static let words = ["enum", "text", "integer", "money", "time", "boolean"]

    /// The word that stands for the type.
    var word: String {
        switch self {
        case .enumeration: "enum"
        case .text: "text"
        case .integer: "integer"
        case .money: "money"
        case .time: "time"
        case .boolean: "boolean"
        }
    }

    fileprivate init(_ keys: YAMLMapping) throws(YAMLError) {
        let word = try keys.required("type").word(of: Self.words)
        if word != "enum" {
            try keys.refuse(["of"], "for type \(word)", expected: "it for type enum only")
        }
        switch word {
        case "enum": self = .enumeration(try Self.enumWords(try keys.required("of")))
        case "integer": self = .integer
        case "money": self = .money
        case "time": self = .time
        case "boolean": self = .boolean
        default: self = .text
        }
    }

    private static func enumWords(_ node: YAMLNode) throws(YAMLError) -> [String] {
        var words: [String] = []
        for node in try node.items(1...DefinitionLimits.wordCount, of: "words") {
            let word = try node.keptText("a word")
            guard !words.contains(word) else {
                throw node.error("found \"\(word)\" a second time", expected: "each word once")
            }
            words.append(word)
        }
        return words
    }
}

extension Keep {
    /// The types of columns that can be kept so.
    var types: [String] {
        switch self {
        case .latest, .first: ColumnType.words
        case .max, .min: ["integer", "time"]
        case .furthest: ["enum"]
        case .sum: ["integer", "money"]
        case .count, .balance, .window, .quantiles: ["integer"]
        case .all: ["text", "enum", "integer", "time"]
        }
    }

    /// Whether there can be a register for each of several sub-keys.
    var allowsSubKeys: Bool {
        switch self {
        case .latest, .first, .max, .min, .furthest, .sum, .count: true
        case .all, .balance, .window, .quantiles: false
        }
    }

    /// Whether it can be of the last while alone.
    var allowsLast: Bool { self == .count || self == .quantiles }
}
