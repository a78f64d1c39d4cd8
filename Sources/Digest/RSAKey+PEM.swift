internal import COpenSSL

extension RSAKey {
    /// Reads the key of every `PUBLIC KEY` and every `CERTIFICATE` in `pem` (RFC 7468), in order.
    ///
    /// Text between them is skipped. Anything else in PEM form is refused: a private key does not
    /// belong where a public one is asked for. So is a text with neither.
    package static func parseAll(pem: [UInt8]) throws(DigestError) -> [RSAKey] {
        let keys = try unsafe withPEM(pem) { (source) throws(DigestError) in
            var keys: [RSAKey] = []
            while let key = try unsafe next(source) { keys.append(key) }
            return keys
        }
        guard !keys.isEmpty else { throw kindError }
        return keys
    }

    private static var kindError: DigestError {
        .keyKind(expected: "a public key or a certificate in pem form")
    }

    /// Reads the next item; `nil` at the end of the text.
    private static func next(_ source: OpaquePointer) throws(DigestError) -> RSAKey? {
        var name: UnsafeMutablePointer<CChar>?
        var header: UnsafeMutablePointer<CChar>?
        var bytes: UnsafeMutablePointer<UInt8>?
        var count = 0
        guard unsafe PEM_read_bio(source, &name, &header, &bytes, &count) == 1 else {
            // The end of the text is reported as an error like any other.
            let isEnd = ERR_GET_REASON(ERR_peek_last_error()) == PEM_R_NO_START_LINE
            let reason = takeLibraryReason()
            if isEnd { return nil }
            throw .library(operation: "PEM_read_bio", reason: reason)
        }
        defer {
            unsafe CRYPTO_free(name, nil, 0)
            unsafe CRYPTO_free(header, nil, 0)
            // It may be a private key after all.
            unsafe CRYPTO_clear_free(bytes, count, nil, 0)
        }
        guard let name = unsafe name else { return nil }
        return switch unsafe String(cString: name) {
        case "PUBLIC KEY": try unsafe key(bytes, count)
        case "CERTIFICATE": try unsafe certificateKey(bytes, count)
        default: throw kindError
        }
    }

    /// Reads a SubjectPublicKeyInfo (RFC 5280, section 4.1).
    private static func key(
        _ bytes: UnsafePointer<UInt8>?,
        _ count: Int
    ) throws(DigestError) -> RSAKey {
        var position = unsafe bytes
        guard let key = unsafe d2i_PUBKEY(nil, &position, count) else {
            throw .library("d2i_PUBKEY")
        }
        return try RSAKey(unsafe KeyHandle(adopting: key))
    }

    /// Reads the key of a certificate; nothing else of it is looked at.
    private static func certificateKey(
        _ bytes: UnsafePointer<UInt8>?,
        _ count: Int
    ) throws(DigestError) -> RSAKey {
        var position = unsafe bytes
        guard let certificate = unsafe d2i_X509(nil, &position, count) else {
            throw .library("d2i_X509")
        }
        defer { unsafe X509_free(certificate) }
        guard let key = unsafe X509_get_pubkey(certificate) else {
            throw .library("X509_get_pubkey")
        }
        return try RSAKey(unsafe KeyHandle(adopting: key))
    }
}
