internal import Bytes
internal import JSON
internal import Ledger

/// Makes the events of one request.
struct Drafting: Sendable {
    let context: RequestContext
    let source: Source

    // MARK: - Accepted

    /// The event of the request itself, with its body.
    func webhook(
        _ reader: borrowing ContentReader,
        _ proof: Verification.Proof,
        _ salt: [16 of UInt8]
    ) throws(Refusal) -> Draft {
        let names = source.provider.names
        let id = try Self.name(reader.text(names.id), .missingID, "id")
        let type = try Self.name(reader.text(names.type), .missingType, "type")
        var draft = event(id, type, .webhook)
        draft[.time] = reader.time(names.time)?.short
        draft[.subject] = names.subject(of: type, reader)
        draft[.authtype] = proof.kind
        draft[.authid] = proof.by
        describe(&draft)
        draft.body = body(salt)
        draft.isToldByID = source.provider.varies
        return draft
    }

    /// The events of the request's parts, in order.
    func parts(of content: JSONValue) throws(Refusal) -> [Draft] {
        var drafts: [Draft] = []
        let isXML = source.provider.content == .xml
        for rule in source.provider.parts {
            content.forEach(rule.steps[...], path: "", isXML: isXML) { part, path in
                guard let part, drafts.count <= WebhookLimits.parts else { return }
                let reader = ContentReader(context, content, part: part, at: path)
                drafts.append(fact(reader, rule.names, path))
            }
        }
        guard drafts.count <= WebhookLimits.parts else {
            throw Refusal(
                .tooManyParts,
                "more than \(WebhookLimits.parts) events in one request",
                status: 413
            )
        }
        return drafts
    }

    /// A part without a name of its own gets one from what it says: what a sender vouches for is
    /// never turned away for what one of its parts lacks.
    private func fact(
        _ reader: borrowing ContentReader,
        _ names: EventNames,
        _ path: String
    ) -> Draft {
        let id = reader.text(names.id).flatMap { Self.isName($0) ? $0 : nil }
        let type = reader.text(names.type).flatMap { Self.isName($0) ? $0 : nil }
        var draft = event(
            id ?? reader.text(.hash) ?? AdminEvent.newID(),
            type ?? "webhook.part",
            .fact
        )
        draft[.time] = reader.time(names.time)?.short
        draft[.subject] = type.flatMap { names.subject(of: $0, reader) }
        draft[.part] = path
        draft.cause = 0
        return draft
    }

    /// The event of a question that was answered; `proof` is what it was signed with.
    func handshake(_ proof: Verification.Proof?, _ salt: [16 of UInt8]) -> Draft {
        var draft = event(AdminEvent.newID(), "webhook.handshake", .webhook)
        draft[.authtype] = proof?.kind ?? "none"
        draft[.authid] = proof?.by
        describe(&draft)
        draft.body = body(salt)
        return draft
    }

    private static func name(
        _ text: String?,
        _ word: Refusal.Word,
        _ what: String
    ) throws(Refusal) -> String {
        guard let text else { throw Refusal(word, "the request has no \(what)", status: 400) }
        guard isName(text) else {
            throw Refusal(
                .overlongName,
                "the \(what) has more than \(WebhookLimits.nameBytes) bytes or a zero byte",
                status: 400
            )
        }
        return text
    }

    private static func isName(_ text: String) -> Bool {
        text.utf8.count <= WebhookLimits.nameBytes && !text.utf8.contains(0)
    }

    // MARK: - Not accepted

    /// A rejected event has an id of its own: with the claimed one a forger could keep the real
    /// event out.
    func rejected(_ refusal: Refusal, _ salt: [16 of UInt8]) -> Draft {
        let headers = source.provider.names.type.filter(\.isHeader)
        let claimed = ContentReader(context, nil).text(headers)
        let type = claimed.flatMap { Self.isPlainName($0) ? $0 : nil } ?? "webhook.rejected"
        var draft = event(AdminEvent.newID(), type, .webhook, outcome: .rejected)
        draft[.authtype] = source.schemes.first?.named.scheme.name
        draft[.reason] = refusal.reason
        describe(&draft)
        if context.request.body.count <= WebhookLimits.rejectedBodyBytes { draft.body = body(salt) }
        return draft
    }

    private static func isPlainName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    // MARK: - Any event

    private func event(
        _ id: String,
        _ type: String,
        _ kind: Kind,
        outcome: Outcome = .accepted
    ) -> Draft {
        var draft = Draft(source: source.name, id: id, type: type, kind: kind, outcome: outcome)
        draft[.provider] = source.provider.name
        return draft
    }

    /// What is recorded of any request.
    private func describe(_ draft: inout Draft) {
        if let type = context.slots.value(HeaderTable.contentType, in: context.request),
            type.utf8.count <= WebhookLimits.textBytes
        {
            draft[.datacontenttype] = type
        }
        if let trace = context.slots.value(HeaderTable.traceparent, in: context.request),
            Self.isTraceparent(trace)
        {
            draft[.traceparent] = trace
        }
    }

    /// Whether a text is a `traceparent` of version 00 (W3C Trace Context, section 3.2).
    private static func isTraceparent(_ text: String) -> Bool {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        return parts.map(\.utf8.count) == [2, 32, 16, 2] && parts[0] == "00"
            && parts.allSatisfy { Hex.decode($0.utf8Span.span) != nil }
            && parts[1].contains { $0 != "0" } && parts[2].contains { $0 != "0" }
    }

    private func body(_ salt: [16 of UInt8]) -> Body {
        let meta = RequestMeta.render(context, source)
        return Body(salt: salt.span, meta: meta.span, content: context.request.body.span)
    }
}
