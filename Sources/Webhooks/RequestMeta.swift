internal import Bytes

/// The meta of a webhook's body: the request line and headers, without secrets (DESIGN 3.3).
enum RequestMeta {
    /// Headers that carry credentials: their values are not recorded.
    private static let secret: [[UInt8]] = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key",
        "x-auth-token", "x-access-token", "x-csrf-token",
    ].map { Array($0.utf8) }

    private static let redacted = "[redacted]"

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
            CanonicalJSON.appendString(isSecret(name, source) ? redacted : value, to: &meta)
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
        for word in secret + source.secretHeaders where word.count == name.utf8.count {
            if ASCII.matches(name.utf8Span.span, lowerCase: word.span) { return true }
        }
        return false
    }

    /// The target without a secret that is part of its path, or of its query.
    private static func target(_ context: RequestContext, _ source: Source) -> String {
        var target = context.request.target
        if source.hasPathSecret, let secret = context.pathSecret {
            target.replaceSubrange(secret.startIndex..<secret.endIndex, with: redacted)
        }
        guard !source.secretParameters.isEmpty,
            let mark = target.utf8.firstIndex(of: UInt8(ascii: "?"))
        else { return target }
        let start = target.index(after: mark)
        let fields = target[start...].split(separator: "&", omittingEmptySubsequences: false)
        let shown = fields.map { field -> Substring in
            let name = field.prefix { $0 != "=" }
            // Percent-encoded, a name is still the same name.
            let decoded = (try? FormFields(name.utf8Span.span))?.fields.first?.name ?? []
            let isSecret = source.secretParameters.contains { decoded.elementsEqual($0.utf8) }
            return isSecret ? "\(name)=\(redacted)" : field
        }
        return target[..<start] + shown.joined(separator: "&")
    }
}
