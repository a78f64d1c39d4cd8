internal import YAML

/// Reads the rules of a definition.
struct RuleReader {
    let columns: ColumnTable

    /// Reads `events`.
    func rules(_ node: YAMLNode) throws(YAMLError) -> [Rule] {
        let nodes = try node.items(1...DefinitionLimits.ruleCount, of: "rules")
        var rules: [Rule] = []
        for node in nodes { rules.append(try rule(node)) }
        if let (first, second) = Disjointness(rules).overlap {
            let node = nodes.first { $0.place.line == second } ?? node
            throw node.error(
                "the rules at lines \(first) and \(second) could both fit one event",
                expected: "\"from\" or \"when\" to tell them apart"
            )
        }
        return rules
    }

    private func rule(_ node: YAMLNode) throws(YAMLError) -> Rule {
        let keys = try node.mapping(allowed: DefinitionKeys.rule.names)
        let from = try Self.patterns(try keys.required("from"))
        let key = try Template(key: try keys.required("key"))
        let links = try Self.links(keys["link"])
        let each = try Self.list(keys["each"])
        let settings: [Setting]
        if let node = keys["set"] {
            settings = try SettingReader(columns: columns).settings(node)
        } else {
            guard !links.isEmpty else {
                throw node.error("missing key \"set\"", expected: "\"set\", \"link\" or both")
            }
            settings = []
        }
        let rule = Rule(
            line: node.place.line,
            from: from,
            when: try Condition.list(keys["when"]),
            each: each,
            key: key,
            at: try keys["at"].map { node throws(YAMLError) in try TimeValue(node) },
            links: links,
            settings: settings
        )
        if rule.paths.contains(.element), each?.isContent != true {
            throw node.error(
                "found \"each\" as a path in a rule without elements",
                expected: "it where \"each\" is a /POINTER to a list"
            )
        }
        if rule.takesRejected, let link = keys.key("link") {
            throw link.error(
                "found \"link\" in a rule for rejected events",
                expected: "none: anybody can send what is rejected"
            )
        }
        if rule.takesRejected, let path = rule.paths.first(where: { !$0.isAttribute }) {
            throw node.error(
                "found \(path) in a rule for rejected events",
                expected: "attributes only: anybody can send what is rejected"
            )
        }
        return rule
    }

    private static func patterns(
        _ node: YAMLNode
    ) throws(YAMLError) -> [(attribute: EventAttribute, patterns: [String])] {
        let attributes = try node.mapping(allowed: DefinitionKeys.from.names)
        guard !attributes.entries.isEmpty else {
            throw node.error("found no attribute", expected: "at least one, such as provider")
        }
        var from: [(attribute: EventAttribute, patterns: [String])] = []
        for entry in attributes.entries {
            guard let attribute = EventAttribute(rawValue: entry.name) else { continue }
            var patterns: [String] = []
            let limit = DefinitionLimits.patternCount
            for node in try entry.value.oneOrMore(atMost: limit, of: "patterns") {
                let pattern = try node.keptText("a text, in which * stands for any")
                // Where all values are known, a slip would leave the rule without events.
                if let words = attribute.values, !pattern.contains("*") {
                    _ = try node.word(of: words)
                }
                patterns.append(pattern)
            }
            from.append((attribute, patterns))
        }
        return from
    }

    private static func links(_ node: YAMLNode?) throws(YAMLError) -> [Template] {
        guard let node else { return [] }
        var links: [Template] = []
        for node in try node.oneOrMore(atMost: DefinitionLimits.linkCount, of: "links") {
            links.append(try Template(link: node))
        }
        return links
    }

    /// The path of a list: headers and other attributes have one value, and calls' messages are
    /// read value by value.
    private static func list(_ node: YAMLNode?) throws(YAMLError) -> ValuePath? {
        guard let node else { return nil }
        let path = try ValuePath(node)
        switch path {
        case .content, .attribute(.ratelimit): return path
        case .element, .attribute, .header, .request, .response:
            throw node.mismatch(expected: "the path of a list: a /POINTER or @ratelimit")
        }
    }
}

extension TimeValue {
    /// Reads a path, or `{ from: PATH, as: FORMAT }`.
    init(_ node: YAMLNode) throws(YAMLError) {
        let line = node.place.line
        guard case .mapping = node.content else {
            self.init(path: try ValuePath(node), format: .rfc3339, line: line)
            return
        }
        let keys = try node.mapping(allowed: DefinitionKeys.moment.names)
        let path = try ValuePath(try keys.required("from"))
        self.init(path: path, format: try TimeFormat(keys["as"]), line: line)
    }
}

extension TimeFormat {
    static let words = allCases.map(\.rawValue)

    /// Reads a format's word; RFC 3339 if there is none.
    init(_ node: YAMLNode?) throws(YAMLError) {
        guard let node else {
            self = .rfc3339
            return
        }
        self = Self(rawValue: try node.word(of: Self.words)) ?? .rfc3339
    }
}

extension EventAttribute {
    /// All values, for attributes that have few; of outcomes those that a rule can be for.
    var values: [String]? {
        switch self {
        case .kind: ["webhook", "call", "delivery", "sync", "fact", "admin"]
        case .outcome: ["accepted", "succeeded", "failed", "rejected"]
        default: nil
        }
    }
}
