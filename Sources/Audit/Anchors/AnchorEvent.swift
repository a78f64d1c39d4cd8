internal import Bytes
internal import Digest
internal import Ledger
internal import Merkle

/// The events that tell of anchors.
package enum AnchorEvent {
    /// Somebody outside vouches for a checkpoint; its content is the cosigned note or the time
    /// stamp.
    package static let type = "daybook.anchored"
    /// A witness knows another log under our name; its content is the evidence.
    package static let refusedType = "daybook.witness.refused"
    static let noteType = "text/plain; charset=utf-8"
    static let stampType = "application/timestamp-reply"

    /// A checkpoint with the cosignatures that were gathered, each with its moment.
    static func draft(
        _ note: SignedNote,
        size: UInt64,
        cosigned: [(name: String, seconds: UInt64)],
        hasQuorum: Bool,
        by actor: Actor
    ) -> Draft {
        var meta = CanonicalObject()
        meta.add("cosigned", cosigned.map { ($0.name, moment($0.seconds)) })
        meta.add("kind", "witness")
        meta.add("quorum", hasQuorum ? "reached" : "missed")
        meta.add("size", size)
        return draft(note.bytes, noteType, meta, size, by: actor)
    }

    /// A time stamp over a checkpoint's text.
    static func draft(
        _ reply: [UInt8],
        of holder: TimestampReply.Holder,
        size: UInt64,
        by actor: Actor
    ) -> Draft {
        var meta = CanonicalObject()
        meta.add("authority", holder.authority)
        meta.add("kind", "rfc3161")
        meta.add("size", size)
        meta.add("time", holder.time.short)
        return draft(reply, stampType, meta, size, by: actor)
    }

    private static func draft(
        _ content: [UInt8],
        _ mediaType: String,
        _ meta: CanonicalObject,
        _ size: UInt64,
        by actor: Actor
    ) -> Draft {
        var draft = AdminEvent.draft(type: type)
        draft[.datacontenttype] = mediaType
        draft[.subject] = "checkpoint:\(size)"
        let meta = meta.bytes
        draft.body = Body(meta: meta.span, content: content.span)
        draft.sign(by: actor)
        return draft
    }

    private static func moment(_ seconds: UInt64) -> String {
        Timestamp(unixSeconds: Int64(clamping: seconds))?.short ?? "\(seconds)"
    }
}
