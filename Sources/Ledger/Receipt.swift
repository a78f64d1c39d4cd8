package import Bytes
internal import Digest

/// What a caller gets for an event that is on disk: enough to find it and to prove it later.
package struct Receipt: Sendable, Equatable {
    /// The event's position.
    package let sequence: UInt64
    /// RFC 6962 leaf hash of its line.
    package let leafHash: Hash256
    /// Size of the signed checkpoint that first covers it.
    package let checkpointSize: UInt64
    /// What became of it.
    package let outcome: Outcome
    /// For a `duplicate` or `conflict`: the event that came first.
    package let original: UInt64?
}

extension Draft {
    /// Refuses an event whose line would be too long, before it takes others of its group with it.
    package func checkSize() throws(AppendError) {
        let size = values.reduce(0) { sum, entry in
            if case .text(let text) = entry.value { sum + text.utf8.count } else { sum }
        }
        // Escapes and names make a line longer than its texts, but not eight times.
        if size > Limits.lineBytes / 8 { _ = try PreparedDraft(self) }
    }
}

/// A draft made ready for the writer on the caller's thread: rendered, and its id hashed.
struct PreparedDraft: Sendable {
    let draft: Draft
    let template: LineTemplate
    let idKey: Hash256

    init(_ draft: Draft) throws(AppendError) {
        self.draft = draft
        template = LineTemplate(draft)
        idKey = IDKey.hash(draft.source.utf8Span.span, draft.id.utf8Span.span)
        try Self.check(draft)
        // A redelivery's line may be longer by its causation and its outcome.
        guard template.length <= Limits.lineBytes - 64 else {
            throw .refused(
                "the event's attributes take \(template.length) bytes, at most "
                    + "\(Limits.lineBytes - 64) are allowed"
            )
        }
        if let body = draft.body, body.record.count > Limits.bodyBytes {
            throw .refused(
                "the event's body has \(body.record.count) bytes, at most "
                    + "\(Limits.bodyBytes) are allowed"
            )
        }
    }

    /// Refuses what could not be told from an event of the log's own, or would not be canonical.
    private static func check(_ draft: Draft) throws(AppendError) {
        guard !draft.source.isEmpty, !draft.id.isEmpty, draft[.type]?.isEmpty == false else {
            throw .refused("an event needs a source, an id and a type")
        }
        for (attribute, value) in draft.values {
            switch value {
            case .text where attribute.isInteger:
                throw .refused("the attribute \(attribute) is a number, not a text")
            case .number where !attribute.isInteger:
                throw .refused("the attribute \(attribute) is a text, not a number")
            case .number(let number) where number > UInt64(CanonicalJSON.largestExactInteger):
                throw .refused(
                    "the attribute \(attribute) is beyond what JSON numbers hold exactly"
                )
            case .text(let text) where attribute == .causationid:
                guard Decimal.parsePadded(text.utf8Span.span, digits: Decimal.sequenceDigits) != nil
                else { throw .refused("causationid is not a sequence of 20 digits") }
            default: continue
            }
        }
        if AdminEvent.isLogsOwn(draft), !draft.isOwn {
            throw .refused("only the log itself names its keys, and what was erased from it")
        }
    }

    var byteCount: Int { template.length + (draft.body?.record.count ?? 0) }
}
