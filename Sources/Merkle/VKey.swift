import Bytes

/// What a key signs and how (C2SP signed-note, "signature types").
package enum KeyType: UInt8, Hashable, Sendable {
    /// Ed25519 over the note's text.
    case ed25519 = 0x01
    /// Ed25519 over a time and the note's text: a witness's cosignature (C2SP tlog-cosignature).
    case cosignature = 0x04
}

/// Why a text is not a key.
package enum KeyError: Error, Hashable {
    /// It is not a name, eight lower-case hex digits and base64 with `+` between.
    case notAKey
    /// The name is empty or has a space or a `+` in it.
    case badName
    /// The key is of a type that is not known here.
    case unknownType(UInt8)
    /// The key does not have 32 bytes.
    case wrongLength(count: Int)
    /// The id is not that of this name and key.
    case wrongID(found: UInt32, expected: UInt32)
}

/// A public key with a name: `example.com/log+33d7b496+AeHT…` (C2SP signed-note).
package struct VKey: Hashable, Sendable {
    /// The key's name.
    package let name: String
    /// The first four bytes of SHA-256 of name, line feed, type and key, highest first.
    package let keyID: UInt32
    /// What it signs.
    package let type: KeyType
    /// The 32 bytes of an Ed25519 public key.
    package let publicKey: [UInt8]

    /// Names a public key of 32 bytes.
    package init<Hasher: TreeHasher>(
        name: String,
        type: KeyType = .ed25519,
        publicKey: [UInt8],
        using hasher: Hasher.Type
    ) throws(KeyError) {
        guard NoteRules.isKeyName(name) else { throw .badName }
        guard publicKey.count == 32 else { throw .wrongLength(count: publicKey.count) }
        self.name = name
        self.type = type
        self.publicKey = publicKey
        keyID = Self.keyID(name, type, publicKey, hasher)
    }

    /// Reads `name+id+base64` and checks the id.
    package init<Hasher: TreeHasher>(
        _ text: Span<UInt8>,
        using hasher: Hasher.Type
    ) throws(KeyError) {
        let parts = try KeyParts(text)
        try self.init(name: parts.name, type: parts.type, publicKey: parts.key, using: hasher)
        guard keyID == parts.keyID else { throw .wrongID(found: parts.keyID, expected: keyID) }
    }

    /// Reads `name+id+base64` and checks the id.
    package init<Hasher: TreeHasher>(
        _ text: String,
        using hasher: Hasher.Type
    ) throws(KeyError) {
        try self.init(text.utf8Span.span, using: hasher)
    }

    private static func keyID<Hasher: TreeHasher>(
        _ name: String,
        _ type: KeyType,
        _ publicKey: [UInt8],
        _ hasher: Hasher.Type
    ) -> UInt32 {
        var named = [UInt8](copying: name.utf8Span.span)
        named += [0x0a, type.rawValue]
        named += publicKey
        return Hasher.hash(named.span).withSpan { BigEndian.uint32($0, at: 0) ?? 0 }
    }
}

extension VKey: CustomStringConvertible {
    /// The key as text: `name+id+base64`.
    package var description: String {
        "\(name)+\(hex(keyID))+\(Base64.encode(([type.rawValue] + publicKey).span))"
    }
}

extension KeyError: CustomStringConvertible {
    /// One line for a person.
    package var description: String {
        switch self {
        case .notAKey: "key is not a name, eight hex digits and base64 with plus signs between"
        case .badName: "key name is empty or has a space or a plus sign in it"
        case .unknownType(let type): "key has the unknown type \(type), expected 1 or 4"
        case .wrongLength(let count): "key has \(count) bytes, expected 32"
        case .wrongID(let found, let expected):
            "key has the id \(hex(found)), expected \(hex(expected)) for its name and bytes"
        }
    }
}
