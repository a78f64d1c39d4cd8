/// Which events somebody may see or append: for each attribute that it names, patterns of which one
/// must fit.
///
/// An event without such an attribute is outside. In a pattern a `*` stands for any text.
package struct EventScope: Hashable, Sendable {
    /// The attributes that a scope may name.
    package static let attributes: [Attribute] = [.kind, .source, .subject, .type]

    private var patterns: [Attribute: [String]] = [:]

    /// A scope of all events, to be narrowed.
    package init() {}

    /// Whether every event is inside.
    package var isAll: Bool { patterns.isEmpty }

    /// Narrows the scope to events whose attribute fits this pattern, or another one added for it.
    package mutating func add(_ attribute: Attribute, _ pattern: String) {
        patterns[attribute, default: []].append(pattern)
    }

    /// Whether an event of the log is inside.
    package func permits(_ line: borrowing Line) -> Bool {
        for (attribute, patterns) in patterns {
            guard Self.fits(line.text(attribute), patterns) else { return false }
        }
        return true
    }

    /// Whether an event that is to be appended is inside.
    package func permits(_ draft: Draft) -> Bool {
        patterns.allSatisfy { Self.fits(draft[$0.key], $0.value) }
    }

    private static func fits(_ text: String?, _ patterns: [String]) -> Bool {
        guard let text else { return false }
        return patterns.contains { globMatches($0, text) }
    }
}
