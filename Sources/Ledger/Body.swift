internal import Bytes
internal import Digest

/// The sealed part of an event: what was on the wire, to be covered by a salted digest.
///
/// Record (DESIGN 3.3): version `0x01` ‖ salt (16 random bytes) ‖ uint32 LE length of meta ‖ meta
/// (canonical JSON) ‖ content (byte for byte). The digest covers all of it; the writer computes it
/// for a whole batch at once, which is several times as fast as one after the other.
package struct Body: Sendable {
    /// The whole record.
    package let record: [UInt8]
    /// Bytes of content: the line's `bodysize`.
    package let contentSize: Int

    /// Seals content with its meta.
    ///
    /// The salt is 16 random bytes that are never used twice; the meta is canonical JSON.
    package init(salt: Span<UInt8>, meta: Span<UInt8>, content: Span<UInt8>) {
        precondition(salt.count == BodyLayout.saltSize, "a salt has 16 bytes")
        var record: [UInt8] = []
        record.reserveCapacity(BodyLayout.headerSize + meta.count + content.count)
        record.append(BodyLayout.version)
        record.append(span: salt)
        LittleEndian.append(UInt32(meta.count), to: &record)
        record.append(span: meta)
        record.append(span: content)
        self.record = record
        contentSize = content.count
    }

    /// Seals content with its meta under a salt of its own.
    ///
    /// For events that come one by one; who makes many draws the salts from a `SaltSource`.
    package init(meta: Span<UInt8>, content: Span<UInt8>) {
        let salt = Random.fill(BodyLayout.saltSize)
        self.init(salt: salt.span, meta: meta, content: content)
    }
}

/// Where the parts of a body record lie in it.
package struct BodyLayout: Sendable {
    /// The first byte of every record.
    package static let version: UInt8 = 1
    /// Bytes of salt.
    package static let saltSize = 16
    /// Bytes before the meta.
    package static let headerSize = 1 + saltSize + 4

    /// The record's range that is canonical JSON.
    package let meta: Range<Int>
    /// The record's range that was on the wire.
    package let content: Range<Int>

    /// Finds the parts; `nil` if `record` is not a body record of this version.
    package init?(_ record: Span<UInt8>) {
        guard record.count >= Self.headerSize, record[0] == Self.version,
            let length = LittleEndian.uint32(record, at: 1 + Self.saltSize),
            Int(length) <= record.count - Self.headerSize
        else { return nil }
        meta = Self.headerSize..<Self.headerSize + Int(length)
        content = meta.upperBound..<record.count
    }
}
