internal import COpenSSL

/// Overwrites a secret in a way that the optimiser keeps.
func cleanse<Secret: BitwiseCopyable>(_ secret: inout Secret) {
    unsafe withUnsafeMutableBytes(of: &secret) {
        unsafe OPENSSL_cleanse($0.baseAddress, $0.count)
    }
}

/// Overwrites secret bytes in a way that the optimiser keeps; other copies of the array stay.
func cleanse(_ secret: inout [UInt8]) {
    unsafe secret.withUnsafeMutableBytes {
        unsafe OPENSSL_cleanse($0.baseAddress, $0.count)
    }
}
