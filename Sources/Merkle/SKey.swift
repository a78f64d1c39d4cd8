import Bytes

/// A private key with a name, in the form of Go's library: `PRIVATE+KEY+name+id+base64`.
///
/// Printing one, or a value that holds one, never shows the seed; only `privateText` does.
package struct SKey: Sendable {
    /// The key's name.
    package let name: String
    /// The id of the public key, as the text declares it; `vkey` checks it.
    package let keyID: UInt32
    /// What it signs.
    package let type: KeyType
    /// The secret: 32 bytes from which an Ed25519 key is made.
    package let seed: [UInt8]

    /// Names the private half of `vkey`; the seed has 32 bytes.
    package init(seed: [UInt8], of vkey: VKey) throws(KeyError) {
        guard seed.count == 32 else { throw .wrongLength(count: seed.count) }
        name = vkey.name
        keyID = vkey.keyID
        type = vkey.type
        self.seed = seed
    }

    /// Reads `PRIVATE+KEY+name+id+base64`.
    package init(_ text: Span<UInt8>) throws(KeyError) {
        guard text.hasPrefix(ascii: "PRIVATE+KEY+") else { throw .notAKey }
        let parts = try KeyParts(text.extracting(droppingFirst: 12))
        name = parts.name
        keyID = parts.keyID
        type = parts.type
        seed = parts.key
    }

    /// The public half, given the public key that belongs to the seed; checks the id.
    package func vkey<Hasher: TreeHasher>(
        publicKey: [UInt8],
        using hasher: Hasher.Type
    ) throws(KeyError) -> VKey {
        let vkey = try VKey(name: name, type: type, publicKey: publicKey, using: hasher)
        guard vkey.keyID == keyID else { throw .wrongID(found: keyID, expected: vkey.keyID) }
        return vkey
    }

    /// The key as text, the secret included.
    package var privateText: String {
        "PRIVATE+KEY+\(name)+\(hex(keyID))+\(Base64.encode(([type.rawValue] + seed).span))"
    }
}

extension SKey: CustomStringConvertible, CustomReflectable {
    /// The key's name and id.
    package var description: String { "private key \(name)+\(hex(keyID))" }

    /// The key's name and id, so that `dump` does not show the seed either.
    package var customMirror: Mirror {
        Mirror(self, children: ["name": name, "keyID": hex(keyID)])
    }
}
