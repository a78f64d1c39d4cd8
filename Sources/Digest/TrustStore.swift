internal import COpenSSL

/// The certificates that chains of trust may end in.
@safe package final class TrustStore: Sendable {
    // Filled in `init`; libcrypto locks it while certificates are looked up.
    nonisolated(unsafe) let store: OpaquePointer

    /// Trusts nothing but `anchors`, each of which may be a root, an intermediate or a leaf.
    package init(anchors: [Certificate]) throws(DigestError) {
        guard let store = unsafe X509_STORE_new() else { throw .library("X509_STORE_new") }
        unsafe self.store = unsafe store
        for anchor in anchors where unsafe X509_STORE_add_cert(store, anchor.handle.pointer) != 1 {
            throw .library("X509_STORE_add_cert")
        }
    }

    private init(folder: String) throws(DigestError) {
        guard let store = unsafe X509_STORE_new() else { throw .library("X509_STORE_new") }
        unsafe self.store = unsafe store
        guard unsafe X509_STORE_load_path(store, folder) == 1 else {
            throw .library("X509_STORE_load_path")
        }
    }

    deinit {
        unsafe X509_STORE_free(store)
    }

    /// Trusts the authorities that the system trusts, those in `/etc/ssl/certs`.
    ///
    /// They are read when a chain asks for them, so the folder may change while we run; nothing in
    /// the environment moves it.
    package static func system() throws(DigestError) -> TrustStore {
        try TrustStore(folder: "/etc/ssl/certs")
    }

    /// Throws unless a chain leads from `leaf` over some of `intermediates` to an anchor.
    ///
    /// Checked are signatures, the issuers' right to issue, that all are valid at `unixSeconds`,
    /// strength (112 bits: RSA from 2048, hashes from SHA-224), and that a DNS name of the leaf is
    /// for `host`, if one is given. Intermediates are not trusted by themselves. Revocation is not
    /// checked.
    package func validate(
        leaf: Certificate,
        intermediates: [Certificate],
        at unixSeconds: Int,
        host: ExpectedHost?
    ) throws(CertificateError) {
        let check = try ChainCheck(
            of: leaf,
            for: host,
            intermediates: intermediates,
            trust: self
        )
        try check.run(at: unixSeconds)
    }
}
