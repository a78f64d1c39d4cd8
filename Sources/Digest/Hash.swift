/// A hash over bytes that come in pieces, by any of the algorithms that providers use (FIPS 180-4).
///
/// A plain value: a copy goes on from where the original stood.
package struct Hash: Sendable {
    private let algorithm: HashAlgorithm
    private var state: HashState

    /// Starts with no bytes.
    package init(_ algorithm: HashAlgorithm) {
        self.algorithm = algorithm
        state = HashState(algorithm)
    }

    /// Appends `bytes` to what is hashed.
    package mutating func update(_ bytes: Span<UInt8>) {
        state.update(bytes)
    }

    /// Ends the computation and gives the digest: 20, 32 or 64 bytes for SHA-1, SHA-256 or
    /// SHA-512.
    package consuming func finish() -> [UInt8] {
        let digest = state.finish()
        // What was hashed may have had a secret in it.
        state.clear()
        var bytes: [UInt8] = []
        bytes.reserveCapacity(algorithm.digestCount)
        for i in 0..<algorithm.digestCount { bytes.append(digest[i]) }
        return bytes
    }
}

extension Hash {
    /// Hashes `bytes` in one go.
    package static func hash(_ algorithm: HashAlgorithm, _ bytes: Span<UInt8>) -> [UInt8] {
        var hash = Hash(algorithm)
        hash.update(bytes)
        return hash.finish()
    }
}
