import HTTPServer
import Testing

@Suite struct ConnectionLimitTests {
    @Test("a connection over the limit waits until another closes")
    func total() throws {
        try withServer(HTTPLimits(connections: 2)) { server, _ in
            let first = try RawClient(server.port)
            var second: RawClient? = try RawClient(server.port)
            for client in [first, second] { try client?.request("GET", "/echo") }
            for client in [first, second] { #expect(try client?.answer().status == 200) }
            let third = try RawClient(server.port)
            try third.request("GET", "/echo")
            #expect(!third.hasInput())
            #expect(server.openConnections == 2)
            second = nil
            #expect(try third.answer().status == 200)
            withExtendedLifetime(first) {}
        }
    }

    @Test("one address gets no more connections than its share")
    func perAddress() throws {
        try withServer(HTTPLimits(connectionsPerAddress: 2)) { server, _ in
            var clients = try (0..<2).map { _ in try RawClient(server.port) }
            for client in clients {
                try client.request("GET", "/echo")
                #expect(try client.answer().status == 200)
            }
            #expect(try RawClient(server.port).isAtEnd())
            clients.removeLast()
            try eventually("a free place") { server.openConnections == 1 }
            let next = try RawClient(server.port)
            try next.request("GET", "/echo")
            #expect(try next.answer().status == 200)
            withExtendedLifetime(clients) {}
        }
    }

    @Test("a port in use is named in the error")
    func portInUse() throws {
        try withServer { server, handler in
            let error = #expect(throws: HTTPServerError.self) {
                _ = try HTTPServer(
                    address: "127.0.0.1",
                    port: server.port,
                    threads: 1,
                    handler: handler
                )
            }
            #expect(
                error?.description
                    == "listen on 127.0.0.1 port \(server.port): Address already in use"
            )
        }
    }

    @Test("an unknown address is named in the error")
    func unknownAddress() {
        let error = #expect(throws: HTTPServerError.self) {
            _ = try HTTPServer(
                address: "no such host",
                port: 0,
                threads: 1,
                handler: TestHandler()
            )
        }
        #expect(error?.description.hasPrefix("listen on no such host: unknown address: ") == true)
    }

    @Test("the wildcard of IPv6 takes IPv4 clients, who keep their address")
    func dualStack() throws {
        let handler = TestHandler()
        let server = try HTTPServer(address: "::", port: 0, threads: 1, handler: handler)
        defer { server.stop(graceSeconds: 0) }
        let client = try RawClient(server.port)
        try client.request("GET", "/echo")
        #expect(try client.answer().status == 200)
        #expect(try handler.records(1)[0].peer == "127.0.0.1")
    }
}
