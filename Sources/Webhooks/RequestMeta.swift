internal import Bytes

/// The meta of a webhook's body: the request line and headers, without secrets (DESIGN 3.3).
enum RequestMeta {
    /// Headers that carry credentials: their values are not recorded.
    private static let secret: [[UInt8]] = [
        "authorization", "proxy-authorization", "cookie", "set-cookie", "x-api-key", "api-key",
        "x-auth-token", "x-access-token", "x-csrf-token",
    ].map { Array($0.utf8) }

    /// Canonical JSON: `{"request":{"headers":[[NAME,VALUE],…],"method":…,"target":…}}`.
    static func render(_ request: InboundRequest) -> [UInt8] {
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
            CanonicalJSON.appendString(isSecret(name) ? "[redacted]" : value, to: &meta)
            meta.append(UInt8(ascii: "]"))
        }
        meta.append(ascii: "],\"method\":")
        CanonicalJSON.appendString(request.method, to: &meta)
        meta.append(ascii: ",\"target\":")
        CanonicalJSON.appendString(request.target, to: &meta)
        meta.append(ascii: "}}")
        return meta
    }

    private static func isSecret(_ name: String) -> Bool {
        for word in secret where word.count == name.utf8.count {
            if ASCII.matches(name.utf8Span.span, lowerCase: word.span) { return true }
        }
        return false
    }
}
