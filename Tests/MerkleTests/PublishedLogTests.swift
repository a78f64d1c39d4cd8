import Bytes
import Merkle
import Testing

@Suite("Published log of 15 entries")
struct PublishedLogTests {
    struct Vectors: Decodable, Sendable {
        struct Content: Decodable, Sendable {
            var path: String
            var hex: String
        }
        var vkey: String
        var skey: String
        var entriesAscii: [String]
        var checkpoints: [String]
        var entryBundle: Content
        var level0Tile: Content
    }

    static let vectors: Vectors = fixture("checkpoint_log15")
    static let tree = StoredTree<SHA256>(vectors.entriesAscii.map { leafHash($0) })

    @Test("all 16 checkpoints state the sizes and roots that we compute, under the log's key")
    func checkpoints() throws {
        let key = try VKey(Self.vectors.vkey, using: SHA256.self)
        #expect(Self.vectors.checkpoints.count == 16)
        for (size, text) in Self.vectors.checkpoints.enumerated() {
            let note = try SignedNote(utf8(text).span)
            let checkpoint = try Checkpoint(note.text.span)
            let computed = try Checkpoint(
                origin: key.name,
                size: UInt64(size),
                root: Self.tree.root(size)
            )
            #expect(checkpoint == computed)
            let again = try SignedNote(text: computed.text, signatures: note.signatures)
            #expect(string(again.bytes) == text)
            let verified = try note.verify(with: [key]) { publicKey, signature, message in
                #expect([UInt8](copying: message) == computed.text)
                return signature.count == 64 && publicKey.count == 32
            }
            #expect(verified.map(\.key) == [key])
        }
    }

    @Test("its private key is that of its public key")
    func privateKey() throws {
        let skey = try SKey(utf8(Self.vectors.skey).span)
        let vkey = try VKey(Self.vectors.vkey, using: SHA256.self)
        #expect(skey.keyID == vkey.keyID)
        #expect(skey.name == vkey.name)
        #expect(skey.privateText == Self.vectors.skey)
    }

    @Test("the entry bundle has the published bytes and path")
    func entryBundle() throws {
        let published = bytes(hex: Self.vectors.entryBundle.hex)
        var bundle: [UInt8] = []
        for entry in Self.vectors.entriesAscii {
            try EntryBundle.append(entry.utf8Span.span, to: &bundle)
        }
        #expect(bundle == published)
        let path = try #require(TilePath(Self.vectors.entryBundle.path))
        #expect(path == Tile(level: 0, index: 0, size: 15).map(TilePath.entries))
        let entries = try EntryBundle.entries(of: published.span, count: path.tile.width)
        #expect(entries.map { string(Array(published[$0])) } == Self.vectors.entriesAscii)
    }

    @Test("the level 0 tile has the published bytes and path, and every root follows from it")
    func tile() throws {
        let published = bytes(hex: Self.vectors.level0Tile.hex)
        let path = try #require(TilePath(Self.vectors.level0Tile.path))
        #expect(path == Tile(level: 0, index: 0, size: 15).map(TilePath.hashes))
        #expect(Self.tree.tile(path.tile) == published)
        var reader = TileReader<SHA256>(size: 15)
        for (size, text) in Self.vectors.checkpoints.enumerated() {
            let note = try SignedNote(utf8(text).span)
            let checkpoint = try Checkpoint(note.text.span)
            #expect(try reader.root(size: UInt64(size)) { _ in published } == checkpoint.root)
        }
    }
}
