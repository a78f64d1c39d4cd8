package import Bytes

/// SHA-256 as a transparency log uses it (RFC 6962 section 2.1).
package protocol TreeHasher {
    /// SHA-256 of `bytes`.
    static func hash(_ bytes: Span<UInt8>) -> Hash256

    /// The leaf hash of an entry: SHA-256 of the byte 0x00 and the entry.
    static func leaf(_ entry: Span<UInt8>) -> Hash256

    /// The hash of an inner node: SHA-256 of the byte 0x01, the left and the right hash.
    static func node(_ left: Hash256, _ right: Hash256) -> Hash256
}

extension TreeHasher {
    /// The root of the tree with no leaves: SHA-256 of nothing.
    package static var emptyRoot: Hash256 {
        let nothing: [UInt8] = []
        return hash(nothing.span)
    }
}
