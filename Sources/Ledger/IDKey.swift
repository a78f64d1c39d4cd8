internal import Bytes
internal import Digest

/// The key of the `ids` database: SHA-256(uint32 LE length of source ‖ source ‖ id).
enum IDKey {
    static func hash(_ source: Span<UInt8>, _ id: Span<UInt8>) -> Hash256 {
        var hash = SHA256()
        // The length keeps "a" and "bc" apart from "ab" and "c".
        for shift in [0, 8, 16, 24] as [UInt32] {
            hash.update(
                UInt8(truncatingIfNeeded: UInt32(truncatingIfNeeded: source.count) >> shift)
            )
        }
        hash.update(source)
        hash.update(id)
        return hash.finish()
    }

    /// The sequence that an entry of the index holds; `nil` if it is not exactly 8 bytes.
    static func sequence(_ value: Span<UInt8>) -> UInt64? {
        value.count == 8 ? LittleEndian.uint64(value, at: 0) : nil
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
