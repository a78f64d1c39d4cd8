package import Bytes
internal import COpenSSL

/// A SHA-256 computation over bytes that come in pieces (FIPS 180-4).
///
/// A plain value: a copy goes on from where the original stood, at the price of copying 112 bytes.
package struct SHA256: Sendable {
    private var context: SHA256_CTX

    /// Starts with no bytes.
    package init() {
        context = SHA256_CTX()
        unsafe SHA256_Init(&context)
    }

    /// Appends `bytes` to what is hashed.
    package mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer {
            _ = unsafe SHA256_Update(&context, $0.baseAddress, $0.count)
        }
    }

    /// Appends one byte to what is hashed.
    package mutating func update(_ byte: UInt8) {
        unsafe withUnsafePointer(to: byte) { _ = unsafe SHA256_Update(&context, $0, 1) }
    }

    /// Ends the computation and gives the digest.
    package consuming func finish() -> Hash256 {
        var digest = Hash256.zero
        unsafe withUnsafeMutableBytes(of: &digest.bytes) {
            _ = unsafe SHA256_Final($0.baseAddress, &context)
        }
        return digest
    }
}

extension SHA256 {
    /// Hashes `bytes` in one go.
    package static func hash(_ bytes: Span<UInt8>) -> Hash256 {
        var hash = SHA256()
        hash.update(bytes)
        return hash.finish()
    }

    /// Hashes a leaf of a Merkle tree: SHA-256 of `0x00 || bytes` (RFC 6962, section 2.1).
    package static func leaf(_ bytes: Span<UInt8>) -> Hash256 {
        var hash = SHA256()
        hash.update(0x00)
        hash.update(bytes)
        return hash.finish()
    }

    /// Hashes an interior node of a Merkle tree: SHA-256 of `0x01 || left || right` (RFC 6962,
    /// section 2.1).
    package static func node(_ left: Hash256, _ right: Hash256) -> Hash256 {
        var hash = SHA256()
        hash.update(0x01)
        left.withSpan { hash.update($0) }
        right.withSpan { hash.update($0) }
        return hash.finish()
    }
}
