internal import Bytes
internal import Digest
package import Ledger

/// What is known of the service that a call went to.
package struct KnownService: Sendable {
    /// The line's `ratelimit`, such as `60/1m`; `nil` if no limits are configured.
    package var rateLimit: String?
    /// Headers whose values are credentials, in lower case.
    package var secretHeaders: [String]
    /// Parameters of the URL whose values are credentials.
    package var secretParameters: [String]

    /// Takes what is known, by default nothing.
    package init(
        rateLimit: String? = nil,
        secretHeaders: [String] = [],
        secretParameters: [String] = []
    ) {
        self.rateLimit = rateLimit
        self.secretHeaders = secretHeaders
        self.secretParameters = secretParameters
    }
}

extension CallReport {
    /// The call's event, without the credentials that the report has.
    ///
    /// The id is in a name space of its own, so that no report takes the id of a webhook whose
    /// source is called like the service.
    package func draft(_ known: KnownService) -> Draft {
        let isWhole = error == nil
        var draft = Draft(
            source: service,
            id: id.map { "call:\($0)" } ?? AdminEvent.newID(),
            type: "api.call",
            kind: .call,
            outcome: isWhole && status.map { $0 < 400 } == true ? .succeeded : .failed
        )
        draft[.service] = service
        draft[.method] = method
        draft[.path] = String(target.prefix { $0 != "?" })
        draft[.time] = sent?.short
        draft[.correlationid] = correlation
        draft[.ratelimit] = known.rateLimit
        draft[.reason] = error.map { "reported: \($0)" }
        draft.set(.attempt, to: attempt)
        if let status { draft.set(.status, to: status) }
        if let milliseconds { draft.set(.durationms, to: milliseconds) }
        draft.body = body(known)
        return draft
    }

    private func body(_ known: KnownService) -> Body {
        var sent = CanonicalObject()
        sent.add("headers", shown(request.headers, known))
        sent.add("method", method)
        sent.add("target", shownTarget(known))
        var meta = CanonicalObject()
        meta.add("lengths", [UInt64(request.body.count), UInt64(response?.body.count ?? 0)])
        meta.add("request", sent)
        if response != nil || status != nil {
            var received = CanonicalObject()
            received.add("headers", shown(response?.headers ?? [], known))
            received.add("status", status)
            meta.add("response", received)
        }
        var salts = SaltSource()
        let salt = salts.next()
        let bytes = meta.bytes
        let content = request.body + (response?.body ?? [])
        return Body(salt: salt.span, meta: bytes.span, content: content.span)
    }

    private func shown(
        _ headers: [(name: String, value: String)],
        _ known: KnownService
    ) -> [(name: String, value: String)] {
        headers.map { header in
            let isSecret =
                SecretFields.isSecret(header: header.name)
                || known.secretHeaders.contains(header.name.lowercased())
                || LikelySecrets.isLikely(header.name)
            return isSecret ? (header.name, SecretFields.redacted) : header
        }
    }

    private func shownTarget(_ known: KnownService) -> String {
        let query = target.drop { $0 != "?" }.dropFirst()
        let fields = (try? FormFields(String(query).utf8Span.span))?.fields ?? []
        let likely = fields.compactMap { String(utf8: $0.name.span) }
            .filter { LikelySecrets.isLikely($0) }
        return SecretFields.shownTarget(
            target,
            secret: SecretFields.parameters + known.secretParameters + likely
        )
    }
}
