import Foundation
import Synchronization
import Testing

@Suite("Ends of a server") struct CrashTests {
    @Test("what was acknowledged before a kill -9 is there once, three times over")
    func kill() throws {
        try withTrial { trial in
            let acknowledged = Mutex<[String]>([])
            for round in 1...3 {
                let server = try trial.serve()
                DispatchQueue.concurrentPerform(iterations: 4) { sender in
                    guard let connection = try? server.connect() else { return }
                    for number in 0... {
                        let id = "evt_\(round)_\(sender)_\(number)"
                        guard (try? connection.send(.stripe(id: id))) != nil,
                            let answer = try? connection.answer()
                        else { return }
                        guard answer.status == 200 else {
                            Issue.record("\(id) was answered \(answer)")
                            return
                        }
                        let count = acknowledged.withLock { ids in
                            ids.append(id)
                            return ids.count
                        }
                        if count == round * 50 { server.kill() }
                    }
                }
            }
            let ids = acknowledged.withLock { $0 }
            #expect(ids.count >= 150)
            let events = try trial.log("--source", "stripe")
            #expect(events.allSatisfy { $0["outcome"] == "accepted" })
            let recorded = events.compactMap { $0["id"] }
            #expect(Set(recorded).count == recorded.count)
            #expect(Set(ids).subtracting(recorded) == [])
            // What was in flight may have been recorded without the sender's knowing: not more.
            #expect(recorded.count <= ids.count + 3 * 4)
            #expect(try trial.isSound())
            // A sender that heard nothing sends again, and it takes effect once.
            let server = try trial.serve()
            #expect(try server.send(.stripe(id: try #require(recorded.last))).status == 200)
            #expect(
                try trial.log("--outcome", "accepted", "--source", "stripe").count == recorded.count
            )
            #expect(try trial.isSound())
        }
    }

    @Test("a stopped server finishes the request it is receiving", arguments: [SIGTERM, SIGINT])
    func stop(signal: Int32) throws {
        try withTrial { trial in
            let server = try trial.serve()
            let connection = try server.connect()
            let request = Request.stripe(id: "evt_1").adding("Expect", "100-continue")
            try connection.send(Array(request.head.utf8))
            #expect(try connection.answer().status == 100)
            try connection.send(Array(request.body.prefix(10)))
            server.process.signal(signal)
            try eventually("word of the stop") {
                server.messages.contains("finishing what was accepted") ? true : nil
            }
            try connection.send(Array(request.body.dropFirst(10)))
            #expect(try connection.answer().status == 200)
            #expect(server.process.wait() == 0)
            #expect(server.messages.contains("stopped, nothing was cut off"))
            #expect(throws: (any Error).self) { try server.connect() }
            #expect(try trial.log("--source", "stripe").map { $0["id"] } == ["evt_1"])
            #expect(try trial.isSound())
        }
    }

    @Test("idle connections do not keep a server from stopping")
    func idle() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let connections = try (1...8).map { _ in try server.connect() }
            try connections[0].send(.stripe(id: "evt_1"))
            #expect(try connections[0].answer().status == 200)
            #expect(server.stop() == 0)
            #expect(server.messages.contains("stopped, nothing was cut off"))
            withExtendedLifetime(connections) {}
        }
    }

    @Test("an import that is killed goes on where it was, by running it again")
    func killedImport() throws {
        try withTrial { trial in
            let count = 4000
            let text = (1...count).map { Fact(id: "f\($0)").json + "\n" }.joined()
            let file = try trial.write(text, to: "facts")
            let (importing, _) = try trial.start([Trial.program, "import", file])
            try eventually("first facts") { try trial.log("-n", "1", "--kind", "fact").first }
            importing.signal(SIGKILL)
            importing.wait()
            #expect(try trial.isSound())
            let again = try #require(try trial.daybook("import", file).rows.first)
            let appended = try #require(Int(again["appended"] ?? ""))
            let duplicates = try #require(Int(again["duplicates"] ?? ""))
            #expect(appended + duplicates == count)
            #expect(duplicates > 0)
            #expect(try trial.log("--kind", "fact", "--outcome", "accepted").count == count)
            #expect(try trial.isSound())
        }
    }

    @Test("the access log names each request, and nothing secret")
    func accessLog() throws {
        try withTrial { trial in
            let server = try trial.serve()
            var request = Request.stripe(id: "evt_1").adding("Authorization", "Bearer hush")
            request.target += "?token=hush"
            _ = try server.send(request)
            _ = try server.get("/healthz")
            #expect(server.stop() == 0)
            let rows = server.messages.split(separator: "\n").filter { $0.hasPrefix("{") }
                .map { row(Data($0.utf8)) }
            // Two threads answer, so either line may stand first.
            let requests = rows.map { "\($0["method"] ?? "") \($0["path"] ?? "")" }
            #expect(requests.sorted() == ["GET /healthz", "POST /hooks/stripe"])
            #expect(rows.allSatisfy { $0["peer"] == "127.0.0.1" && $0["status"] == "200" })
            #expect(!server.messages.contains("hush"))
        }
    }
}
