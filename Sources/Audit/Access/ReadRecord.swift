internal import Bytes
package import Ledger

/// What the log says of a read of audit data: who asked what, what for, and how much was shown.
///
/// It is written before the answer is given out.
package struct ReadRecord: Sendable {
    /// The type of the event.
    package static let type = "daybook.read"
    /// Bytes of a purpose: a sentence or two.
    package static let purposeBytes = 1024

    /// The command, such as `state`, or the route, such as `GET /v1/events`.
    package let method: String
    /// What was asked, by `QueryWords`.
    package let query: String
    /// Rows, events or records that are shown; `nil` where the answer goes on as events come.
    package let rows: UInt64?
    /// What for, as who asks says.
    package let purpose: String?
    /// Who asks.
    package let actor: Actor
    /// Who is logged in where a token was shown at the command line; `nil` elsewhere.
    package let user: String?

    /// Takes what is about to be answered.
    package init(
        method: String,
        query: String,
        rows: UInt64?,
        purpose: String?,
        actor: Actor,
        user: String? = nil
    ) {
        self.method = method
        self.query = query
        self.rows = rows
        self.purpose = purpose
        self.actor = actor
        self.user = user
    }

    /// The event.
    package var draft: Draft {
        var draft = AdminEvent.draft(type: Self.type)
        if actor.role != nil || user != nil {
            var object = CanonicalObject()
            object.add("role", actor.role)
            object.add("user", user)
            let bytes = object.bytes
            draft = AdminEvent.draft(type: Self.type, json: bytes.span)
        }
        draft[.method] = method
        draft[.path] = query.isEmpty ? nil : query
        draft[.reason] = purpose
        if let rows { draft.set(.records, to: rows) }
        draft.sign(by: actor)
        return draft
    }
}
