import Testing

/// Whether the verifier, which has nothing of Daybook's code, can run here.
private let canRun: Bool = {
    var status: Int32 = 1
    try? withTrial(makesLedger: false) { trial in
        status = try trial.run(["python3", "-c", "import cryptography"]).status
    }
    return status == 0
}()

@Suite(
    "The independent verifier",
    .enabled(if: canRun, "tools/verify.py needs python3 with the package cryptography")
)
struct IndependentVerifierTests {
    private func verify(_ trial: Trial, _ server: Server, _ vkey: String) throws -> Finished {
        try trial.run([
            "python3", "\(Trial.checkout)tools/verify.py", "http://127.0.0.1:\(server.port)", vkey,
        ])
    }

    @Test("finds the served log good, through a change of key", arguments: [3, 600])
    func good(count: Int) throws {
        try withTrial(projections: []) { trial in
            let vkey = try #require(try trial.daybook("keys", "list").rows.first?["vkey"])
            let facts = (1...count).map { Fact(id: "f\($0)").json + "\n" }.joined()
            #expect(try trial.daybook("import", "-", input: facts).status == 0)
            let server = try trial.serve()
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            #expect(try verify(trial, server, vkey).status == 0)
            #expect(try trial.daybook("keys", "rotate").status == 0)
            #expect(try verify(trial, server, vkey).status == 0)
            #expect(try server.send(.stripe(id: "evt_2")).status == 200)
            let finished = try verify(trial, server, vkey)
            #expect(finished.status == 0, "\(finished)")
            #expect(finished.output.contains("\(count + 4) events"))
        }
    }

    @Test("refuses another key")
    func wrongKey() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let other = try trial.daybook(
                "init",
                "--ledger",
                "other",
                "--origin",
                "shop.example.com/log"
            )
            #expect(other.status == 0)
            let keys = try trial.daybook("keys", "list", "--ledger", "other")
            let vkey = try #require(keys.rows.first?["vkey"])
            let finished = try verify(trial, server, vkey)
            #expect(finished.status == 1)
            #expect(finished.output.hasPrefix("WRONG"))
        }
    }
}
