internal import COpenSSL

/// One run of libcrypto's path validation (RFC 5280, section 6) for one certificate.
@safe struct ChainCheck: ~Copyable {
    /// 112 bits: RSA from 2048, curves from 224, hashes from SHA-224.
    static let securityLevel: Int32 = 2

    private let leaf: Certificate
    private let host: ExpectedHost?
    // Held, because the context only borrows them.
    private let intermediates: [Certificate]
    private let trust: TrustStore
    private let context: OpaquePointer
    /// Lends the intermediates to the context.
    private let links: OpaquePointer

    init(
        of leaf: Certificate,
        for host: ExpectedHost?,
        intermediates: [Certificate],
        trust: TrustStore
    ) throws(CertificateError) {
        guard let links = unsafe OPENSSL_sk_new_null() else {
            throw .library("OPENSSL_sk_new_null")
        }
        for certificate in intermediates {
            unsafe OPENSSL_sk_push(links, UnsafeRawPointer(certificate.handle.pointer))
        }
        let context = unsafe X509_STORE_CTX_new()
        guard let context = unsafe context,
            unsafe X509_STORE_CTX_init(context, trust.store, leaf.handle.pointer, links) == 1
        else {
            unsafe X509_STORE_CTX_free(context)
            unsafe OPENSSL_sk_free(links)
            throw .library("X509_STORE_CTX_init")
        }
        self.leaf = leaf
        self.host = host
        self.intermediates = intermediates
        self.trust = trust
        unsafe self.links = unsafe links
        unsafe self.context = unsafe context
    }

    deinit {
        unsafe X509_STORE_CTX_free(context)
        unsafe OPENSSL_sk_free(links)
    }

    /// Validates as of `unixSeconds`.
    func run(at unixSeconds: Int) throws(CertificateError) {
        // A failed check leaves errors in the thread's queue.
        defer { ERR_clear_error() }
        let parameters = unsafe X509_STORE_CTX_get0_param(context)
        unsafe X509_VERIFY_PARAM_set_time(parameters, unixSeconds)
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, ChainCheck.securityLevel)
        // An anchor is trusted because it was given, not because it signs itself.
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        if let host { try expect(host) }
        guard unsafe X509_verify_cert(context) == 1 else { throw failure() }
    }

    /// Demands that the leaf is for `host`, by its DNS names alone.
    private func expect(_ host: ExpectedHost) throws(CertificateError) {
        // An empty name would switch the check off, a leading dot widen it, and a zero byte cut it.
        guard !host.name.isEmpty, !host.name.hasPrefix("."), !host.name.utf8.contains(0) else {
            throw .wrongHost(expected: host.name, found: leaf.dnsNames)
        }
        let parameters = unsafe X509_STORE_CTX_get0_param(context)
        let flags = X509_CHECK_FLAG_NEVER_CHECK_SUBJECT | X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS
        unsafe X509_VERIFY_PARAM_set_hostflags(parameters, UInt32(flags))
        let count = host.name.utf8.count
        var isSet = unsafe X509_VERIFY_PARAM_set1_host(parameters, host.name, count)
        if case .domain(let name) = host, isSet == 1 {
            isSet = unsafe X509_VERIFY_PARAM_add1_host(parameters, "." + name, count + 1)
        }
        guard isSet == 1 else { throw .library("X509_VERIFY_PARAM_set1_host") }
    }

    /// Says what the run found wrong, and with which certificate of the chain.
    private func failure() -> CertificateError {
        let code = unsafe X509_STORE_CTX_get_error(context)
        let reason = unsafe String(cString: X509_verify_cert_error_string(Int(code)))
        let culprit = culprit
        let subject = (try? culprit.subject()) ?? leaf.subject
        return switch code {
        case X509_V_ERR_CERT_HAS_EXPIRED:
            .expired(subject: subject, notAfter: (try? culprit.notAfter()) ?? leaf.notAfter)
        case X509_V_ERR_CERT_NOT_YET_VALID:
            .notYetValid(subject: subject, notBefore: (try? culprit.notBefore()) ?? leaf.notBefore)
        case X509_V_ERR_HOSTNAME_MISMATCH:
            .wrongHost(expected: host?.name ?? "", found: leaf.dnsNames)
        case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT,
            X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY,
            X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE,
            X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT,
            X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN,
            X509_V_ERR_CERT_SIGNATURE_FAILURE:
            .unknownIssuer(subject: subject, reason: reason)
        case X509_V_ERR_EE_KEY_TOO_SMALL, X509_V_ERR_CA_KEY_TOO_SMALL, X509_V_ERR_CA_MD_TOO_WEAK:
            .weak(subject: subject, reason: reason)
        default:
            .refused(subject: subject, reason: reason)
        }
    }

    /// The certificate that the run stopped at.
    private var culprit: CertificateHandle {
        guard let current = unsafe X509_STORE_CTX_get_current_cert(context),
            unsafe X509_up_ref(current) == 1
        else { return leaf.handle }
        return unsafe CertificateHandle(adopting: current)
    }
}
