import Digest
import Testing

@Suite("hashes by name")
struct HashTests {
    private static let names: [(name: String, algorithm: HashAlgorithm)] = [
        ("sha1", .sha1), ("sha256", .sha256), ("sha512", .sha512),
    ]

    @Test(
        "the examples of FIPS 180 come out",
        arguments: [
            (HashAlgorithm.sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"),
            (.sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            (
                .sha512,
                "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                    + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
            ),
        ]
    )
    func published(algorithm: HashAlgorithm, digest: String) {
        #expect(hex(Hash.hash(algorithm, Array("abc".utf8).span)) == digest)
    }

    @Test("messages of every length, in pieces, agree with another implementation")
    func otherImplementation() throws {
        let script = """
            import hashlib, sys
            for line in sys.stdin:
                name, message = line.strip().split(",")
                print(hashlib.new(name, bytes.fromhex(message)).hexdigest())
            """
        let cases = Self.names.flatMap { name in (0...260).map { (name, noise($0, seed: 3)) } }
        let input = cases.map { "\($0.name),\(hex($1))\n" }.joined()
        let expected = try run("python3", ["-c", script], input: input).split(separator: "\n")
        let found = cases.map { name, message in
            var hash = Hash(name.algorithm)
            let cut = message.count / 3
            let whole = message.span
            hash.update(whole.extracting(first: cut))
            hash.update(whole.extracting(droppingFirst: cut))
            return hex(hash.finish())
        }
        #expect(found == expected.map(String.init))
    }

    @Test("a copy goes on from where the original stood")
    func copies() {
        var one = Hash(.sha256)
        one.update([1].span)
        var other = one
        one.update([2].span)
        other.update([3].span)
        #expect(one.finish() == Hash.hash(.sha256, [1, 2].span))
        #expect(other.finish() == Hash.hash(.sha256, [1, 3].span))
    }
}
