import Bytes
import Merkle
import Testing

@Suite("Checkpoints")
struct CheckpointTests {
    struct Vectors: Decodable, Sendable {
        struct Golden: Decodable, Sendable {
            var origin: String
            var size: UInt64
            var rootB64: String
            var text: String
        }
        struct Case: Decodable, Sendable {
            var text: String
            var valid: Bool
        }
        var formatGolden: [Golden]
        var cases: [Case]
    }

    static let vectors: Vectors = fixture("checkpoint_parse")

    @Test("the published text is written and read, old origin with spaces included")
    func golden() throws {
        for vector in Self.vectors.formatGolden {
            let root = try #require(hash(base64: vector.rootB64))
            #expect(root == leafHash("hello world"))
            let checkpoint = try Checkpoint(origin: vector.origin, size: vector.size, root: root)
            #expect(string(checkpoint.text) == vector.text)
            #expect(try Checkpoint(utf8(vector.text).span) == checkpoint)
        }
    }

    @Test(
        "published bad texts are refused, and so is a root that is not 32 bytes",
        arguments: vectors.cases
    )
    func published(vector: Vectors.Case) {
        // The one case that its parser takes has a root of six bytes, where ours is stricter.
        #expect(!vector.valid || vector.text == "Log\n123\nYmFuYW5hcw==\n")
        #expect(throws: CheckpointError.self) { try Checkpoint(utf8(vector.text).span) }
    }

    static let root = "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="

    @Test(
        "each line has its own error",
        arguments: [
            ("", .badOrigin), ("log", .badOrigin), ("\n0\n\(root)\n", .badOrigin),
            ("log\n", .badSize), ("log\n00\n\(root)\n", .badSize), ("log\n1 \n\(root)\n", .badSize),
            ("log\n18446744073709551616\n\(root)\n", .badSize), ("log\n0\n", .badRoot),
            ("log\n0\n\(root)", .badRoot), ("log\n0\n\(root) \n", .badRoot),
            ("log\n0\n\n", .badRoot),
            ("log\n0\n\(root)\n\n", .badExtension(line: 4)),
            ("log\n0\n\(root)\nx\n\n", .badExtension(line: 5)),
            ("log\n0\n\(root)\nx", .badExtension(line: 4)), ("log\r\n0\n\(root)\n", .badOrigin),
        ] as [(String, CheckpointError)]
    )
    func errors(text: String, expected: CheckpointError) {
        #expect(throws: expected) { try Checkpoint(utf8(text).span) }
    }

    @Test("extension lines are kept")
    func extensions() throws {
        let text = "log\n18446744073709551615\n\(Self.root)\nfirst\nsecond line\n"
        let checkpoint = try Checkpoint(utf8(text).span)
        #expect(checkpoint.extensions == ["first", "second line"])
        #expect(checkpoint.size == .max)
        #expect(checkpoint.root == SHA256.emptyRoot)
        #expect(string(checkpoint.text) == text)
    }

    @Test("what could not be read back cannot be made")
    func made() {
        for origin in ["", "a\nb", "a\u{0}"] {
            #expect(throws: CheckpointError.badOrigin) {
                try Checkpoint(origin: origin, size: 0, root: .zero)
            }
        }
        #expect(throws: CheckpointError.badExtension(line: 5)) {
            try Checkpoint(origin: "log", size: 0, root: .zero, extensions: ["x", ""])
        }
    }

    @Test("origins are told apart byte for byte")
    func origins() throws {
        let checkpoint = try Checkpoint(origin: "caf\u{e9}", size: 0, root: .zero)
        #expect(checkpoint.hasOrigin("caf\u{e9}"))
        #expect(!checkpoint.hasOrigin("cafe\u{301}"))
    }
}
