import Bytes
import Digest
import Foundation
import Testing

private struct RFC6962: Decodable {
    var leafInputsHex: [String]
    var leafHashesHex: [String]
    var nodeLevelsHex: [String: [String]]
}

@Suite("SHA-256")
struct SHA256Tests {
    // FIPS 180-2, appendix B, and the empty message.
    @Test(
        "the standard's examples come out",
        arguments: [
            ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
            ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
                "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
            ),
        ]
    )
    func standardExamples(message: String, digest: String) {
        #expect(hex(SHA256.hash(Array(message.utf8))) == digest)
    }

    @Test("a million times the letter a hashes as the standard says")
    func million() {
        let message = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
        let digest = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
        #expect(hex(SHA256.hash(message)) == digest)
    }

    @Test("every length up to 300 hashes as another implementation hashes it")
    func otherImplementation() throws {
        let messages = (0...300).map { noise($0, seed: UInt64($0)) }
        let script = """
            import hashlib, sys
            for line in sys.stdin:
                print(hashlib.sha256(bytes.fromhex(line)).hexdigest())
            """
        let input = messages.map { hex($0) + "\n" }.joined()
        let digests = try run("python3", ["-c", script], input: input).split(separator: "\n")
        #expect(messages.map { hex(SHA256.hash($0)) } == digests.map(String.init))
    }

    @Test("pieces of any size hash as the whole", arguments: [1, 7, 63, 64, 65, 200])
    func pieces(size: Int) {
        let message = noise(1000)
        var hash = SHA256()
        for start in stride(from: 0, to: message.count, by: size) {
            hash.update(message[start..<min(start + size, message.count)].span)
        }
        #expect(hash.finish() == SHA256.hash(message))
    }

    @Test("a copy goes on by itself")
    func copies() {
        var first = SHA256()
        first.update([1, 2].span)
        var second = first
        first.update(3)
        second.update(4)
        #expect(first.finish() == SHA256.hash([1, 2, 3]))
        #expect(second.finish() == SHA256.hash([1, 2, 4]))
    }

    @Test("leaves and nodes are prefixed as RFC 6962 says")
    func merkle() throws {
        let vectors = try fixture("rfc6962", as: RFC6962.self)
        let leaves = vectors.leafInputsHex.map { SHA256.leaf(unhex($0)) }
        #expect(leaves.map { hex($0) } == vectors.leafHashesHex)
        var level = leaves
        for height in 1...3 {
            level = stride(from: 0, to: level.count, by: 2).map {
                SHA256.node(level[$0], level[$0 + 1])
            }
            #expect(level.map { hex($0) } == vectors.nodeLevelsHex["\(height)"])
        }
    }
}
