package import Bytes
package import Digest
internal import JSON
internal import Ledger

/// Turns requests into verdicts, with buffers of its own: one for each thread.
///
/// What is decided depends on the request, the source, the time and the certificates alone.
package struct Intake: ~Copyable {
    private var parser = JSONParser()
    private var salts = SaltSource()

    /// Starts with empty buffers.
    package init() {}

    /// Decides what a request to `source` is.
    package mutating func receive(
        _ request: InboundRequest,
        from source: Source,
        at now: Timestamp,
        certificates: [String: [Certificate]]
    ) -> Verdict {
        let provider = source.provider
        let slots = HeaderSlots(request.headers, provider.headers)
        if let handshake = provider.handshakes.first(where: { $0.matches(request) }) {
            return .handshake(
                handshakeDraft(request, source),
                Answer(status: handshake.status)
            )
        }
        do throws(Refusal) {
            let check = SignatureCheck(
                request: request,
                slots: slots,
                table: provider.headers,
                source: source,
                now: now,
                url: request.target,
                certificates: certificates
            )
            switch try provider.scheme.check(check) {
            case .needsCertificate(let url): return .needsCertificate(url: url)
            case .verified(let secret, let kind, let time):
                if let time { try source.tolerance?.check(time, now: now) }
                try slots.refuseDoubts(provider.headers)
                var draft = try accept(request, slots, source)
                draft[.authtype] = kind
                draft[.authid] = secret
                return .accepted([draft], Answer(status: provider.status))
            }
        } catch {
            return .rejected(
                rejectedDraft(request, slots, source, error),
                Answer(status: error.status, body: Array("\(error.reason)\n".utf8)),
                error
            )
        }
    }

    // MARK: - Accepted

    private mutating func accept(
        _ request: InboundRequest,
        _ slots: HeaderSlots,
        _ source: Source
    ) throws(Refusal) -> Draft {
        var draft = try describe(request, slots, source)
        draft.body = seal(request)
        return draft
    }

    /// Reads what the line says from headers and content.
    private mutating func describe(
        _ request: InboundRequest,
        _ slots: HeaderSlots,
        _ source: Source
    ) throws(Refusal) -> Draft {
        guard source.provider.isJSON else {
            return try Self.describe(ContentReader(request, slots, nil), slots, source, request)
        }
        let document: JSONValue
        do throws(JSONError) {
            document = try parser.parse(request.body.span)
        } catch {
            switch error {
            case .tooDeep: throw Refusal(.tooDeep, "body: \(error)", status: 400)
            case .tooLarge: throw Refusal(.tooLarge, "body: \(error)", status: 413)
            default: throw Refusal(.notJSON, "body: \(error)", status: 400)
            }
        }
        return try Self.describe(ContentReader(request, slots, document), slots, source, request)
    }

    private static func describe(
        _ reader: borrowing ContentReader,
        _ slots: HeaderSlots,
        _ source: Source,
        _ request: InboundRequest
    ) throws(Refusal) -> Draft {
        let provider = source.provider
        let id = try name(reader.text(provider.id), .missingID, "id")
        let type = try name(reader.text(provider.type), .missingType, "type")
        var draft = Draft(source: source.name, id: id, type: type, kind: .webhook)
        draft[.provider] = provider.name
        draft[.time] = reader.time(provider.time)?.short
        for rule in provider.subject {
            guard let subject = rule.subject(type: type, reader) else { continue }
            if subject.utf8.count <= WebhookLimits.textBytes { draft[.subject] = subject }
            break
        }
        common(&draft, slots, request)
        return draft
    }

    private static func name(
        _ text: String?,
        _ word: Refusal.Word,
        _ what: String
    ) throws(Refusal) -> String {
        guard let text else { throw Refusal(word, "the request has no \(what)", status: 400) }
        guard text.utf8.count <= WebhookLimits.nameBytes, !text.utf8.contains(0) else {
            throw Refusal(
                .overlongName,
                "the \(what) has more than \(WebhookLimits.nameBytes) bytes or a zero byte",
                status: 400
            )
        }
        return text
    }

    /// What is recorded of any request.
    private static func common(
        _ draft: inout Draft,
        _ slots: HeaderSlots,
        _ request: InboundRequest
    ) {
        if let type = slots.value(HeaderTable.contentType, in: request),
            type.utf8.count <= WebhookLimits.textBytes
        {
            draft[.datacontenttype] = type
        }
        if let trace = slots.value(HeaderTable.traceparent, in: request), isTraceparent(trace) {
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

    private mutating func seal(_ request: InboundRequest) -> Body {
        let meta = RequestMeta.render(request)
        let salt = salts.next()
        return Body(salt: salt.span, meta: meta.span, content: request.body.span)
    }

    // MARK: - Not accepted

    /// A rejected event has an id of its own: with the claimed one a forger could keep the real
    /// event out.
    private mutating func rejectedDraft(
        _ request: InboundRequest,
        _ slots: HeaderSlots,
        _ source: Source,
        _ refusal: Refusal
    ) -> Draft {
        let headers = source.provider.type.filter { if case .header = $0 { true } else { false } }
        let claimed = ContentReader(request, slots, nil).text(headers)
        let type = claimed.flatMap { Self.isPlainName($0) ? $0 : nil } ?? "webhook.rejected"
        var draft = Draft(
            source: source.name,
            id: AdminEvent.newID(),
            type: type,
            kind: .webhook,
            outcome: .rejected
        )
        draft[.provider] = source.provider.name
        draft[.authtype] = source.provider.scheme.name
        draft[.reason] = refusal.reason
        Self.common(&draft, slots, request)
        if request.body.count <= WebhookLimits.rejectedBodyBytes { draft.body = seal(request) }
        return draft
    }

    private static func isPlainName(_ text: String) -> Bool {
        (1...64).contains(text.utf8.count) && text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f }
    }

    private mutating func handshakeDraft(_ request: InboundRequest, _ source: Source) -> Draft {
        var draft = Draft(
            source: source.name,
            id: AdminEvent.newID(),
            type: "webhook.handshake",
            kind: .webhook
        )
        draft[.provider] = source.provider.name
        draft[.authtype] = "none"
        draft.body = seal(request)
        return draft
    }
}
