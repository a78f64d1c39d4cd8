internal import COpenSSL

/// An RSA key that signs SHA-256 hashes by PKCS #1 v1.5 (RFC 8017, section 8.2.1): what a provider
/// has, and we have for trials only.
package final class RSASigningKey: Sendable {
    /// The half that verifies what this key signs.
    package let publicKey: RSAKey
    private let handle: KeyHandle

    /// Reads the first private key in PEM form (RFC 7468, section 10), without a password.
    package convenience init(pem: [UInt8]) throws(DigestError) {
        let handle = try unsafe withPEM(pem) { (source) throws(DigestError) in
            guard let key = unsafe PEM_read_bio_PrivateKey(source, nil, noPassword, nil) else {
                throw .library("PEM_read_bio_PrivateKey")
            }
            return unsafe KeyHandle(adopting: key)
        }
        try self.init(handle)
    }

    private init(_ handle: KeyHandle) throws(DigestError) {
        // Refuses what no verifier would take, before its numbers are asked for.
        _ = try RSAKey(handle)
        let modulus = try handle.number("n")
        publicKey = try RSAKey(modulus: modulus, exponent: try handle.number("e"))
        self.handle = handle
    }

    /// Makes a key nobody had before, with the exponent 65537, which takes a moment.
    package static func generate(bits: Int = 2048) throws(DigestError) -> RSASigningKey {
        guard RSAKey.bits.contains(bits) else { throw .keyStrength(bits: bits) }
        guard let context = unsafe EVP_PKEY_CTX_new_from_name(nil, "RSA", nil) else {
            throw .library("EVP_PKEY_CTX_new_from_name")
        }
        defer { unsafe EVP_PKEY_CTX_free(context) }
        var key: OpaquePointer?
        guard unsafe EVP_PKEY_keygen_init(context) == 1,
            unsafe EVP_PKEY_CTX_set_rsa_keygen_bits(context, Int32(bits)) == 1,
            unsafe EVP_PKEY_generate(context, &key) == 1, let key = unsafe key
        else { throw .library("EVP_PKEY_generate") }
        return try RSASigningKey(unsafe KeyHandle(adopting: key))
    }

    /// The public half as a `PUBLIC KEY` in PEM form (RFC 7468, section 13).
    package var publicPEM: [UInt8] {
        get throws(DigestError) {
            guard let text = unsafe BIO_new(BIO_s_mem()) else { throw .library("BIO_new") }
            defer { unsafe BIO_free(text) }
            guard unsafe PEM_write_bio_PUBKEY(text, handle.pointer) == 1 else {
                throw .library("PEM_write_bio_PUBKEY")
            }
            var bytes = [UInt8](repeating: 0, count: unsafe BIO_ctrl_pending(text))
            let count = unsafe BIO_read(text, &bytes, Int32(clamping: bytes.count))
            return Array(bytes.prefix(Int(max(0, count))))
        }
    }

    /// Signs `message`; the signature is as long as the modulus and always the same for one
    /// message.
    package func sign(_ message: Span<UInt8>) throws(DigestError) -> [UInt8] {
        try handle.signSHA256(message)
    }
}
