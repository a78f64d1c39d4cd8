internal import Bytes
internal import Digest
package import Merkle
internal import POSIX

/// The key of a witness: it signs cosignatures (C2SP tlog-cosignature, Ed25519).
package struct WitnessKey: Sendable {
    /// The public half, of type 04.
    package let vkey: VKey
    private let key: SigningKey

    /// The public half as a policy names it: `name+id+base64`.
    package var publicText: String { vkey.description }

    /// The longest key file; one has some 150 bytes.
    private static let longestFile = 4096

    /// Makes a key nobody had before.
    package static func generate(name: String) throws -> WitnessKey {
        try WitnessKey(name: name, key: try SigningKey.generate())
    }

    private init(name: String, key: SigningKey) throws {
        do throws(KeyError) {
            vkey = try VKey(
                name: name,
                type: .cosignature,
                publicKey: key.publicKey,
                using: SHA256.self
            )
        } catch {
            throw AuditProblem.usage("\"\(name)\" cannot name a witness: \(error)")
        }
        self.key = key
    }

    /// Reads `PRIVATE+KEY+name+id+base64` of a key of type 04.
    package init(privateText: [UInt8], from place: String) throws {
        var text = privateText
        if text.last == 0x0a { text.removeLast() }
        do {
            let secret = try SKey(text.span)
            key = try SigningKey(seed: secret.seed)
            vkey = try secret.vkey(publicKey: key.publicKey, using: SHA256.self)
        } catch {
            throw AuditProblem.usage("\(place) is no private key of a witness: \(error)")
        }
        guard vkey.type == .cosignature else {
            throw AuditProblem.usage(
                "\(place) holds a key that signs notes (type 1), expected one that cosigns "
                    + "(type 4); \"daybook witness --new-key NAME\" makes one"
            )
        }
    }

    /// Reads a key's file, which nobody else may read.
    package init(file path: String) throws {
        let bytes = try Files.read(path, limit: Self.longestFile)
        if let mode = Files.mode(path), mode & 0o077 != 0 {
            throw AuditProblem.refused(
                "others may read the private key \(path) (mode \(String(mode, radix: 8))); "
                    + "run: chmod 600 \(path)"
            )
        }
        try self.init(privateText: bytes, from: path)
    }

    /// Writes the key to a file that must not exist yet, mode 0600.
    package func store(at path: String) throws {
        let secret = try SKey(seed: key.seed, of: vkey)
        try Files.create(path, with: Array(secret.privateText.utf8) + [0x0a])
    }

    /// Cosigns a checkpoint's text at a moment in seconds since 1970.
    package func cosign(_ text: Span<UInt8>, at seconds: UInt64) throws -> SignedNote.Signature {
        let message = Cosignature.message(timestamp: seconds, text: text)
        let signature = try key.sign(message.span)
        guard let cosignature = Cosignature(timestamp: seconds, signature: signature) else {
            throw AuditProblem.refused("the clock stands at \(seconds), which is no time")
        }
        return try SignedNote.Signature(
            name: vkey.name,
            keyID: vkey.keyID,
            bytes: cosignature.bytes
        )
    }
}

/// Checks an Ed25519 signature, for notes and cosignatures.
func checkSignature(
    _ publicKey: Span<UInt8>,
    _ signature: Span<UInt8>,
    _ message: Span<UInt8>
) -> Bool {
    let bytes = [UInt8](copying: publicKey)
    guard let key = try? VerifyingKey(publicKey: bytes) else { return false }
    return key.verify(signature, message)
}
