import Foundation

/// The published and derived vectors that take real hashes and signatures.
struct Vectors: Decodable, Sendable {
    struct SignedNotes: Decodable, Sendable {
        struct Key: Decodable, Sendable {
            var skey: String
            var seedHex: String
            var vkey: String
        }
        struct Note: Decodable, Sendable {
            var msg: String
            var verifyWith: [String]
            var valid: Bool
        }
        var skeys: [Key]
        var notes: [Note]
    }

    struct Content: Decodable, Sendable {
        var path: String
        var hex: String?
        var bytes: Int?
        var sha256: String?
    }

    struct Log15: Decodable, Sendable {
        var vkey: String
        var skey: String
        var entriesAscii: [String]
        var checkpoints: [String]
        var entryBundle: Content
        var level0Tile: Content
    }

    struct FullProof: Decodable, Sendable {
        var leafAscii: String
        var leafHashHex: String
        var logVkey: String
        var witnessVkey: String
        var timestamp: UInt64
        var text: String
    }

    struct Tree300: Decodable, Sendable {
        var rootB64: String
        var tiles: [Content]
    }

    var signedNote: SignedNotes
    var checkpointLog15: Log15
    var tlogProof: FullProof
    var tree300: Tree300

    static let loaded = Result { () throws in
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Fixtures/vectors.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(Vectors.self, from: Data(contentsOf: file))
    }
}
