import Bytes

extension SignedNote {
    /// A signature that a known key made.
    package struct Verified: Hashable, Sendable {
        /// The key.
        package let key: VKey
        /// Seconds since 1970, for a witness's cosignature.
        package let timestamp: UInt64?
    }

    /// Checks an Ed25519 signature of 64 bytes with a public key of 32.
    package typealias Check = (
        _ publicKey: Span<UInt8>, _ signature: Span<UInt8>, _ message: Span<UInt8>
    ) -> Bool

    /// Checks every signature of a key in `keys` and returns these, in the note's order.
    ///
    /// Signatures of other keys are ignored. One wrong signature under the name and id of a known
    /// key refuses the note, as does the lack of any right one (C2SP signed-note, "verifying").
    package func verify(
        with keys: [VKey],
        _ check: Check
    ) throws(NoteVerificationError) -> [Verified] {
        var verified: [Verified] = []
        for signature in signatures {
            guard let key = try Self.key(of: signature, in: keys) else { continue }
            verified.append(try verify(signature, by: key, check))
        }
        guard !verified.isEmpty else { throw .noKnownSignature }
        return verified
    }

    private static func key(
        of signature: Signature,
        in keys: [VKey]
    ) throws(NoteVerificationError) -> VKey? {
        var found: VKey?
        for key in keys where key.keyID == signature.keyID {
            guard NoteRules.areSame(key.name, signature.name) else { continue }
            if let found, found != key {
                throw .ambiguousKey(name: key.name, keyID: key.keyID)
            }
            found = key
        }
        return found
    }

    private func verify(
        _ signature: Signature,
        by key: VKey,
        _ check: Check
    ) throws(NoteVerificationError) -> Verified {
        switch key.type {
        case .ed25519:
            if signature.bytes.count == 64,
                check(key.publicKey.span, signature.bytes.span, text.span)
            {
                return Verified(key: key, timestamp: nil)
            }
        case .cosignature:
            if let cosignature = Cosignature(signature.bytes.span) {
                let time = cosignature.timestamp
                let message = Cosignature.message(timestamp: time, text: text.span)
                if check(key.publicKey.span, cosignature.signature.span, message.span) {
                    return Verified(key: key, timestamp: time)
                }
            }
        }
        throw .wrongSignature(name: key.name, keyID: key.keyID)
    }
}
