import Foundation
import Testing

/// The verifier that is made of Go's own notes and tiles, built once; `nil` where it cannot be.
private let verifier: String? = {
    let temporary = ProcessInfo.processInfo.environment["TMPDIR"] ?? "/tmp"
    let program = "\(temporary)/daybook-go-verify-\(ProcessInfo.processInfo.processIdentifier)"
    var status: Int32 = 1
    try? withTrial(makesLedger: false) { trial in
        trial.environment["GO111MODULE"] = "off"
        trial.environment["GOPATH"] = "/usr/share/gocode"
        trial.environment["GOFLAGS"] = ""
        let script = "cd '\(Trial.checkout)tools/go-verify' && go build -o '\(program)' ."
        status = try trial.shell(script).status
    }
    return status == 0 ? program : nil
}()

@Suite(
    "Go's own verifier",
    .enabled(
        if: verifier != nil,
        "tools/go-verify needs the packages golang-go and golang-golang-x-mod-dev"
    )
)
struct GoVerifierTests {
    /// Runs the verifier on a served log.
    private func verify(_ trial: Trial, _ server: Server, _ words: [String]) throws -> Finished {
        let program = try #require(verifier)
        let place = words.firstIndex { $0.contains("+") } ?? words.count
        let base = ["http://127.0.0.1:\(server.port)/"]
        return try trial.run([program] + words[..<place] + base + words[place...])
    }

    private func keys(_ trial: Trial) throws -> [String] {
        try trial.daybook("keys", "list").rows.compactMap { $0["vkey"] }
    }

    private func fill(_ trial: Trial, _ numbers: ClosedRange<Int>) throws {
        let facts = numbers.map { Fact(id: "f\($0)").json + "\n" }.joined()
        try #require(try trial.daybook("import", "-", input: facts).status == 0)
    }

    @Test(
        "finds our notes, tiles and proofs good at every size where their form changes",
        arguments: [1, 2, 3, 255, 256, 257, 511, 513]
    )
    func good(size: Int) throws {
        try withTrial(projections: []) { trial in
            if size > 1 { try fill(trial, 1...size - 1) }
            let server = try trial.serve()
            let key = try keys(trial)
            for event in Set([0, size / 3, size - 1]) {
                try trial.write(try trial.daybook("prove", "\(event)").output, to: "proof")
                let words = ["-event", "\(event)", "-proof", "proof"] + key
                let finished = try verify(trial, server, words)
                #expect(finished.status == 0, "\(finished)")
                #expect(finished.output.contains("log, \(size) events"))
                #expect(finished.output.contains("proof holds event \(event) of \(size)"))
            }
        }
    }

    @Test("follows the log as it grows, by our own proofs, and through a change of key")
    func grows() throws {
        try withTrial(projections: []) { trial in
            try fill(trial, 1...299)
            let server = try trial.serve()
            try trial.write(try server.get("/checkpoint").body, to: "old")
            try fill(trial, 300...700)
            try trial.write(try trial.daybook("prove", "--from", "300").output, to: "growth")
            let words = ["-old", "old", "-growth", "growth"]
            let grown = try verify(trial, server, words + keys(trial))
            #expect(grown.status == 0, "\(grown)")
            #expect(grown.output.contains("proof holds from 300 events to 701"))
            #expect(try trial.daybook("keys", "rotate").status == 0)
            try fill(trial, 701...710)
            try trial.write(try trial.daybook("prove", "--from", "300").output, to: "growth")
            let all = try keys(trial)
            #expect(all.count == 2)
            let rotated = try verify(trial, server, words + all)
            #expect(rotated.status == 0, "\(rotated)")
            // The old key alone does not vouch for what the new one signs.
            let former = try verify(trial, server, [all[0]])
            #expect(former.status == 1 && former.output.hasPrefix("WRONG: the checkpoint"))
        }
    }

    @Test("refuses another key, another log's checkpoint and proofs that were touched")
    func bad() throws {
        try withTrial(projections: []) { trial in
            try fill(trial, 1...40)
            let server = try trial.serve()
            let key = try keys(trial)
            let made = try trial.daybook("init", "--ledger", "other", "--origin", "other.example")
            #expect(made.status == 0)
            let other = try trial.daybook("keys", "list", "--ledger", "other").rows[0]["vkey"]
            let stranger = try #require(other)
            #expect(try verify(trial, server, [stranger]).status == 1)

            let proof = try trial.daybook("prove", "7").output
            let hash = try #require(proof.split(separator: "\n").dropFirst(2).first)
            let wrong = [
                proof.replacing("index 7", with: "index 8"),
                proof.replacing("\(hash)\n", with: ""),
                proof.replacing(hash, with: String(repeating: "A", count: 43) + "="),
                proof.replacing("\n41\n", with: "\n40\n"),
                proof.replacing("log\n41", with: "lob\n41"),
            ]
            for (place, text) in wrong.enumerated() {
                try #require(text != proof)
                try trial.write(text, to: "proof")
                let finished = try verify(trial, server, ["-proof", "proof"] + key)
                #expect(finished.status == 1, "case \(place): \(finished)")
            }
            let forged = try trial.daybook("prove", "0", "--ledger", "other").output
            let note = forged.split(separator: "\n\n", maxSplits: 1)[1]
            try trial.write(String(note), to: "old")
            let words = ["-old", "old"] + key + [stranger]
            let finished = try verify(trial, server, words)
            #expect(finished.status == 1 && finished.output.contains("of the log other.example"))
        }
    }
}
