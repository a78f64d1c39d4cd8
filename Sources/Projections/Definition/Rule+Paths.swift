extension Rule {
    /// Whether the rule names the outcome `rejected`; a pattern such as `*` does not.
    var takesRejected: Bool {
        from.contains { $0.attribute == .outcome && $0.patterns.contains("rejected") }
    }

    /// All paths that the rule looks at.
    var paths: [ValuePath] {
        var paths = when.map(\.path) + key.paths + links.flatMap(\.paths)
        if let each { paths.append(each) }
        if let at { paths.append(at.path) }
        for choice in settings.flatMap(\.choices) {
            paths += choice.when.map(\.path)
            paths += choice.by?.paths ?? []
            switch choice.value {
            case .literal: break
            case .from(let source), .delta(let source):
                paths.append(source.path)
                if case .path(let path)? = source.currency { paths.append(path) }
            case .text(let template, _): paths += template.paths
            case .count(let width): if let width { paths.append(width) }
            }
        }
        return paths
    }
}

extension Template {
    fileprivate var paths: [ValuePath] {
        parts.compactMap { part in
            if case .value(let path) = part { path } else { nil }
        }
    }
}

extension ValuePath {
    /// Whether the line alone tells it.
    var isAttribute: Bool {
        if case .attribute = self { true } else { false }
    }

    /// Whether it is a place in the content.
    var isContent: Bool {
        if case .content = self { true } else { false }
    }
}
