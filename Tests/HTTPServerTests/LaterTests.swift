import HTTPServer
import Testing

@Suite struct LaterTests {
    @Test("answers may come from other threads, for many connections at once")
    func manyConnections() throws {
        try withServer { server, handler in
            let clients = try (0..<200).map { _ in try RawClient(server.port) }
            for round in 0..<3 {
                for (i, client) in clients.enumerated() {
                    try client.request("POST", "/hold", "\(i)")
                }
                let held = try handler.takeHeld(200)
                #expect(server.suspendedRequests == 200)
                background { for responder in held { responder.answer(.text(202, "\(round)")) } }
                for client in clients { #expect(try client.answer().body == "\(round)\n") }
                try eventually("no suspended request") { server.suspendedRequests == 0 }
            }
            for (i, client) in clients.enumerated() {
                try client.request("POST", "/later", "\(i)")
            }
            for (i, client) in clients.enumerated() {
                #expect(try client.answer().body == "\(i)")
            }
            #expect(server.openConnections == 200)
            withExtendedLifetime(clients) {}
        }
    }

    @Test("a responder that is dropped answers 500")
    func dropped() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.request("GET", "/drop")
            #expect(try client.answer().status == 500)
            try client.request("GET", "/echo")
            #expect(try client.answer().status == 200)
        }
    }

    @Test("only the first answer counts, and only for its own request")
    func stale() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/hold")
            let first = try handler.takeHeld()[0]
            first.answer(.text(200, "first"))
            first.answer(.text(200, "again"))
            #expect(try client.answer().body == "first\n")
            try client.request("GET", "/hold")
            let second = try handler.takeHeld()[0]
            first.answer(.text(200, "stale"))
            second.answer(.text(200, "second"))
            #expect(try client.answer().body == "second\n")
        }
    }

    @Test("a client that leaves while its request waits harms nobody")
    func disconnected() throws {
        try withServer { server, handler in
            for _ in 0..<20 {
                let client = try RawClient(server.port)
                try client.request("GET", "/hold")
            }
            let held = try handler.takeHeld(20)
            for responder in held { responder.answer(.empty(202)) }
            #expect(try handler.records(20).allSatisfy { $0.target == "/hold" })
            try eventually("closed connections") { server.openConnections == 0 }
        }
    }

    @Test("a responder may outlive its server")
    func outliving() throws {
        var kept: [Responder] = []
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/hold")
            kept = try handler.takeHeld()
            #expect(server.stop(graceSeconds: 0) == 1)
            #expect(try client.isAtEnd())
        }
        kept[0].answer(.empty(202))
        kept = []
    }
}
