internal import Bytes
internal import Digest
internal import Merkle
internal import POSIX

/// The ledger's private keys: one file each in `keys/`, mode 0600, in the form of Go's note package.
struct KeyFiles: Sendable {
    let folder: String

    init(ledger: String) {
        folder = "\(ledger)/keys"
    }

    private func path(_ vkey: VKey) -> String {
        var id: [UInt8] = []
        BigEndian.append(vkey.keyID, to: &id)
        return "\(folder)/\(Hex.encode(id.span)).key"
    }

    /// Makes a new key for `origin` and stores it durably; the log does not know it yet.
    func generate(origin: String) throws(LedgerError) -> Signer {
        do {
            let signer = try Signer(origin: origin, key: SigningKey.generate())
            try Files.makeFolder(folder)
            try Files.create(path(signer.vkey), with: signer.privateText())
            return signer
        } catch {
            throw LedgerError(error)
        }
    }

    /// The key that the log says must sign now.
    func load(_ vkey: String) throws(LedgerError) -> Signer {
        let wanted: VKey
        do {
            wanted = try VKey(vkey, using: SHA256.self)
        } catch {
            throw .damaged("the log names a key that cannot be read, \(vkey): \(error)")
        }
        let path = path(wanted)
        var bytes: [UInt8]
        do throws(SystemError) {
            bytes = try Files.read(path, limit: 4096)
        } catch {
            throw .key(
                "the log is signed by \(vkey), but its private key cannot be read: "
                    + error.description
            )
        }
        if let mode = Files.mode(path), mode & 0o077 != 0 {
            throw .key(
                "others may read the private key \(path) (mode \(String(mode, radix: 8))); "
                    + "run: chmod 600 \(path)"
            )
        }
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        let signer = try Signer(privateText: String(repairing: bytes.span), path: path)
        guard signer.vkey.description == vkey else {
            throw .key("\(path) holds the key \(signer.vkey.description), expected \(vkey)")
        }
        return signer
    }

    /// Deletes the private half of a key that signs no more; `doctor` shows one that stayed.
    func retire(_ signer: Signer) {
        try? Files.remove(path(signer.vkey))
    }

    /// Private key files in the folder that are not the one for `vkey`.
    func leftovers(besides vkey: String) -> [String] {
        guard let current = try? VKey(vkey, using: SHA256.self) else { return [] }
        let names = (try? Files.list(folder)) ?? []
        return names.map { "\(folder)/\($0)" }.filter { $0 != path(current) }
    }
}

/// A key that can sign the ledger's checkpoints.
struct Signer: Sendable {
    let vkey: VKey
    private let key: SigningKey

    init(origin: String, key: SigningKey) throws(LedgerError) {
        do {
            vkey = try VKey(name: origin, publicKey: key.publicKey, using: SHA256.self)
        } catch {
            throw .origin("\"\(origin)\" cannot name a log: \(error)")
        }
        self.key = key
    }

    init(privateText: String, path: String) throws(LedgerError) {
        do {
            let secret = try SKey(privateText.utf8Span.span)
            key = try SigningKey(seed: secret.seed)
            vkey = try secret.vkey(publicKey: key.publicKey, using: SHA256.self)
        } catch {
            throw .key("\(path) is not a private key of a ledger: \(error)")
        }
    }

    /// The private key as one line of text.
    func privateText() throws(LedgerError) -> [UInt8] {
        do {
            return Array(try SKey(seed: key.seed, of: vkey).privateText.utf8) + [10]
        } catch {
            throw .key("cannot write the private key of \(vkey): \(error)")
        }
    }

    /// A signed note over `text`, which ends with a newline.
    func note(over text: [UInt8]) throws(LedgerError) -> [UInt8] {
        do {
            let signature = try key.sign(text.span)
            let line = try SignedNote.Signature(
                name: vkey.name,
                keyID: vkey.keyID,
                bytes: signature
            )
            return try SignedNote(text: text, signatures: [line]).bytes
        } catch {
            throw .key("cannot sign with \(vkey): \(error)")
        }
    }
}
