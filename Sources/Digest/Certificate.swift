internal import COpenSSL

/// An X.509 certificate (RFC 5280), read but not yet trusted: `TrustStore` decides that.
package final class Certificate: Sendable {
    /// Whom it names, as RFC 2253 writes it: `CN=hooks.example.com,O=Example`.
    package let subject: String
    /// When it begins to be valid, in Unix seconds.
    package let notBefore: Int
    /// The last second it is valid, in Unix seconds.
    package let notAfter: Int
    /// The DNS names among its subject alternative names, as they stand there.
    package let dnsNames: [String]

    let handle: CertificateHandle
    private let rsaKey: RSAKey?

    private init(_ handle: CertificateHandle) throws(DigestError) {
        self.handle = handle
        rsaKey = handle.rsaKey()
        subject = try handle.subject()
        notBefore = try handle.notBefore()
        notAfter = try handle.notAfter()
        dnsNames = handle.dnsNames()
    }

    /// Reads every certificate in `pem`, in order; other items and text between them are skipped.
    package static func parseAll(pem: [UInt8]) throws(DigestError) -> [Certificate] {
        let certificates = try unsafe withPEM(pem) { (source) throws(DigestError) in
            var certificates: [Certificate] = []
            while let next = unsafe PEM_read_bio_X509(source, nil, noPassword, nil) {
                certificates.append(try unsafe Certificate(CertificateHandle(adopting: next)))
            }
            // The end of the text is reported as an error like any other.
            let isEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
            let reason = takeLibraryReason()
            guard isEnd else {
                throw .malformedCertificate(index: certificates.count, reason: reason)
            }
            return certificates
        }
        guard !certificates.isEmpty else { throw .noCertificate }
        return certificates
    }

    /// Says whether `signature` over SHA-256 of `message` was made with this certificate's RSA key
    /// (PKCS #1 v1.5); never for keys of another kind or under 2048 bits.
    package func verifyRSASHA256(signature: Span<UInt8>, message: Span<UInt8>) -> Bool {
        rsaKey?.verify(signature, message) ?? false
    }
}
