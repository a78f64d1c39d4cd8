import Glibc
import HTTPServer
import Synchronization
import Testing

@Suite struct StopTests {
    /// Stops on another thread; the result arrives in the returned box.
    private func stopInBackground(_ server: HTTPServer, graceSeconds: Double) -> Cut {
        let cut = Cut()
        background {
            cut.count.store(server.stop(graceSeconds: graceSeconds), ordering: .releasing)
        }
        return cut
    }

    private final class Cut: Sendable {
        let count = Atomic<Int>(-1)
        func wait() throws -> Int {
            try eventually("the server's end") { count.load(ordering: .acquiring) >= 0 }
            return count.load(ordering: .acquiring)
        }
    }

    private func waitUntilRefused(_ port: UInt16) throws {
        try eventually("a closed port") { (try? RawClient(port)) == nil }
    }

    @Test("what was accepted is finished: a waiting request, and one whose body is still coming")
    func graceful() throws {
        try withServer { server, handler in
            let waiting = try RawClient(server.port)
            try waiting.request("GET", "/hold")
            let held = try handler.takeHeld()
            let sending = try RawClient(server.port)
            try sending.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo")
            try eventually("an admitted request") {
                handler.admissions == 2
            }
            let cut = stopInBackground(server, graceSeconds: 60)
            try waitUntilRefused(server.port)
            held[0].answer(.text(202, "in time"))
            let answer = try waiting.answer()
            #expect(answer.body == "in time\n")
            #expect(answer.header("connection") == "close")
            try sending.send("dy")
            #expect(try sending.answer().body == "body")
            #expect(try cut.wait() == 0)
            #expect(try handler.records(2).allSatisfy(\.isComplete))
        }
    }

    @Test("idle connections do not hold a stopping server")
    func idle() throws {
        try withServer { server, _ in
            let clients = try (0..<10).map { _ in try RawClient(server.port) }
            for client in clients { try client.request("GET", "/echo") }
            for client in clients { #expect(try client.answer().status == 200) }
            #expect(server.stop(graceSeconds: 3600) == 0)
            for client in clients { #expect(try client.isAtEnd()) }
            #expect(server.openConnections == 0)
        }
    }

    @Test("what is not done within the grace is cut off and counted")
    func cut() throws {
        try withServer { server, handler in
            let clients = try (0..<5).map { _ in try RawClient(server.port) }
            for client in clients { try client.request("GET", "/hold") }
            let held = try handler.takeHeld(5)
            let sending = try RawClient(server.port)
            try sending.send("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 4\r\n\r\nbo")
            try eventually("an admitted request") {
                handler.admissions == 6
            }
            #expect(server.stop(graceSeconds: 0.1) == 6)
            for client in clients { #expect(try client.isAtEnd()) }
            #expect(try sending.isAtEnd())
            for responder in held { responder.answer(.empty(202)) }
            let records = try handler.records(6)
            #expect(records.count == 6)
            #expect(records.allSatisfy { $0.status == 0 && !$0.isComplete })
            #expect(server.stop(graceSeconds: 1) == 0)
        }
    }

    @Test("a server may be stopped under full load")
    func underLoad() throws {
        for _ in 0..<5 {
            try withServer { server, handler in
                let port = server.port
                let group = LoadGroup()
                for i in 0..<8 {
                    group.start {
                        guard let client = try? RawClient(port) else { return }
                        for _ in 0..<100_000 {
                            let path = i % 2 == 0 ? "/later" : "/echo"
                            guard (try? client.request("POST", path, "load")) != nil,
                                let answer = try? client.answer(), answer.body == "load"
                            else { return }
                        }
                    }
                }
                _ = try handler.records(200)
                #expect(server.stop(graceSeconds: 30) == 0)
                try group.wait()
            }
        }
    }

    private final class LoadGroup: Sendable {
        private let running = Atomic<Int>(0)
        func start(_ body: @escaping @Sendable () -> Void) {
            running.add(1, ordering: .relaxed)
            background {
                body()
                self.running.subtract(1, ordering: .relaxed)
            }
        }
        func wait() throws {
            try eventually("the clients' end") { running.load(ordering: .relaxed) == 0 }
        }
    }
}
