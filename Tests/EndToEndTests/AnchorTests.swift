import Foundation
import Merkle
import Testing

@Suite("Anchors") struct AnchorTests {
    private func append(_ trial: Trial, _ ids: ClosedRange<Int>) throws {
        let facts = ids.map { Fact(id: "f\($0)").json + "\n" }.joined()
        let finished = try trial.daybook("import", "-", input: facts)
        try #require(finished.status == 0, "\(finished)")
    }

    @Test("are had from two witnesses and an authority, and shown by verify")
    func all() throws {
        try withTrial { trial in
            var others = try AnchorWitnesses(trial, count: 2)
            try others.startAuthority()
            try others.configure()
            try append(trial, 1...4)
            let anchored = try trial.daybook("anchor")
            #expect(anchored.status == 0, "\(anchored)")
            #expect(anchored.rows.map { $0["result"] } == ["anchored", "anchored", "anchored"])
            #expect(anchored.rows.map { $0["kind"] } == ["witness", "witness", "rfc3161"])
            #expect(anchored.rows.allSatisfy { $0["size"] == "5" })
            try append(trial, 5...6)

            let verified = try trial.daybook("verify", "--format", "table")
            #expect(verified.status == 0, "\(verified)")
            #expect(verified.output.contains("  anchored  events 0 to 4 by witness w1 since 20"))
            #expect(verified.output.contains("  anchored  events 0 to 4 by witness w2 since 20"))
            let authority = "by time stamp authority CN=Trial TSA since 20"
            #expect(verified.output.contains("  anchored  events 0 to 4 \(authority)"))
            #expect(verified.output.contains("  after     4 events came after the last anchor"))
            #expect(!verified.output.contains("no witness has countersigned"))
            #expect(verified.output.contains("did not write events 5 to 8 anew"))
            let only = try trial.daybook(
                "verify",
                "--anchors-only",
                "--ask-witnesses",
                "--format",
                "table"
            )
            #expect(only.status == 0, "\(only)")
            #expect(only.output.hasPrefix("sound  2 anchors of a log of 9 events\n"))
            let list = try trial.daybook("anchor", "list").rows
            #expect(list.map { $0["sequence"] } == ["5", "6"])
            #expect(list.first?["by"] == "w1.example w2.example")

            // OpenSSL itself accepts what was recorded, over the checkpoint's text.
            let note = try trial.daybook("show", "5", "--body")
            let text = note.output.components(separatedBy: "\n\n")[0] + "\n"
            try trial.write(text, to: "checkpoint.txt")
            try trial.write(try trial.daybook("show", "6", "--body").bytes, to: "stamp.tsr")
            let checked = try trial.shell(
                "openssl ts -verify -data checkpoint.txt -in stamp.tsr -CAfile ca.pem"
            )
            #expect(checked.status == 0, "\(checked)")
        }
    }

    @Test("that too few give are exit status 1, and a witness that is away keeps no start")
    func away() throws {
        try withTrial { trial in
            var others = try AnchorWitnesses(trial, count: 2)
            try others.configure()
            others.processes[1].signal(SIGTERM)
            #expect(others.processes[1].wait() == 0)
            let anchored = try trial.daybook("anchor")
            #expect(anchored.status == 1)
            #expect(anchored.rows.map { $0["result"] } == ["anchored", "failed"])
            #expect(anchored.error.contains("too few witnesses cosigned, expected 2 of w1, w2"))
            let server = try trial.serve()
            #expect(server.messages.contains("witness w2 host cannot be reached"))
            server.stop()
            // A quorum of one is enough, and the witness that comes back catches up.
            try others.configure(threshold: "any")
            #expect(try trial.daybook("anchor").status == 0)
            try others.startWitness(2)
            #expect(try trial.isSound())
        }
    }

    @Test("are had by a running server, again when something is new")
    func scheduled() throws {
        try withTrial { trial in
            var others = try AnchorWitnesses(trial, count: 1)
            try others.startAuthority()
            try others.configure(every: "1s")
            let server = try trial.serve()
            try eventually("first anchor") {
                try trial.daybook("anchor", "list").rows.count >= 2 ? true : nil
            }
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            try eventually("second anchor") {
                try trial.daybook("anchor", "list").rows.count >= 4 ? true : nil
            }
            server.stop()
            #expect(server.messages.contains("anchoring") == false, "\(server.messages)")
            let report = try trial.daybook("verify", "--anchors-only")
            #expect(report.status == 0, "\(report)")
        }
    }

