internal import COpenSSL

/// An RSA key that verifies PKCS #1 v1.5 signatures over SHA-256 (RFC 8017, section 8.2.2), which
/// JWT calls RS256.
///
/// Taken are keys of 2048 to 8192 bits with an odd exponent from 65537 to 2^64 - 1, the part of
/// FIPS 186-5's range that libcrypto verifies with at any length: others can be broken, or are so
/// long that verifying takes too much time.
package final class RSAKey: Sendable {
    /// The lengths of a modulus that are accepted, in bits.
    package static let bits = 2048...8192

    private let handle: KeyHandle

    /// Takes the two numbers of a public key, big-endian, as a JSON Web Key holds them (RFC 7518,
    /// section 6.3.1).
    package convenience init(modulus: [UInt8], exponent: [UInt8]) throws(DigestError) {
        // Judged before libcrypto sees numbers of whatever length a sender likes.
        let bits = RSAKey.bitCount(modulus)
        guard RSAKey.bits.contains(bits) else { throw .keyStrength(bits: bits) }
        guard RSAKey.bitCount(exponent) <= 64 else { throw RSAKey.exponentError }
        try self.init(try KeyHandle(modulus: modulus, exponent: exponent))
    }

    /// Reads the first `PUBLIC KEY` in PEM form (RFC 7468, section 13).
    package convenience init(pem: [UInt8]) throws(DigestError) {
        let handle = try unsafe withPEM(pem) { (source) throws(DigestError) in
            guard let key = unsafe PEM_read_bio_PUBKEY(source, nil, noPassword, nil) else {
                throw .library("PEM_read_bio_PUBKEY")
            }
            return unsafe KeyHandle(adopting: key)
        }
        try self.init(handle)
    }

    /// Refuses keys that are not RSA, can be broken, or are so long that verifying takes too much
    /// time.
    init(_ handle: KeyHandle) throws(DigestError) {
        guard unsafe EVP_PKEY_get_base_id(handle.pointer) == EVP_PKEY_RSA else {
            throw .keyKind(expected: "rsa")
        }
        let bits = Int(unsafe EVP_PKEY_get_bits(handle.pointer))
        guard RSAKey.bits.contains(bits) else { throw .keyStrength(bits: bits) }
        let exponent = try handle.number("e")
        // 17 bits and odd: 65537 is the least such number.
        guard (17...64).contains(RSAKey.bitCount(exponent)), exponent.last.map({ $0 & 1 }) == 1
        else { throw RSAKey.exponentError }
        self.handle = handle
    }

    /// The modulus and the exponent, big-endian and without leading zeros (RFC 7518, section
    /// 6.3.1).
    package var numbers: (modulus: [UInt8], exponent: [UInt8]) {
        get throws(DigestError) { (try handle.number("n"), try handle.number("e")) }
    }

    /// Says whether `signature` is this key's over SHA-256 of `message`.
    package func verify(_ signature: Span<UInt8>, _ message: Span<UInt8>) -> Bool {
        handle.verify(signature, message, hash: true)
    }

    private static var exponentError: DigestError {
        .keyKind(expected: "rsa with an odd exponent from 65537 to 2^64 - 1")
    }

    /// The length of a big-endian number without leading zeros.
    private static func bitCount(_ number: [UInt8]) -> Int {
        guard let first = number.firstIndex(where: { $0 != 0 }) else { return 0 }
        return (number.count - first) * 8 - number[first].leadingZeroBitCount
    }
}
