import Bytes
import Merkle
import Testing

private struct PolicyVectors: Decodable {
    struct Case: Decodable {
        let text: String
        let threshold: Int?
        let why: String?
    }

    let valid: [Case]
    let invalid: [Case]
}

@Suite("A policy") struct PolicyTests {
    private let vectors: PolicyVectors = fixture("policy")
    private let w1 = "sigsum.org+e4ade967+AZuUY6B08pW3QVHu8uvsrxWPcAv9nykap2Nb4oxCee+r"
    private let w2 = "example.com+3753d3de+AebBhMcghIUoavZpjuDofa4sW6fYHyVn7gvwDBfvkvuM"

    private func read(_ text: String) throws(PolicyError) -> TLogPolicy {
        let bytes = utf8(text)
        return try TLogPolicy(bytes.span, using: SHA256.self)
    }

    /// The vkeys of `count` witnesses.
    private func keys(_ count: Int) throws -> [VKey] {
        try (0..<count).map { number in
            try VKey(
                name: "w\(number)",
                type: .cosignature,
                publicKey: [UInt8](repeating: UInt8(number), count: 32),
                using: SHA256.self
            )
        }
    }

    @Test("the published policies are read, with the witnesses that they need")
    func published() throws {
        for one in vectors.valid {
            #expect(try read(one.text).fewestWitnesses == one.threshold, "\(one.text)")
        }
    }

    @Test("the published faults are refused, as is each line that is not what it must be")
    func faults() {
        for one in vectors.invalid {
            #expect(throws: PolicyError.self, "\(one.why ?? "")") { try read(one.text) }
        }
        for line in [
            "witness", "witness a", "witness a b", "log", "log a b c", "group g", "group g any",
            "group g any x", "quorum", "quorum a b", "other", "witness a \(w1) u v", "\u{1}",
            "quorum none # no comments here", "witness a \(w1)\rquorum none",
        ] {
            #expect(throws: PolicyError.self, "\(line)") { try read("\(line)\nquorum none\n") }
        }
    }

    @Test("a fault is told with its line")
    func place() {
        let error = #expect(throws: PolicyError.self) {
            try read("# witnesses\n\nwitness w1 \(w1)\ngroup g 2 w1\nquorum g\n")
        }
        #expect(error?.line == 4)
        #expect(error?.description.contains("expected all, any or 1 to 1") == true)
    }

    @Test("no group can hold itself, a member twice, or what is not defined yet")
    func groups() {
        let witnesses = "witness a \(w1)\nwitness b \(w2)\n"
        for groups in [
            "group g any g\nquorum g\n", "group g any a a\nquorum g\n",
            "group g any h\ngroup h any a\nquorum g\n",
            "group g any a\ngroup h any a\nquorum h\n", "group g 3 a b\nquorum g\n",
            "group g 0 a b\nquorum g\n", "group g -1 a b\nquorum g\n", "group a any b\nquorum a\n",
            "quorum a\nquorum a\n",
        ] {
            #expect(throws: PolicyError.self, "\(groups)") { try read(witnesses + groups) }
        }
    }

    @Test("a quorum is met by enough of the right witnesses and by no other keys")
    func quorum() throws {
        let keys = try keys(5)
        var text = keys.map { "witness \($0.name) \($0) https://\($0.name)/\n" }.joined()
        text += "group near any w0 w1\ngroup far 2 w2 w3 w4\ngroup both all near far\n"
        let policy = try read(text + "quorum both\n")
        #expect(policy.fewestWitnesses == 3)
        #expect(policy.quorumText == "2 of (1 of w0, w1), (2 of w2, w3, w4)")
        // Every set of witnesses, against what the groups say.
        for set in 0..<32 {
            let cosigners = Set((0..<5).filter { set & 1 << $0 != 0 }.map { keys[$0] })
            let isMet = set & 0b11 != 0 && (set >> 2).nonzeroBitCount >= 2
            #expect(policy.isMet(by: cosigners) == isMet, "\(set)")
        }
        let stranger = try VKey(
            name: "w0",
            type: .cosignature,
            publicKey: [UInt8](repeating: 99, count: 32),
            using: SHA256.self
        )
        #expect(!policy.isMet(by: [stranger, keys[2], keys[3]]))
        #expect(try read(text + "quorum none\n").isMet(by: []))
    }

    @Test("there is a bound on entries and on bytes")
    func bounds() throws {
        let keys = try keys(TLogPolicy.mostEntries + 1)
        let lines = keys.map { "witness \($0.name) \($0)\n" }
        #expect(throws: Never.self) { try read(lines.dropLast().joined() + "quorum none\n") }
        #expect(throws: PolicyError.self) { try read(lines.joined() + "quorum none\n") }
        let long = String(repeating: "#\n", count: TLogPolicy.longestText / 2) + "quorum none\n"
        #expect(throws: PolicyError.self) { try read(long) }
    }

    @Test("no text stops the reader")
    func garbage() throws {
        var chance = SeededGenerator(seed: 7)
        let words = [
            "witness", "group", "quorum", "log", "any", "all", w1, "a", "b", "2", "\n", " ",
        ]
        for _ in 0..<2000 {
            let text = (0..<Int.random(in: 0..<20, using: &chance))
                .map { _ in words.randomElement(using: &chance) ?? "" }.joined(separator: " ")
            _ = try? read(text)
        }
    }
}