    @Test("keep a forked copy of the ledger from being continued, and show the fork")
    func fork() throws {
        try withTrial { trial in
            let others = try AnchorWitnesses(trial, count: 2)
            try others.configure()
            try append(trial, 1...3)
            #expect(try trial.daybook("anchor").status == 0)
            try trial.shell("cp -r ledger copy")
            try append(trial, 4...4)
            #expect(try trial.daybook("anchor").status == 0)

            // The copy goes on elsewhere, where no head file tells: first shorter, then other.
            trial.environment["XDG_STATE_HOME"] = trial.path("elsewhere")
            trial.environment["DAYBOOK_LEDGER"] = trial.path("copy")
            let shorter = try trial.daybook("serve", "--listen", "127.0.0.1:0")
            #expect(shorter.status == 3)
            #expect(shorter.error.contains("the log has 5 events, but witness w1 knows of 6"))
            for id in 11...14 { try append(trial, id...id) }
            for line in ["serve --listen 127.0.0.1:0", "anchor"] {
                let words = line.split(separator: " ").map(String.init)
                let refused = try trial.run([Trial.program] + words)
                #expect(refused.status == 3, "\(refused)")
                #expect(refused.error.contains("the log's first 6 events are not those"))
                #expect(refused.error.contains("copy/anchors/fork-6-"))
            }
            #expect(try trial.log("--type", "daybook.anchored").count == 1)
            let found = try trial.daybook("verify", "--ask-witnesses")
            #expect(found.status == 1)
            #expect(found.rows.contains { $0["place"] == "witness w2" })

            // Both checkpoints of one size, signed by one key, with two roots.
            let folder = trial.path("copy/anchors")
            let names = try FileManager.default.contentsOfDirectory(atPath: folder)
            var kept: [[String: [String: Any]]] = []
            for name in names {
                let data = try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
                let object = try JSONSerialization.jsonObject(with: data) as? [String: Any]
                kept.append((object ?? [:]).compactMapValues { $0 as? [String: Any] })
            }
            let both = try #require(
                kept.first { $0["ours"]?["size"] as? Int == $0["theirs"]?["size"] as? Int }
            )
            #expect(both["ours"]?["root"] as? String != both["theirs"]?["root"] as? String)
            let vkey = try #require(try trial.daybook("keys", "list").rows.first?["vkey"])
            for side in ["ours", "theirs"] {
                let note = try #require(both[side]?["note"] as? String)
                #expect(try verifiedCheckpoint(Array(note.utf8), by: vkey).size == 6)
            }

            // Whoever goes on all the same says so.
            let restored = try trial.daybook("restore", "--reason", "the copy is right")
            #expect(restored.status == 0, "\(restored)")
            let reason = try trial.log("--type", "daybook.ledger.restored").first?["reason"] ?? ""
            #expect(reason.contains("witness w1 knows 6 events, root "))
            let server = try trial.serve()
            #expect(server.messages.contains("will not cosign until its operator forgets that"))
        }
    }

    @Test("are asked for in vain where nobody is named, or wrongly")
    func unconfigured() throws {
        try withTrial { trial in
            let none = try trial.daybook("anchor")
            #expect(none.status == 2)
            #expect(none.error.contains("anchors in "))
            #expect(try trial.daybook("anchor", "list").output == "")
            #expect(try trial.daybook("verify", "--ask-witnesses").status == 2)
            try trial.write("anchors: { policy: file:none.txt }\n", to: "ledger/daybook.yaml")
            let missing = try trial.daybook("anchor")
            #expect(missing.status == 2)
            #expect(missing.error.contains("daybook.yaml:1:20: "))
            #expect(try trial.daybook("serve").status == 2)
            // A copy without its policy can be verified all the same.
            let verified = try trial.daybook("verify", "--format", "table")
            #expect(verified.status == 0)
            #expect(verified.output.contains("unproven  what witnesses and authorities gave: "))
        }
    }

    @Test("a witness refuses to run without what it needs")
    func witnessUsage() throws {
        try withTrial(makesLedger: false) { trial in
            #expect(try trial.daybook("witness").status == 2)
            let made = try trial.daybook("witness", "--key", "k", "--new-key", "w 1")
            #expect(made.status == 2)
            #expect(try trial.daybook("witness", "--key", "k", "--new-key", "w1").status == 0)
            #expect(try trial.daybook("witness", "--key", "k", "--new-key", "w1").status == 3)
            #expect(try trial.daybook("witness", "--key", "k").status == 2)
            #expect(try trial.daybook("witness", "--key", "k", "--log", "x").status == 2)
            let bad = try trial.daybook("witness", "--key", "k", "--log", "x", "--state", "s")
            #expect(bad.status == 2)
            #expect(bad.error.contains("is no vkey"))
        }
    }
}
