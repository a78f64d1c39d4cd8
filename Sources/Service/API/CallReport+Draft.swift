internal import Bytes
internal import Digest
package import Ledger
package import Outbound

/// What is known of the service that a call went to.
package struct KnownService: Sendable {
    /// The line's `ratelimit`, such as `60/1m`; `nil` if no limits are configured.
    package var rateLimit: String?
    /// What of its messages is not recorded.
    package var secrets: CallSecrets

    /// Takes what is known, by default nothing.
    package init(
        rateLimit: String? = nil,
        secrets: CallSecrets = CallSecrets()
    ) {
        self.rateLimit = rateLimit
        self.secrets = secrets
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
        sent.add("headers", known.secrets.shown(request.headers))
        sent.add("method", method)
        sent.add("target", known.secrets.shown(target: target))
        var meta = CanonicalObject()
        meta.add("lengths", [UInt64(request.body.count), UInt64(response?.body.count ?? 0)])
        meta.add("request", sent)
        if response != nil || status != nil {
            var received = CanonicalObject()
            received.add("headers", known.secrets.shown(response?.headers ?? []))
            received.add("status", status)
            meta.add("response", received)
        }
        var salts = SaltSource()
        let salt = salts.next()
        let bytes = meta.bytes
        let content = request.body + (response?.body ?? [])
        return Body(salt: salt.span, meta: bytes.span, content: content.span)
    }
}
