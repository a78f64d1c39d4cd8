import HTTPServer
import Testing

@Suite struct BodyLimitTests {
    @Test("an announced body over the limit is refused at once")
    func announced() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.send("POST /limit/10 HTTP/1.1\r\nHost: a\r\nContent-Length: 11\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.status == 413)
            #expect(answer.header("connection") == "close")
            #expect(try client.isAtEnd())
            #expect(handler.handled == 0)
        }
    }

    @Test("a body as large as the limit is taken")
    func exact() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.request("POST", "/limit/10", "0123456789")
            #expect(try client.answer().body == "0123456789")
        }
    }

    @Test("the server's own limit holds whatever the handler admits")
    func hardLimit() throws {
        try withServer(HTTPLimits(bodyBytes: 5)) { server, _ in
            let client = try RawClient(server.port)
            try client.request("POST", "/echo", "012345")
            #expect(try client.answer().status == 413)
        }
    }

    @Test("a chunked body over the limit is answered with 413", arguments: [11, 50_000])
    func chunked(size: Int) throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            let chunk = String(size, radix: 16) + "\r\n" + String(repeating: "x", count: size)
            try client.send(
                "POST /limit/10 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            try client.send(chunk + "\r\n0\r\n\r\n")
            #expect(try client.answer().status == 413)
            #expect(try client.isAtEnd())
            #expect(handler.handled == 0)
        }
    }

    @Test("a chunked body without end is cut off")
    func endless() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.send(
                "POST /limit/10 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
            )
            let chunk = "10000\r\n" + String(repeating: "x", count: 65_536) + "\r\n"
            #expect(throws: RawClient.Failure.self) {
                for _ in 0..<1000 { try client.send(chunk) }
            }
            let record = try handler.records(1)[0]
            #expect(record.status == 0)
            #expect(record.bytesIn < 4 << 20)
        }
    }

    @Test("a body that will be refused is not asked for", arguments: ["/limit/10", "/refuse"])
    func noContinue(path: String) throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.send(
                "POST \(path) HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 99\r\n\r\n"
            )
            #expect(try client.answer().status == (path == "/refuse" ? 401 : 413))
            #expect(try client.isAtEnd())
        }
    }

    @Test("the answer reaches a client that is still sending")
    func lingering() throws {
        try withServer { server, _ in
            for _ in 0..<10 {
                let client = try RawClient(server.port)
                try client.request("POST", "/limit/10", String(repeating: "x", count: 3 << 20))
                #expect(try client.answer().status == 413)
            }
        }
    }
}
