import Bytes
import Digest
import Foundation
import Merkle
import Testing

@Suite("First steps") struct FirstStepsTests {
    @Test("init makes a ledger that serves at once, and says what to do next")
    func initialising() throws {
        try withTrial(makesLedger: false) { trial in
            let made = try trial.daybook("init", "--origin", "shop.example.com/log")
            #expect(made.status == 0)
            #expect(made.error == "")
            #expect(made.output.contains("made the ledger \(trial.ledger)"))
            #expect(made.output.contains("daybook serve --ledger \(trial.ledger)"))
            let keys = try trial.daybook("keys", "list").rows
            #expect(keys.map { $0["state"] } == ["signing"])
            let vkey = try #require(keys.first?["vkey"])
            #expect(vkey.hasPrefix("shop.example.com/log+"))
            #expect(made.output.contains(vkey))
            let secret = try trial.read("ledger/secrets/stripe").dropLast()
            let server = try trial.serve()
            let answer = try server.send(.stripe(id: "evt_1", secret: String(secret)))
            #expect(answer.status == 200)
        }
    }

    @Test("a second init is refused and changes nothing")
    func initialisingTwice() throws {
        try withTrial { trial in
            let before = try trial.daybook("keys", "list").output
            let again = try trial.daybook("init")
            #expect(again.status == 3)
            #expect(again.output == "")
            #expect(
                again.error == "daybook: a ledger is already in \(trial.ledger); "
                    + "serve it with \"daybook serve --ledger \(trial.ledger)\"\n"
            )
            #expect(try trial.daybook("keys", "list").output == before)
        }
    }

    @Test("the welcome names the ledger and where each source's webhooks go")
    func welcome() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let base = "http://127.0.0.1:\(server.port)"
            let lines = server.welcome.split(separator: "\n")
            #expect(lines.first == "serving \(trial.ledger) (shop.example.com/log) at \(base)")
            for name in ["stripe", "woocommerce", "shopify", "oms"] {
                #expect(lines.contains { $0.hasPrefix("  POST \(base)/hooks/\(name)  (") })
            }
        }
    }

    @Test("a signed webhook is answered 200 and is then in the log as it was on the wire")
    func webhook() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let request = Request.stripe(id: "evt_1").adding(
                "Authorization",
                "Bearer not-to-be-kept"
            )
            let answer = try server.send(request)
            #expect(answer.status == 200)
            #expect(answer.body == [])
            let event = try #require(try trial.log("--source", "stripe").first)
            let expected = [
                "id": "evt_1", "type": "charge.succeeded", "subject": "charge:ch_evt_1",
                "kind": "webhook", "outcome": "accepted", "provider": "stripe",
                "sequence": "00000000000000000001", "time": "2025-10-09T08:53:20Z",
                "authtype": "hmac-sha256", "authid": "plain", "bodysize": "\(request.body.count)",
            ]
            for (name, value) in expected { #expect(event[name] == value, "\(name)") }
            #expect(try trial.daybook("show", "1", "--body").bytes == request.body)
            let meta = try trial.daybook("show", "1", "--meta").output
            #expect(meta.contains(#"["Stripe-Signature","\#(request.value("Stripe-Signature"))"]"#))
            #expect(meta.contains(#"["Authorization","[redacted]"]"#))
            #expect(meta.contains(#""method":"POST","target":"/hooks/stripe""#))
            #expect(!meta.contains("not-to-be-kept"))
        }
    }

    @Test("show prints the exact line that is hashed, and the event whole")
    func showing() throws {
        try withTrial { trial in
            let fact = try trial.daybook("append", "--source", "ops", "--type", "a.b")
            let receipt = try #require(fact.rows.first)
            let line = try trial.daybook("show", "1", "--line").bytes
            #expect(SHA256.leaf(line.span).description == receipt["leafhash"])
            let shown = row(Data(try trial.daybook("show", "1", "--format", "json").bytes))
            #expect(shown["leafhash"] == receipt["leafhash"])
            for (name, value) in row(Data(line)) { #expect(shown[name] == value) }
            #expect(try trial.daybook("show", "1", "--format", "table").output.contains("a.b"))
        }
    }

    @Test("a proof convinces a third party who has only the line and the log's key")
    func proving() throws {
        try withTrial(projections: []) { trial in
            let server = try trial.serve()
            for number in 1...5 {
                #expect(try server.send(.stripe(id: "evt_\(number)")).status == 200)
            }
            let vkey = try #require(try trial.daybook("keys", "list").rows.first?["vkey"])
            for sequence in 0...5 {
                let line = try trial.daybook("show", "\(sequence)", "--line").bytes
                let text = try trial.daybook("prove", "\(sequence)").bytes
                let proven = try verifiedProof(text, of: line, by: vkey)
                #expect(proven.index == sequence)
                #expect(proven.checkpoint.size == 6)
                #expect(proven.checkpoint.origin == "shop.example.com/log")
            }
            #expect(try trial.isSound())
        }
    }

    @Test("verify says what it checked")
    func verifying() throws {
        try withTrial { trial in
            try trial.daybook("append", "--source", "ops", "--type", "a.b", "--data", "{}")
            let table = try trial.daybook("verify", "--format", "table")
            #expect(table.status == 0)
            #expect(table.output.hasPrefix("sound  shop.example.com/log, 2 events\n"))
            #expect(table.output.contains("2 lines, 1 bodies, 1 tiles, 2 checkpoints"))
            let summary = try #require(try trial.daybook("verify").rows.last)
            #expect(summary["kind"] == "summary")
            #expect(summary["what"] == "sound")
        }
    }

    @Test("verify names the event whose bytes were changed on disk")
    func tampering() throws {
        try withTrial { trial in
            try trial.daybook("append", "--source", "ops", "--type", "paid.in.full")
            let file = URL(filePath: "\(trial.ledger)/log/data.mdb")
            var bytes = Array(try Data(contentsOf: file))
            let range = try #require(bytes.firstRange(of: Array("paid.in.full".utf8)))
            bytes.replaceSubrange(range, with: Array("paid.in.part".utf8))
            try Data(bytes).write(to: file)
            let finished = try trial.daybook("verify", "--format", "table")
            #expect(finished.status == 1)
            #expect(finished.output.contains("manipulation  event 1: "))
            #expect(finished.output.contains("NOT SOUND"))
        }
    }
}
