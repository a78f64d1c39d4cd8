/// A secret prepared for HMAC (RFC 2104): the two blocks that depend only on it are hashed once.
package struct HMACKey: Sendable {
    private let states: KeyStates

    /// Prepares `key`, of any length; the key itself is not kept.
    package init(_ algorithm: HashAlgorithm, key: Span<UInt8>) {
        states = KeyStates(algorithm, key: key)
    }

    /// Starts the code of a message that comes in pieces.
    package func start() -> HMAC {
        HMAC(states)
    }
}

/// A message authentication code (RFC 2104) over bytes that come in pieces.
///
/// A plain value: a copy goes on from where the original stood.
package struct HMAC: Sendable {
    private let key: KeyStates
    private var inner: HashState

    fileprivate init(_ key: KeyStates) {
        self.key = key
        unsafe inner = key.inner
    }

    /// Appends `bytes` to the message.
    package mutating func update(_ bytes: Span<UInt8>) {
        inner.update(bytes)
    }

    /// Ends the message and gives its code: 20, 32 or 64 bytes for SHA-1, SHA-256 or SHA-512.
    package consuming func finish() -> [UInt8] {
        let count = key.algorithm.digestCount
        var outer = unsafe key.outer
        outer.update(inner.finish().span.extracting(first: count))
        let digest = outer.finish()
        // With either state a reader of this memory could make codes without the key.
        inner.clear()
        outer.clear()
        var code: [UInt8] = []
        code.reserveCapacity(count)
        for i in 0..<count { code.append(digest[i]) }
        return code
    }
}

/// The hash states after the key's own blocks: as good as the key, so cleared when let go.
private final class KeyStates: Sendable {
    let algorithm: HashAlgorithm
    // Written in `init` and `deinit` only, when nobody else holds this object.
    nonisolated(unsafe) private(set) var inner: HashState
    nonisolated(unsafe) private(set) var outer: HashState

    init(_ algorithm: HashAlgorithm, key: Span<UInt8>) {
        self.algorithm = algorithm
        var block = KeyStates.padded(key, for: algorithm)
        unsafe inner = KeyStates.absorbed(&block, mask: 0x36, by: algorithm)
        unsafe outer = KeyStates.absorbed(&block, mask: 0x5c, by: algorithm)
        cleanse(&block)
    }

    deinit {
        unsafe inner.clear()
        unsafe outer.clear()
    }

    /// Brings the key to the length of a block: hashed if longer, then filled with zeros.
    private static func padded(_ key: Span<UInt8>, for algorithm: HashAlgorithm) -> [128 of UInt8] {
        var block = [128 of UInt8](repeating: 0)
        if key.count <= algorithm.blockCount {
            for i in key.indices { block[i] = key[i] }
        } else {
            var hash = HashState(algorithm)
            hash.update(key)
            var digest = hash.finish()
            for i in digest.indices { block[i] = digest[i] }
            cleanse(&digest)
            hash.clear()
        }
        return block
    }

    /// Hashes `block` with every byte masked, and masks it back.
    private static func absorbed(
        _ block: inout [128 of UInt8],
        mask: UInt8,
        by algorithm: HashAlgorithm
    ) -> HashState {
        var state = HashState(algorithm)
        for i in block.indices { block[i] ^= mask }
        state.update(block.span.extracting(first: algorithm.blockCount))
        for i in block.indices { block[i] ^= mask }
        return state
    }
}
