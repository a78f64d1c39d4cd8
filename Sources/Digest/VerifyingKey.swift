internal import COpenSSL

/// An Ed25519 key that verifies (RFC 8032).
package final class VerifyingKey: Sendable {
    /// Bytes of a public key.
    package static let keyCount = 32

    private let handle: KeyHandle

    /// Takes the 32 bytes of a public key.
    package init(publicKey: [UInt8]) throws(DigestError) {
        guard publicKey.count == VerifyingKey.keyCount else {
            throw .keyLength(expected: VerifyingKey.keyCount, found: publicKey.count)
        }
        let made = unsafe EVP_PKEY_new_raw_public_key(
            EVP_PKEY_ED25519,
            nil,
            publicKey,
            publicKey.count
        )
        guard let key = unsafe made else { throw .library("EVP_PKEY_new_raw_public_key") }
        handle = unsafe KeyHandle(adopting: key)
    }

    /// Says whether `signature` is this key's over `message`; any length but 64 bytes is not.
    package func verify(_ signature: Span<UInt8>, _ message: Span<UInt8>) -> Bool {
        handle.verify(signature, message, hash: false)
    }
}
