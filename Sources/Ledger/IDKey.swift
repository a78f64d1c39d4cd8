internal import Bytes
internal import Digest

/// The key of the `ids` database: SHA-256(source ‖ 0x00 ‖ id).
///
/// A source holds no zero byte.
enum IDKey {
    static func hash(_ source: Span<UInt8>, _ id: Span<UInt8>) -> Hash256 {
        var hash = SHA256()
        hash.update(source)
        hash.update(0)
        hash.update(id)
        return hash.finish()
    }
}

extension Line {
    /// The key under which the event's id is indexed; `nil` without a source and an id.
    var idKey: Hash256? {
        guard let source = raw(.source), let id = raw(.id) else { return nil }
        let escape = UInt8(ascii: "\\")
        if source.firstIndex(of: escape) == nil, id.firstIndex(of: escape) == nil {
            return IDKey.hash(source, id)
        }
        guard let source = text(.source), let id = text(.id) else { return nil }
        return IDKey.hash(source.utf8Span.span, id.utf8Span.span)
    }
}
