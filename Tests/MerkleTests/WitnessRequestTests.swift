import Bytes
import Merkle
import Testing

private struct WitnessVectors: Decodable {
    struct Step: Decodable {
        let step: String
        let body: String
    }

    let steps: [Step]
}

@Suite("A request to a witness") struct WitnessRequestTests {
    private func read(_ text: String) throws(WitnessRequestError) -> WitnessRequest {
        let bytes = utf8(text)
        return try WitnessRequest(bytes.span)
    }

    @Test("each published request is read, and written as it was")
    func published() throws {
        let vectors: WitnessVectors = fixture("witness_add_checkpoint")
        #expect(vectors.steps.count == 15)
        for step in vectors.steps {
            #expect(string(try read(step.body).bytes) == step.body, "\(step.step)")
        }
    }

    @Test(
        "anything else is refused",
        arguments: [
            ("", WitnessRequestError.badOld), ("old 1", .badOld), ("old -1\n\nx", .badOld),
            ("old 01\n\nx", .badOld), ("old\n\nx", .badOld), ("old 1 \n\nx", .badOld),
            ("old 18446744073709551616\n\nx", .badOld), ("old 1\n", .noCheckpoint),
            ("old 1\n\n", .noCheckpoint), ("old 1\nx\n\nx", .badHash(line: 2)),
            ("old 1\r\n\nx", .badOld),
            ("old 1\nAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=", .badHash(line: 2)),
        ]
    )
    func refused(text: String, error: WitnessRequestError) {
        #expect(throws: error) { try read(text) }
    }

    @Test("there may be 63 hashes and no more")
    func hashes() throws {
        let line = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=\n"
        let most = String(repeating: line, count: 63)
        #expect(try read("old 1\n\(most)\nx").path.count == 63)
        #expect(throws: WitnessRequestError.tooManyHashes) { try read("old 1\n\(most)\(line)\nx") }
    }
}
