import Audit
import Bytes
import Digest
import Foundation
import Ledger
import Merkle
import POSIX
import Testing

/// The published conversation with a witness (C2SP tlog-witness, litewitness).
struct WitnessVectors: Decodable {
    struct Step: Decodable {
        let step: String
        let body: String
        let status: Int
        let stateAfter: UInt64?
        let responseBody: String?
        let contentType: String?
    }

    struct Cosignatures: Decodable {
        struct Line: Decodable {
            let size: UInt64
            let timestamp: UInt64
            let line: String
        }

        let lines: [Line]
    }

    let logVkey: String
    let logSeedHex: String
    let witnessName: String
    let witnessSeedHex: String
    let witnessVkey: String
    let steps: [Step]
    let expectedCosignaturesAtFixedTime: Cosignatures

    static func read() throws -> WitnessVectors {
        let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "MerkleTests/Fixtures/witness_add_checkpoint.json")
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try decoder.decode(WitnessVectors.self, from: Data(contentsOf: file))
    }

    var log: VKey { get throws { try VKey(logVkey, using: SHA256.self) } }

    /// The witness's key, from its published seed.
    func witnessKey() throws -> WitnessKey {
        let vkey = try VKey(witnessVkey, using: SHA256.self)
        let decoded = Hex.decode(witnessSeedHex.utf8Span.span)
        let seed = try #require(decoded)
        let secret = try SKey(seed: seed, of: vkey)
        return try WitnessKey(privateText: Array(secret.privateText.utf8), from: "the vectors")
    }

    func body(_ step: String) throws -> [UInt8] {
        Array(try #require(steps.first { $0.step == step }).body.utf8)
    }
}

/// A folder that goes with its owner.
final class ScratchFolder: Sendable {
    let path: String

    init() throws {
        path = "\(Process.environment("TMPDIR") ?? "/tmp")/daybook-\(AdminEvent.newID())"
        try Files.makeFolder(path)
    }

    deinit { Files.removeTree(path) }
}
