internal import Ledger

/// The places in the content of events that a definition goes on to read when bodies are erased:
/// what names rows, tells moments and decides rules, and the values of columns that are not
/// personal.
struct KeptPaths {
    /// A rule's places.
    struct Places {
        /// The list whose elements `paths` are looked for in, too.
        var each: String?
        /// JSON Pointers into the content.
        var paths: [String] = []
        /// Whether elements of the list themselves are values.
        var takesElements = false
    }

    let rules: [Places]

    init(_ definition: Definition) {
        rules = definition.rules.map { rule in
            var places = Places()
            if case .content(let list)? = rule.each { places.each = list }
            for path in rule.kept(definition.columns) {
                switch path {
                case .content(let pointer): places.paths.append(pointer)
                case .element: places.takesElements = true
                case .attribute, .header, .request, .response: break
                }
            }
            return places
        }
    }
}

extension Rule {
    /// The rule without what it tells personal columns looks at no more than this.
    fileprivate func kept(_ columns: [ColumnDefinition]) -> [ValuePath] {
        Rule(
            line: line,
            from: from,
            when: when,
            each: nil,
            key: key,
            at: at,
            links: links,
            settings: settings.filter { !columns[$0.column].isPersonal }
        ).paths
    }
}
