/// How often something that an event is about was sent.
package struct Resends: Hashable, Sendable {
    /// `redelivered`, or who was sent it: the service or the delivery's name.
    package let what: String
    package let count: Int
    /// The attempts that failed; of redeliveries none.
    package let failed: Int

    /// What the provider sent again.
    package static let redelivered = "redelivered"
}

extension TraceNode {
    /// Types of events that are attempts to send something.
    private static let attempts: Set = ["webhook.delivery", "api.call"]

    /// What came of an event more than once: the provider sent it again, or we tried again.
    ///
    /// In the order in which each came first; attempts that succeeded at once are not among them.
    package var resends: [Resends] {
        let again = children.filter { $0.outcome == "duplicate" }.count
        var found: [Resends] = []
        if again > 0 { found.append(Resends(what: Resends.redelivered, count: again, failed: 0)) }
        var names: [String] = []
        for child in children where Self.attempts.contains(child.type) {
            if !names.contains(child.source) { names.append(child.source) }
        }
        for name in names {
            let attempts = children.filter {
                $0.source == name && Self.attempts.contains($0.type)
            }
            let failed = attempts.filter { $0.outcome == "failed" }.count
            if attempts.count > 1 || failed > 0 {
                found.append(Resends(what: name, count: attempts.count, failed: failed))
            }
        }
        return found
    }
}
