internal import COpenSSL

/// The state of a hash of any `HashAlgorithm`: a plain value without secrets of its own.
@safe struct HashState: Sendable {
    private var state: COpenSSL_Hash

    init(_ algorithm: HashAlgorithm) {
        state =
            switch algorithm {
            case .sha1: COpenSSL_hash_start(Int32(COPENSSL_SHA1))
            case .sha256: COpenSSL_hash_start(Int32(COPENSSL_SHA256))
            case .sha512: COpenSSL_hash_start(Int32(COPENSSL_SHA512))
            }
    }

    mutating func update(_ bytes: Span<UInt8>) {
        unsafe bytes.withUnsafeBufferPointer {
            unsafe COpenSSL_hash_update(&state, $0.baseAddress, $0.count)
        }
    }

    /// Gives the digest, followed by zeros up to the longest digest's length.
    mutating func finish() -> [64 of UInt8] {
        var digest = [64 of UInt8](repeating: 0)
        var bytes = digest.mutableSpan
        unsafe bytes.withUnsafeMutableBufferPointer { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe COpenSSL_hash_finish(&state, start)
        }
        return digest
    }

    /// Overwrites a state that depends on a secret; it is of no use afterwards.
    mutating func clear() {
        unsafe OPENSSL_cleanse(&state, MemoryLayout.size(ofValue: state))
    }
}
