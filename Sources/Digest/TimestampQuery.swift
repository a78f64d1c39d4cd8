package import Bytes
internal import COpenSSL

/// What a time stamp authority is asked: that it saw a SHA-256 digest (RFC 3161 section 2.4.1).
package struct TimestampQuery: Hashable, Sendable {
    /// The digest to be stamped.
    package let digest: Hash256
    /// A number that the reply must repeat, so that it cannot be an old one; `nil` asks for none,
    /// as when a reply that was kept is checked again.
    package let nonce: UInt64?

    /// Asks for a time stamp over a digest.
    package init(digest: Hash256, nonce: UInt64?) {
        self.digest = digest
        self.nonce = nonce
    }

    /// The TimeStampReq as DER: version 1, the certificate asked for, so that the reply can be
    /// checked with nothing but the authority's root.
    package func der() throws(DigestError) -> [UInt8] {
        let request = try TimestampRequestHandle(self)
        let count = unsafe i2d_TS_REQ(request.pointer, nil)
        guard count > 0 else { throw .library("i2d_TS_REQ") }
        var bytes = [UInt8](repeating: 0, count: Int(count))
        let written = unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            // i2d moves the pointer that it is given.
            var cursor = buffer.baseAddress
            return unsafe i2d_TS_REQ(request.pointer, &cursor)
        }
        guard written == count else { throw .library("i2d_TS_REQ") }
        return bytes
    }
}

/// A TimeStampReq held by libcrypto, freed when let go.
@safe final class TimestampRequestHandle {
    let pointer: OpaquePointer

    init(_ query: TimestampQuery) throws(DigestError) {
        guard let request = unsafe TS_REQ_new() else { throw .library("TS_REQ_new") }
        unsafe pointer = unsafe request
        let isFilled =
            unsafe TS_REQ_set_version(request, 1) == 1 && TS_REQ_set_cert_req(request, 1) == 1
        guard isFilled, setImprint(query.digest), setNonce(query.nonce) else {
            throw .library("TS_REQ_set")
        }
    }

    deinit { unsafe TS_REQ_free(pointer) }

    private func setImprint(_ digest: Hash256) -> Bool {
        // Both setters copy what they are given.
        guard let imprint = unsafe TS_MSG_IMPRINT_new() else { return false }
        defer { unsafe TS_MSG_IMPRINT_free(imprint) }
        guard let algorithm = unsafe X509_ALGOR_new() else { return false }
        defer { unsafe X509_ALGOR_free(algorithm) }
        guard unsafe X509_ALGOR_set0(algorithm, OBJ_nid2obj(NID_sha256), V_ASN1_NULL, nil) == 1,
            unsafe TS_MSG_IMPRINT_set_algo(imprint, algorithm) == 1
        else { return false }
        var bytes: [UInt8] = []
        digest.append(to: &bytes)
        guard unsafe TS_MSG_IMPRINT_set_msg(imprint, &bytes, Int32(bytes.count)) == 1 else {
            return false
        }
        return unsafe TS_REQ_set_msg_imprint(pointer, imprint) == 1
    }

    private func setNonce(_ nonce: UInt64?) -> Bool {
        guard let nonce else { return true }
        guard let number = unsafe ASN1_INTEGER_new() else { return false }
        defer { unsafe ASN1_INTEGER_free(number) }
        return unsafe ASN1_INTEGER_set_uint64(number, nonce) == 1
            && TS_REQ_set_nonce(pointer, number) == 1
    }
}
