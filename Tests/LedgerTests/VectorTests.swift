import Bytes
import Digest
import Ledger
import Merkle
import Testing

@Suite("Vectors with real hashes and signatures") struct VectorTests {
    private let vectors: Vectors

    init() throws { vectors = try Vectors.loaded.get() }

    private func verify(
        _ text: String,
        _ vkeys: [String]
    ) throws -> [SignedNote.Verified] {
        let bytes = Array(text.utf8)
        let keys = try vkeys.map { try VKey($0, using: SHA256.self) }
        return try SignedNote(bytes.span).verify(with: keys) { publicKey, signature, message in
            let key = try? VerifyingKey(publicKey: [UInt8](copying: publicKey))
            return key?.verify(signature, message) == true
        }
    }

    private func key(_ skey: String) throws -> (secret: SKey, key: SigningKey) {
        let secret = try SKey(skey.utf8Span.span)
        return (secret, try SigningKey(seed: secret.seed))
    }

    @Test("the published notes verify, or do not, as they should")
    func notes() throws {
        #expect(vectors.signedNote.notes.count == 6)
        for note in vectors.signedNote.notes {
            let verified = Result { try verify(note.msg, note.verifyWith) }
            switch verified {
            case .success(let keys):
                #expect(note.valid, "\(note.msg)")
                #expect(keys.map(\.key.description) == note.verifyWith)
            case .failure(let error):
                #expect(!note.valid, "\(note.msg): \(error)")
            }
        }
    }

    @Test("a private key gives its public key, and the published signature")
    func skeys() throws {
        for vector in vectors.signedNote.skeys {
            let (secret, key) = try key(vector.skey)
            #expect(Hex.encode(secret.seed.span) == vector.seedHex)
            let vkey = try secret.vkey(publicKey: key.publicKey, using: SHA256.self)
            #expect(vkey.description == vector.vkey)
        }
        let both = vectors.signedNote.notes[1].msg
        let note = try SignedNote(Array(both.utf8).span)
        let signatures = try vectors.signedNote.skeys.map {
            try key($0.skey).key.sign(note.text.span)
        }
        #expect(note.signatures.map(\.bytes) == signatures)
    }

    @Test(
        "all sixteen checkpoints verify, and signing them again gives the same bytes",
        arguments: 0...15
    )
    func checkpoints(size: Int) throws {
        let log = vectors.checkpointLog15
        let verified = try verify(log.checkpoints[size], [log.vkey])
        #expect(verified.map(\.key.description) == [log.vkey])
        let (secret, key) = try key(log.skey)
        let vkey = try secret.vkey(publicKey: key.publicKey, using: SHA256.self)
        #expect(vkey.description == log.vkey)
        let text = try Checkpoint(
            origin: vkey.name,
            size: UInt64(size),
            root: root(log.entriesAscii.prefix(size))
        ).text
        let signature = try SignedNote.Signature(
            name: vkey.name,
            keyID: vkey.keyID,
            bytes: try key.sign(text.span)
        )
        let note = try SignedNote(text: text, signatures: [signature])
        #expect(String(decoding: note.bytes, as: UTF8.self) == log.checkpoints[size])
    }

    @Test("another text, size or root under a checkpoint's signature does not verify")
    func forgedCheckpoints() throws {
        let log = vectors.checkpointLog15
        for (size, text) in log.checkpoints.enumerated() {
            let other = log.checkpoints[(size + 1) % 16].split(separator: "\n")[2]
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
            let forged = [
                text.replacing("\n\(size)\n", with: "\n\(size + 1)\n"),
                text.replacing(lines[2], with: other), text.replacing("\n\n", with: "\nmore\n\n"),
                text.replacing("testdata\n", with: "testdatum\n"),
            ]
            for note in forged {
                #expect(throws: NoteVerificationError.self) { try verify(note, [log.vkey]) }
            }
        }
    }

    @Test("entries and leaf hashes of the published log stand in its bundle and its tile")
    func publishedTile() throws {
        let log = vectors.checkpointLog15
        var bundle: [UInt8] = []
        var tile: [UInt8] = []
        for entry in log.entriesAscii {
            try EntryBundle.append(entry.utf8Span.span, to: &bundle)
            SHA256.leaf(entry.utf8Span.span).append(to: &tile)
        }
        #expect(Hex.encode(bundle.span) == log.entryBundle.hex)
        #expect(Hex.encode(tile.span) == log.level0Tile.hex)
    }

    @Test("the tree of 300 records has the published root and tiles")
    func tree300() throws {
        let hashes = (0..<300).map { number in
            let record = "record \(number)"
            return SHA256.leaf(record.utf8Span.span)
        }
        var frontier = Frontier<SHA256>()
        var tiles: [[UInt8]] = [[], [], []]
        for (index, hash) in hashes.enumerated() {
            hash.append(to: &tiles[index / 256])
            frontier.append(hash) { level, _, hash in
                if level == 8 { hash.append(to: &tiles[2]) }
            }
        }
        #expect(Hash256(base64: vectors.tree300.rootB64.utf8Span.span) == frontier.root)
        let published = vectors.tree300.tiles
        for (tile, vector) in zip(tiles, published) {
            let path = try #require(TilePath(vector.path))
            #expect(path.tile.byteCount == tile.count)
            if let digest = vector.sha256 { #expect(SHA256.hash(tile.span).description == digest) }
            if let hex = vector.hex { #expect(Hex.encode(tile.span) == hex) }
        }
        #expect(published.count == 3)
    }

    private func root(_ entries: ArraySlice<String>) -> Hash256 {
        var frontier = Frontier<SHA256>()
        for entry in entries { frontier.append(SHA256.leaf(entry.utf8Span.span)) }
        return frontier.root
    }
}
