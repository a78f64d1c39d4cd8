import Bytes
import Foundation
import Merkle
import Testing

@Suite("Two processes at one ledger") struct ProcessesTests {
    @Test("append and import work beside a server; the sequence has no gap")
    func beside() throws {
        try withTrial(projections: []) { trial in
            let server = try trial.serve()
            let facts = (1...500).map { Fact(id: "f\($0)").json + "\n" }.joined()
            let (importing, _) = try trial.start(
                [Trial.program, "import", "-"],
                input: facts
            )
            for number in 1...20 {
                #expect(try server.send(.stripe(id: "evt_\(number)")).status == 200)
                if number % 5 == 0 {
                    let id = "a\(number)"
                    let appended = try trial.daybook("append", input: Fact(id: id).json)
                    #expect(appended.status == 0, "\(appended)")
                }
            }
            #expect(importing.wait() == 0)
            let events = try trial.log()
            #expect(events.count == 1 + 500 + 20 + 4)
            #expect(events.compactMap { Int($0["sequence"] ?? "") } == Array(0..<events.count))
            #expect(events.allSatisfy { $0["outcome"] == "accepted" })
            #expect(try server.health()["size"] == "\(events.count)")
            #expect(try trial.isSound())
        }
    }

    @Test("a server sees at once what another process appended", arguments: [true, false])
    func deduplication(serverFirst: Bool) throws {
        try withTrial { trial in
            let server = try trial.serve()
            let fact = Fact(id: "evt_1", source: "stripe")
            if serverFirst { #expect(try server.send(.stripe(id: "evt_1")).status == 200) }
            let appended = try trial.daybook("append", input: fact.json)
            #expect(appended.rows.first?["outcome"] == (serverFirst ? "conflict" : "accepted"))
            if !serverFirst { #expect(try server.send(.stripe(id: "evt_1")).status == 200) }
            let events = try trial.log("--source", "stripe")
            #expect(events.map { $0["outcome"] } == ["accepted", "conflict"])
        }
    }

    @Test("two servers share one ledger")
    func twoServers() throws {
        try withTrial { trial in
            let servers = [try trial.serve(), try trial.serve()]
            for number in 0..<20 {
                let answer = try servers[number % 2].send(.stripe(id: "evt_\(number / 2)"))
                #expect(answer.status == 200)
            }
            let outcomes = try trial.log("--source", "stripe").compactMap { $0["outcome"] }
            #expect(outcomes == (0..<20).map { $0 % 2 == 0 ? "accepted" : "duplicate" })
            #expect(try trial.isSound())
        }
    }

    @Test("after keys rotate a running server signs with the new key")
    func rotation() throws {
        try withTrial { trial in
            let server = try trial.serve()
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            let rotated = try #require(try trial.daybook("keys", "rotate").rows.first)
            #expect(rotated["sequence"] == "2")
            let keys = try trial.daybook("keys", "list").rows
            #expect(keys.map { $0["state"] } == ["retired", "signing"])
            #expect(keys.map { $0["from"] } == ["1", "4"])
            #expect(keys.last?["vkey"] == rotated["vkey"])
            let old = try #require(keys.first?["vkey"])
            let new = try #require(keys.last?["vkey"])
            // The event that names the new key is the last one under the old key.
            _ = try verifiedCheckpoint(try server.get("/checkpoint").body, by: old)
            #expect(try server.send(.stripe(id: "evt_2")).status == 200)
            let note = try server.get("/checkpoint").body
            #expect(try verifiedCheckpoint(note, by: new).size == 4)
            #expect(throws: (any Error).self) { try verifiedCheckpoint(note, by: old) }
            let names = try FileManager.default.contentsOfDirectory(
                atPath: "\(trial.ledger)/keys"
            )
            #expect(names.count == 1)
            let text = try trial.daybook("prove", "1").bytes
            let line = try trial.daybook("show", "1", "--line").bytes
            #expect(try verifiedProof(text, of: line, by: new).index == 1)
            #expect(try trial.isSound())
            #expect(try trial.daybook("verify", "--key", old).status == 0)
            #expect(try trial.daybook("verify", "--key", new).status == 1)
        }
    }

    @Test("keys rotate, again and again, while webhooks come in")
    func rotationUnderLoad() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let count = 60
            let sending = Thread {
                for number in 1...count {
                    let status = (try? server.send(.stripe(id: "evt_\(number)")))?.status
                    #expect(status == 200)
                }
            }
            sending.start()
            for _ in 1...4 { #expect(try trial.daybook("keys", "rotate").status == 0) }
            _ = try eventually("end of sending") { sending.isFinished ? true : nil }
            #expect(try trial.log("--source", "stripe").count == count)
            #expect(try trial.daybook("keys", "list").rows.count == 5)
            #expect(try trial.isSound())
        }
    }
}
