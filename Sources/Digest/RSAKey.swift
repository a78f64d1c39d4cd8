internal import COpenSSL

/// An RSA key that verifies PKCS #1 v1.5 signatures over SHA-256 (RFC 8017, section 8.2.2), which
/// JWT calls RS256.
package final class RSAKey: Sendable {
    private let handle: KeyHandle

    /// Takes the two numbers of a public key, big-endian, as a JSON Web Key holds them (RFC 7518,
    /// section 6.3.1).
    package convenience init(modulus: [UInt8], exponent: [UInt8]) throws(DigestError) {
        guard let rsa = unsafe RSA_new() else { throw .library("RSA_new") }
        defer { unsafe RSA_free(rsa) }
        let n = unsafe BN_bin2bn(modulus, Int32(clamping: modulus.count), nil)
        let e = unsafe BN_bin2bn(exponent, Int32(clamping: exponent.count), nil)
        guard unsafe RSA_set0_key(rsa, n, e, nil) == 1 else {
            unsafe BN_free(n)
            unsafe BN_free(e)
            throw .library("RSA_set0_key")
        }
        guard let key = unsafe EVP_PKEY_new() else { throw .library("EVP_PKEY_new") }
        let handle = unsafe KeyHandle(adopting: key)
        guard unsafe EVP_PKEY_set1_RSA(key, rsa) == 1 else { throw .library("EVP_PKEY_set1_RSA") }
        try self.init(handle)
    }

    /// Reads a `PUBLIC KEY` in PEM form (RFC 7468, section 13).
    package convenience init(pem: [UInt8]) throws(DigestError) {
        let handle = try unsafe withPEM(pem) { (source) throws(DigestError) in
            guard let key = unsafe PEM_read_bio_PUBKEY(source, nil, noPassword, nil) else {
                throw .library("PEM_read_bio_PUBKEY")
            }
            return unsafe KeyHandle(adopting: key)
        }
        try self.init(handle)
    }

    /// Refuses keys that are not RSA, can be broken, or are so long that verifying takes seconds.
    init(_ handle: KeyHandle) throws(DigestError) {
        guard unsafe EVP_PKEY_get_base_id(handle.pointer) == EVP_PKEY_RSA else {
            throw .keyKind(expected: "rsa")
        }
        let bits = Int(unsafe EVP_PKEY_get_bits(handle.pointer))
        guard (2048...16384).contains(bits) else { throw .keyStrength(bits: bits) }
        self.handle = handle
    }

    /// Says whether `signature` is this key's over SHA-256 of `message`.
    package func verify(_ signature: Span<UInt8>, _ message: Span<UInt8>) -> Bool {
        handle.verify(signature, message, hash: true)
    }
}
