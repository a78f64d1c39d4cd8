internal import COpenSSL

/// Bytes nobody can predict, from libcrypto's generator, which the kernel seeds.
package enum Random {
    /// Makes `count` random bytes.
    ///
    /// Traps if the generator fails: then the kernel gave no entropy, and nothing that needs
    /// unpredictable bytes may go on with others.
    package static func fill(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var span = bytes.mutableSpan
        fill(&span)
        return bytes
    }

    /// Overwrites `bytes` with random ones; traps as `fill(_:)` does.
    static func fill(_ bytes: inout MutableSpan<UInt8>) {
        let filled = unsafe bytes.withUnsafeMutableBufferPointer {
            unsafe RAND_priv_bytes_ex(nil, $0.baseAddress, $0.count, 0)
        }
        precondition(filled == 1, "the random generator has no entropy")
    }
}
