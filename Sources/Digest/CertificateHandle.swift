internal import COpenSSL
internal import Glibc

/// A certificate held by libcrypto, freed when let go.
@safe final class CertificateHandle: Sendable {
    // Never changed after `init`; libcrypto locks what it caches inside.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// Takes over the caller's reference.
    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe X509_free(pointer)
    }

    /// The subject as RFC 2253 writes it; what is not ASCII stays UTF-8.
    func subject() throws(DigestError) -> String {
        guard let text = unsafe BIO_new(BIO_s_mem()) else { throw .library("BIO_new") }
        defer { unsafe BIO_free(text) }
        let name = unsafe X509_get_subject_name(pointer)
        let count = unsafe X509_NAME_print_ex(text, name, 0, COpenSSL_name_flags)
        guard count >= 0 else { throw .library("X509_NAME_print_ex") }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let read = unsafe BIO_read(text, &bytes, count)
        return String(decoding: bytes.prefix(Int(max(0, read))), as: UTF8.self)
    }

    /// The DNS names among the subject alternative names (RFC 5280, section 4.2.1.6).
    func dnsNames() -> [String] {
        // libcrypto gives the extension as a stack of general names that the caller owns.
        let found = unsafe X509_get_ext_d2i(pointer, NID_subject_alt_name, nil, nil)
        guard let found = unsafe found else { return [] }
        let stack = OpaquePointer(found)
        defer { unsafe GENERAL_NAMES_free(stack) }
        var names: [String] = []
        for i in 0..<(unsafe OPENSSL_sk_num(stack)) {
            let item = unsafe OPENSSL_sk_value(stack, i)
            guard let name = unsafe item?.assumingMemoryBound(to: GENERAL_NAME.self) else {
                continue
            }
            var kind: Int32 = 0
            guard let value = unsafe GENERAL_NAME_get0_value(name, &kind), kind == GEN_DNS else {
                continue
            }
            let string = unsafe value.assumingMemoryBound(to: ASN1_STRING.self)
            let count = Int(unsafe ASN1_STRING_length(string))
            let start = unsafe ASN1_STRING_get0_data(string)
            let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
            names.append(unsafe String(decoding: bytes, as: UTF8.self))
        }
        return names
    }

    /// When it begins to be valid, in Unix seconds.
    func notBefore() throws(DigestError) -> Int {
        try unsafe CertificateHandle.unixSeconds(X509_get0_notBefore(pointer))
    }

    /// The last second it is valid, in Unix seconds.
    func notAfter() throws(DigestError) -> Int {
        try unsafe CertificateHandle.unixSeconds(X509_get0_notAfter(pointer))
    }

    /// Its public key, if that is an RSA key strong enough to be used.
    func rsaKey() -> RSAKey? {
        guard let key = unsafe X509_get_pubkey(pointer) else {
            ERR_clear_error()
            return nil
        }
        return try? RSAKey(unsafe KeyHandle(adopting: key))
    }

    private static func unixSeconds(_ time: UnsafePointer<ASN1_TIME>?) throws(DigestError) -> Int {
        var parts = unsafe tm()
        guard unsafe ASN1_TIME_to_tm(time, &parts) == 1 else { throw .library("ASN1_TIME_to_tm") }
        return unsafe timegm(&parts)
    }
}
