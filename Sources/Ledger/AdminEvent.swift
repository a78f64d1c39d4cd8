internal import Bytes
internal import Digest
internal import POSIX

/// The ledger's own events: source `daybook`, kind `admin`.
package enum AdminEvent {
    /// The source of our own events.
    package static let source = "daybook"
    static let createdType = "daybook.ledger.created"
    static let rotatedType = "daybook.key.rotated"
    /// The type of events that tell of erased bodies.
    package static let erasedType = "daybook.erased"
    private static let keySubject = "key:"

    /// An event of our own, with an id made now.
    package static func draft(type: String) -> Draft {
        Draft(source: source, id: newID(), type: type, kind: .admin)
    }

    /// An event of our own with a JSON document as its content.
    package static func draft(type: String, json content: Span<UInt8>) -> Draft {
        var draft = draft(type: type)
        draft[.datacontenttype] = "application/json"
        let meta: [UInt8] = [UInt8(ascii: "{"), UInt8(ascii: "}")]
        draft.body = Body(meta: meta.span, content: content)
        return draft
    }

    /// A UUIDv7 for an event whose provider gives it no id.
    package static func newID() -> String {
        UUIDv7.make(
            unixMilliseconds: UInt64(Clock.microseconds / 1000),
            random: Random.fill(10).span
        )
    }

    /// The first event of every log: it names the first key.
    static func created(vkey: String) -> Draft {
        var draft = draft(type: createdType)
        draft[.subject] = keySubject + vkey
        draft.isOwn = true
        return draft
    }

    /// Names the key that signs everything after this event.
    static func rotated(to vkey: String) -> Draft {
        var draft = draft(type: rotatedType)
        draft[.subject] = keySubject + vkey
        draft.nextKey = vkey
        draft.isOwn = true
        return draft
    }

    /// Whether only the log itself may say this: what names a key, or erased bodies.
    static func isLogsOwn(_ draft: Draft) -> Bool {
        draft.source == source
            && [createdType, rotatedType, erasedType].contains(draft[.type] ?? "")
    }

    /// The vkey that a line names as the one to follow; `nil` for any other line.
    package static func namedKey(_ line: Line) -> String? {
        guard let type = line.raw(.type),
            type.equals(ascii: "daybook.ledger.created")
                || type.equals(ascii: "daybook.key.rotated"),
            line.raw(.source)?.equals(ascii: "daybook") == true,
            line.raw(.kind)?.equals(ascii: "admin") == true,
            let subject = line.text(.subject), subject.hasPrefix(keySubject)
        else { return nil }
        return String(subject.dropFirst(keySubject.count))
    }
}
