internal import Bytes
internal import Ledger

/// The meta of a webhook's body: the request line and headers, without secrets (DESIGN 3.3).
enum RequestMeta {
    /// Canonical JSON: `{"request":{"headers":[[NAME,VALUE],…],"method":…,"target":…}}`.
    static func render(_ context: RequestContext, _ source: Source) -> [UInt8] {
        let request = context.request
        var meta: [UInt8] = []
        meta.reserveCapacity(512)
        meta.append(ascii: "{\"request\":{\"headers\":[")
        var isFirst = true
        for (name, value) in request.headers {
            if !isFirst { meta.append(UInt8(ascii: ",")) }
            isFirst = false
            meta.append(UInt8(ascii: "["))
            CanonicalJSON.appendString(name, to: &meta)
            meta.append(UInt8(ascii: ","))
            let shown = isSecret(name, source) ? SecretFields.redacted : value
            CanonicalJSON.appendString(shown, to: &meta)
            meta.append(UInt8(ascii: "]"))
        }
        meta.append(ascii: "],\"method\":")
        CanonicalJSON.appendString(request.method, to: &meta)
        meta.append(ascii: ",\"target\":")
        CanonicalJSON.appendString(target(context, source), to: &meta)
        meta.append(ascii: "}}")
        return meta
    }

    private static func isSecret(_ name: String, _ source: Source) -> Bool {
        for word in source.secretHeaders where word.count == name.utf8.count {
            if ASCII.matches(name.utf8Span.span, lowerCase: word.span) { return true }
        }
        return SecretFields.isSecret(header: name)
    }

    /// The target without a secret that is part of its path, or of its query.
    private static func target(_ context: RequestContext, _ source: Source) -> String {
        var target = context.request.target
        if source.hasPathSecret, let secret = context.pathSecret {
            target.replaceSubrange(secret.startIndex..<secret.endIndex, with: SecretFields.redacted)
        }
        guard !source.secretParameters.isEmpty else { return target }
        return SecretFields.shownTarget(target) { source.secretParameters.contains($0) }
    }
}
