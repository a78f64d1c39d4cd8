package import Ledger

/// What of the book a token reaches: events by their attributes, rows by their projection.
///
/// Values of one attribute are alternatives, several attributes must all fit, and in a value a `*`
/// stands for any text. A scope that names no attribute of events reaches none, one that names no
/// projection reaches no rows: rows are made of events of every source.
package struct TokenScope: Hashable, Sendable {
    /// What a scope may name.
    package static let names = EventScope.attributes.map(\.name) + [projection]
    private static let projection = "projection"
    /// Parts of a scope, and bytes of one: a line of the log holds all of them.
    private static let partLimit = 32
    private static let partBytes = 256

    /// The events inside; `nil` for none.
    package let events: EventScope?
    private let projections: [String]
    /// The parts as they are written, sorted, a space between them.
    package let text: String

    /// Reads parts such as `source=stripe`.
    package init(_ parts: [String]) throws(TokenProblem) {
        guard !parts.isEmpty, parts.count <= Self.partLimit else {
            throw TokenProblem("expected 1 to \(Self.partLimit) parts of a scope")
        }
        var events = EventScope()
        var projections: [String] = []
        for part in parts {
            guard let mark = part.firstIndex(of: "="), part.utf8.count <= Self.partBytes else {
                throw Self.problem
            }
            let name = String(part[..<mark])
            let value = String(part[part.index(after: mark)...])
            // Spaces end a part where a scope is stored.
            guard !value.isEmpty, value.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
                throw Self.problem
            }
            if name == Self.projection {
                projections.append(value)
            } else if let attribute = EventScope.attributes.first(where: { $0.name == name }) {
                events.add(attribute, value)
            } else {
                throw Self.problem
            }
        }
        self.events = events.isAll ? nil : events
        self.projections = projections
        text = Set(parts).sorted().joined(separator: " ")
    }

    /// Reads what `text` gives.
    init(stored text: String) throws(TokenProblem) {
        try self.init(text.split(separator: " ", omittingEmptySubsequences: false).map(String.init))
    }

    private static var problem: TokenProblem {
        TokenProblem(
            "expected a scope as NAME=VALUE, NAME one of \(names.joined(separator: ", ")), VALUE "
                + "of visible characters, at most \(partBytes) bytes in all"
        )
    }

    /// Whether rows of a projection are inside.
    package func permits(projection name: String) -> Bool {
        projections.contains { globMatches($0, name) }
    }

    /// Whether an event that is to be appended is inside.
    package func permits(_ draft: Draft) -> Bool { events?.permits(draft) ?? false }

    /// Whether an event of the log is inside.
    package func permits(_ line: borrowing Line) -> Bool { events?.permits(line) ?? false }
}
