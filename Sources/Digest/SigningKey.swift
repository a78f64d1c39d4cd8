internal import COpenSSL

/// An Ed25519 key that signs (RFC 8032).
package final class SigningKey: Sendable {
    /// Bytes of a seed, which RFC 8032 calls the private key.
    package static let seedCount = 32
    /// Bytes of a signature.
    package static let signatureCount = 64

    /// The 32 bytes that verify what this key signs.
    package let publicKey: [UInt8]
    private let handle: KeyHandle

    /// Takes the 32 bytes of the private key as RFC 8032 defines it.
    package init(seed: [UInt8]) throws(DigestError) {
        guard seed.count == SigningKey.seedCount else {
            throw .keyLength(expected: SigningKey.seedCount, found: seed.count)
        }
        let made = unsafe EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, nil, seed, seed.count)
        guard let key = unsafe made else { throw .library("EVP_PKEY_new_raw_private_key") }
        handle = unsafe KeyHandle(adopting: key)
        var publicKey = [UInt8](repeating: 0, count: VerifyingKey.keyCount)
        var count = publicKey.count
        guard unsafe EVP_PKEY_get_raw_public_key(key, &publicKey, &count) == 1 else {
            throw .library("EVP_PKEY_get_raw_public_key")
        }
        self.publicKey = publicKey
    }

    /// Makes a key nobody had before.
    package static func generate() throws(DigestError) -> SigningKey {
        var seed = Random.fill(seedCount)
        defer { cleanse(&seed) }
        return try SigningKey(seed: seed)
    }

    /// The 32 bytes of the private key, for storing it; clearing them is the caller's task.
    package var seed: [UInt8] {
        get throws(DigestError) {
            var seed = [UInt8](repeating: 0, count: SigningKey.seedCount)
            var count = seed.count
            guard unsafe EVP_PKEY_get_raw_private_key(handle.pointer, &seed, &count) == 1 else {
                throw .library("EVP_PKEY_get_raw_private_key")
            }
            return seed
        }
    }

    /// Signs `message`; the signature is 64 bytes and always the same for one message.
    package func sign(_ message: Span<UInt8>) throws(DigestError) -> [UInt8] {
        guard let context = unsafe EVP_MD_CTX_new() else { throw .library("EVP_MD_CTX_new") }
        defer { unsafe EVP_MD_CTX_free(context) }
        guard unsafe EVP_DigestSignInit(context, nil, nil, nil, handle.pointer) == 1 else {
            throw .library("EVP_DigestSignInit")
        }
        var signature = [UInt8](repeating: 0, count: SigningKey.signatureCount)
        var count = signature.count
        let signed = unsafe message.withUnsafeBufferPointer {
            unsafe EVP_DigestSign(context, &signature, &count, $0.baseAddress, $0.count)
        }
        guard signed == 1 else { throw .library("EVP_DigestSign") }
        return signature
    }
}
