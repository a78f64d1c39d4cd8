internal import COpenSSL

/// Lends libcrypto `text` in PEM form (RFC 7468), to read one item after the other from.
func withPEM<Result>(
    _ text: [UInt8],
    _ body: (OpaquePointer) throws(DigestError) -> Result
) throws(DigestError) -> Result {
    try unsafe text.withUnsafeBufferPointer { (text) throws(DigestError) in
        let count = Int32(clamping: text.count)
        guard let source = unsafe BIO_new_mem_buf(text.baseAddress, count) else {
            throw .library("BIO_new_mem_buf")
        }
        defer { unsafe BIO_free(source) }
        return try unsafe body(source)
    }
}

/// Answers that there is no password, where libcrypto itself would ask on the terminal.
let noPassword:
    @convention(c) (
        UnsafeMutablePointer<CChar>?, Int32, Int32, UnsafeMutableRawPointer?
    ) -> Int32 = { _, _, _, _ in -1 }
