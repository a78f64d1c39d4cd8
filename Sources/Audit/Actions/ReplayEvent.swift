internal import Bytes
package import Ledger

/// The event that says that a stretch of the log was played again elsewhere.
package enum ReplayEvent {
    /// Its type.
    package static let type = "daybook.replayed"

    /// What was played again, and to where; recorded before it begins.
    ///
    /// `target` holds no secret: a folder, or a URL without its query.
    package static func draft(
        _ selection: EventSelection,
        size: UInt64,
        events: UInt64,
        target: String,
        actor: Actor,
        purpose: String?
    ) -> Draft {
        var object = CanonicalObject()
        object.add("events", events)
        object.add("query", selection.text)
        object.add("size", size)
        object.add("target", target)
        let content = object.bytes
        var draft = AdminEvent.draft(type: type, json: content.span)
        draft[.subject] = "replay:\(target)"
        draft[.reason] = purpose
        draft.set(.records, to: events)
        draft.sign(by: actor)
        return draft
    }
}
