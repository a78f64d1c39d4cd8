package import Bytes
internal import COpenSSL
internal import Glibc

/// A reply of a time stamp authority, read but not yet believed (RFC 3161 section 2.4.2).
@safe package final class TimestampReply: Sendable {
    /// The longest reply that is read: with a chain of certificates it has some 8 KiB.
    package static let longest = 256 << 10

    // Never changed after `init`.
    nonisolated(unsafe) private let pointer: OpaquePointer
    /// When the authority says that it saw the digest, to the second.
    package let time: Timestamp

    /// Who vouches for a time, when its reply was found to hold.
    package struct Holder: Hashable, Sendable {
        /// The authority's name as RFC 2253 writes it.
        package let authority: String
        /// When it saw the digest.
        package let time: Timestamp
    }

    /// Reads a TimeStampResp in DER that has a time stamp.
    package init(_ der: [UInt8]) throws(TimestampError) {
        defer { ERR_clear_error() }
        guard der.count <= Self.longest else { throw .notAReply }
        let read = unsafe der.withUnsafeBufferPointer { bytes -> OpaquePointer? in
            var cursor = bytes.baseAddress
            guard let reply = unsafe d2i_TS_RESP(nil, &cursor, bytes.count) else { return nil }
            let end = unsafe bytes.baseAddress.map { unsafe $0 + bytes.count }
            if unsafe cursor == end { return unsafe reply }
            unsafe TS_RESP_free(reply)
            return nil
        }
        guard let reply = unsafe read else { throw .notAReply }
        unsafe pointer = unsafe reply
        let status = unsafe ASN1_INTEGER_get(
            TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(reply))
        )
        guard let information = unsafe TS_RESP_get_tst_info(reply) else {
            unsafe TS_RESP_free(reply)
            throw [0, 1].contains(status) ? .notAReply : .refused(status: status)
        }
        var parts = unsafe tm()
        let stamped = unsafe TS_TST_INFO_get_time(information)
        guard unsafe ASN1_TIME_to_tm(stamped, &parts) == 1,
            let time = unsafe Timestamp(unixSeconds: Int64(timegm(&parts)))
        else {
            unsafe TS_RESP_free(reply)
            throw .notAReply
        }
        self.time = time
    }

    deinit { unsafe TS_RESP_free(pointer) }

    /// The SHA-256 that is stamped; `nil` if it is another digest.
    package var digest: Hash256? {
        guard let information = unsafe TS_RESP_get_tst_info(pointer),
            let imprint = unsafe TS_TST_INFO_get_msg_imprint(information),
            let algorithm = unsafe TS_MSG_IMPRINT_get_algo(imprint),
            let message = unsafe TS_MSG_IMPRINT_get_msg(imprint)
        else { return nil }
        var object: OpaquePointer?
        unsafe X509_ALGOR_get0(&object, nil, nil, algorithm)
        guard unsafe OBJ_obj2nid(object) == NID_sha256, unsafe ASN1_STRING_length(message) == 32,
            let bytes = unsafe ASN1_STRING_get0_data(message)
        else { return nil }
        let copy = unsafe [UInt8](UnsafeBufferPointer(start: bytes, count: 32))
        return Hash256(copy.span, at: 0)
    }

    /// Checks that this answers `query` and that an authority under one of `roots` signed it.
    ///
    /// Checked are status, digest, nonce if the query has one, the signature over it all, and a
    /// chain to a root whose first certificate is for time stamping alone (RFC 3161 section 2.3),
    /// of 112 bits of strength and valid at the stamped time: later its expiry does not take back
    /// what was signed. Whether a key was revoked is not checked.
    package func check(
        _ query: TimestampQuery,
        roots: [Certificate]
    ) throws(TimestampError) -> Holder {
        defer { ERR_clear_error() }
        let request: TimestampRequestHandle
        do throws(DigestError) {
            request = try TimestampRequestHandle(query)
        } catch {
            throw .library(operation: "TS_REQ_new", reason: "\(error)")
        }
        let made = unsafe TS_REQ_to_TS_VERIFY_CTX(request.pointer, nil)
        guard let context = unsafe made else { throw .library("TS_REQ_to_TS_VERIFY_CTX") }
        defer { unsafe TS_VERIFY_CTX_free(context) }
        // The context owns the store from here on.
        unsafe _ = TS_VERIFY_CTX_set_store(context, try store(roots))
        unsafe _ = TS_VERIFY_CTX_add_flags(context, COpenSSL_check_signature)
        guard unsafe TS_RESP_verify_response(context, pointer) == 1 else {
            throw .wrong(reason: takeLibraryReasons())
        }
        return Holder(authority: try signer(), time: time)
    }

    private func store(_ roots: [Certificate]) throws(TimestampError) -> OpaquePointer {
        guard let store = unsafe X509_STORE_new() else { throw .library("X509_STORE_new") }
        for root in roots where unsafe X509_STORE_add_cert(store, root.handle.pointer) != 1 {
            unsafe X509_STORE_free(store)
            throw .library("X509_STORE_add_cert")
        }
        let parameters = unsafe X509_STORE_get0_param(store)
        unsafe X509_VERIFY_PARAM_set_time(parameters, Int(time.microseconds / 1_000_000))
        unsafe X509_VERIFY_PARAM_set_auth_level(parameters, ChainCheck.securityLevel)
        // A root is trusted because it was given, not because it signs itself.
        unsafe X509_VERIFY_PARAM_set_flags(parameters, UInt(X509_V_FLAG_PARTIAL_CHAIN))
        return unsafe store
    }

    /// The subject of the certificate that signed.
    private func signer() throws(TimestampError) -> String {
        let token = unsafe TS_RESP_get_token(pointer)
        guard let signers = unsafe PKCS7_get0_signers(token, nil, 0) else {
            throw .library("PKCS7_get0_signers")
        }
        defer { unsafe OPENSSL_sk_free(signers) }
        guard let first = unsafe OPENSSL_sk_value(signers, 0) else {
            throw .library("PKCS7_get0_signers")
        }
        let certificate = OpaquePointer(first)
        guard unsafe X509_up_ref(certificate) == 1 else { throw .library("X509_up_ref") }
        do throws(DigestError) {
            return try unsafe CertificateHandle(adopting: certificate).subject()
        } catch {
            throw .library(operation: "X509_NAME_print_ex", reason: "\(error)")
        }
    }
}

/// Empties the thread's queue of errors and names all, in libcrypto's words.
private func takeLibraryReasons() -> String {
    var reasons: [String] = []
    while true {
        var data: UnsafePointer<CChar>?
        var flags: Int32 = 0
        let code = unsafe ERR_get_error_all(nil, nil, nil, &data, &flags)
        guard code != 0 else { break }
        if let reason = unsafe ERR_reason_error_string(code) {
            reasons.append(unsafe String(cString: reason))
        }
        if flags & ERR_TXT_STRING != 0, let data = unsafe data {
            let text = unsafe String(cString: data)
            if !text.isEmpty { reasons.append(text) }
        }
    }
    return reasons.isEmpty ? "no reason given" : reasons.joined(separator: ": ")
}
