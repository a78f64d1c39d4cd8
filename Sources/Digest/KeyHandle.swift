internal import COpenSSL

/// A key held by libcrypto, of any kind; freed, with its private half cleared, when let go.
@safe final class KeyHandle: Sendable {
    // Never changed after `init`; libcrypto lets many threads use one key at once.
    nonisolated(unsafe) let pointer: OpaquePointer

    /// Takes over the caller's reference.
    init(adopting pointer: OpaquePointer) {
        unsafe self.pointer = unsafe pointer
    }

    deinit {
        unsafe EVP_PKEY_free(pointer)
    }

    /// Says whether `signature` was made with this key's private half over `message`, or with `hash`
    /// over its SHA-256.
    func verify(_ signature: Span<UInt8>, _ message: Span<UInt8>, hash: Bool) -> Bool {
        guard let context = unsafe EVP_MD_CTX_new() else { return false }
        defer {
            unsafe EVP_MD_CTX_free(context)
            // A wrong signature leaves errors in the thread's queue.
            ERR_clear_error()
        }
        let algorithm = unsafe hash ? EVP_sha256() : nil
        guard unsafe EVP_DigestVerifyInit(context, nil, algorithm, nil, pointer) == 1 else {
            return false
        }
        return unsafe signature.withUnsafeBufferPointer { signature in
            unsafe message.withUnsafeBufferPointer { message in
                unsafe EVP_DigestVerify(
                    context,
                    signature.baseAddress,
                    signature.count,
                    message.baseAddress,
                    message.count
                ) == 1
            }
        }
    }
}
