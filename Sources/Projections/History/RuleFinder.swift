package import Ledger

/// Tells whether the definitions that answer have a rule for an event, going by its line alone.
package struct RuleFinder: Sendable {
    private let plans: [Plan]

    /// Looks at all projections.
    package init(_ views: Views) throws {
        plans = try views.names().map { try views.plan(of: views.view($0)) }
    }

    /// Whether any definition has a rule whose `from` the line fits.
    package func isRead(_ line: borrowing Line) -> Bool {
        for plan in plans where !plan.candidates(for: line).isEmpty { return true }
        return false
    }
}

extension Views {
    /// The text of each definition that answers, by the projection's name.
    package func answeringDefinitions() throws -> [(name: String, text: [UInt8])] {
        try names().map { ($0, try view($0).text) }
    }
}
