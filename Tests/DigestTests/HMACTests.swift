import Digest
import Testing

private struct Example: Decodable {
    var name: String
    var algorithm: String
    var keyHex: String
    var messageHex: String
    var codeHex: String
}

private let algorithms: [String: HashAlgorithm] = [
    "sha1": .sha1, "sha256": .sha256, "sha512": .sha512,
]

private func code(_ key: HMACKey, _ message: [UInt8]) -> [UInt8] {
    var code = key.start()
    code.update(message.span)
    return code.finish()
}

@Suite("HMAC")
struct HMACTests {
    @Test("the examples of RFC 4231 and RFC 2202 come out")
    func published() throws {
        for example in try fixture("hmac", as: [Example].self) {
            let algorithm = try #require(algorithms[example.algorithm])
            let key = HMACKey(algorithm, key: unhex(example.keyHex).span)
            let found = hex(code(key, unhex(example.messageHex)))
            #expect(found.hasPrefix(example.codeHex), "\(example.name), \(example.algorithm)")
            #expect(found.count == 2 * algorithm.digestCount)
        }
    }

    @Test(
        "keys and messages of every length agree with another implementation",
        arguments: ["sha1", "sha256", "sha512"]
    )
    func otherImplementation(name: String) throws {
        let algorithm = try #require(algorithms[name])
        // Keys on both sides of the block lengths, 64 and 128.
        let pairs = (0...300).map { (key: noise($0 / 2, seed: 7), message: noise($0, seed: 8)) }
        let script = """
            import hmac, sys
            for line in sys.stdin:
                key, message = [bytes.fromhex(x) for x in line.split(",")]
                print(hmac.new(key, message, "\(name)").hexdigest())
            """
        let input = pairs.map { "\(hex($0.key)),\(hex($0.message))\n" }.joined()
        let expected = try run("python3", ["-c", script], input: input).split(separator: "\n")
        let found = pairs.map { hex(code(HMACKey(algorithm, key: $0.key.span), $0.message)) }
        #expect(found == expected.map(String.init))
    }

    @Test("one key serves many messages, in pieces and side by side")
    func reuse() {
        let key = HMACKey(.sha256, key: noise(32).span)
        let message = noise(500, seed: 2)
        let whole = code(key, message)
        var first = key.start()
        var second = key.start()
        for byte in message {
            first.update([byte].span)
            second.update([byte].span)
        }
        #expect(first.finish() == whole)
        #expect(second.finish() == whole)
        #expect(code(key, message) == whole)
    }
}
