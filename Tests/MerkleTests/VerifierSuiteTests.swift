import Bytes
import Merkle
import Testing

@Suite("Cross-implementation suite of proof verifiers")
struct VerifierSuiteTests {
    struct Vectors: Decodable, Sendable {
        struct Inclusion: Decodable, Sendable, CustomTestStringConvertible {
            var `case`: String
            var leafIndex: UInt64
            var treeSize: UInt64
            var rootB64: String
            var leafHashB64: String
            var proofB64: [String]
            var valid: Bool
            var testDescription: String { self.case }
        }
        struct Consistency: Decodable, Sendable, CustomTestStringConvertible {
            var `case`: String
            var size1: UInt64
            var size2: UInt64
            var root1B64: String
            var root2B64: String
            var proofB64: [String]
            var valid: Bool
            var testDescription: String { self.case }
        }
        var inclusion: [Inclusion]
        var consistency: [Consistency]
    }

    static let vectors: Vectors = fixture("rfc6962_verifier_suite")

    @Test("an inclusion proof holds exactly if the suite says so", arguments: vectors.inclusion)
    func inclusion(vector: Vectors.Inclusion) {
        let texts = [vector.leafHashB64, vector.rootB64] + vector.proofB64
        let values = texts.compactMap { hash(base64: $0) }
        let proof = InclusionProof(
            index: vector.leafIndex,
            size: vector.treeSize,
            path: Array(values.dropFirst(2))
        )
        // A hash of another length than 32 bytes never gets as far as a proof.
        let isValid =
            values.count == texts.count
            && holds { try proof.verify(leaf: values[0], root: values[1], using: SHA256.self) }
        #expect(isValid == vector.valid)
    }

    @Test("a consistency proof holds exactly if the suite says so", arguments: vectors.consistency)
    func consistency(vector: Vectors.Consistency) {
        let proof = ConsistencyProof(
            oldSize: vector.size1,
            newSize: vector.size2,
            path: vector.proofB64.map(value)
        )
        let isValid = holds {
            try proof.verify(
                oldRoot: value(vector.root1B64),
                newRoot: value(vector.root2B64),
                using: SHA256.self
            )
        }
        #expect(isValid == vector.valid)
    }

    /// One valid case has roots that are not 32 bytes long; such are replaced by their hash, which
    /// keeps equal ones equal and different ones different.
    private func value(_ base64: String) -> Hash256 {
        let bytes = Base64.decode(base64.utf8Span.span) ?? []
        return Hash256(bytes.span) ?? SHA256.hash(bytes.span)
    }

    private func holds(_ verify: () throws -> Void) -> Bool {
        do {
            try verify()
            return true
        } catch {
            return false
        }
    }

    @Test("the suite has 98 cases of each kind, of which 184 must fail")
    func counts() {
        #expect(Self.vectors.inclusion.count == 98)
        #expect(Self.vectors.consistency.count == 98)
        let valid = Self.vectors.inclusion.map(\.valid) + Self.vectors.consistency.map(\.valid)
        #expect(valid.filter { !$0 }.count == 184)
    }
}
