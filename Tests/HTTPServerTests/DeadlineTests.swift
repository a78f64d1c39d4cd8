import HTTPServer
import Testing

@Suite struct DeadlineTests {
    private let limits = HTTPLimits(requestSeconds: 1, answerBytesPerSecond: 1 << 30)

    @Test(
        "a client that trickles is cut off",
        arguments: [
            "",
            "GET /echo HTTP/1.1\r\nHost: a\r\nX-Slow: ",
            "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
            "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n3e8;",
        ]
    )
    func trickle(start: String) throws {
        try withServer(limits) { server, handler in
            let client = try RawClient(server.port)
            try client.send(start)
            var sent = 0
            // Every byte is activity, so only a total deadline ends this.
            while !client.hasInput() && sent < 300 {
                try client.send("x")
                sent += 1
            }
            #expect(sent < 300)
            #expect(try client.isAtEnd())
            try eventually("the connection's end") { server.openConnections == 0 }
            #expect(handler.handled == 0)
        }
    }

    @Test("an idle connection is closed after its answer")
    func idle() throws {
        try withServer(limits) { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/echo")
            #expect(try client.answer().status == 200)
            #expect(try client.isAtEnd())
            #expect(try handler.records(1).count == 1)
        }
    }

    @Test("a client that does not take its answer is cut off")
    func slowReader() throws {
        try withServer(limits) { server, handler in
            let client = try RawClient(server.port, receiveBuffer: 4096)
            try client.request("GET", "/large/50000000")
            let record = try handler.records(1)[0]
            #expect(!record.isComplete)
            #expect(record.status == 200)
        }
    }

    @Test("the time a handler takes is not the client's")
    func patience() throws {
        try withServer(limits) { server, handler in
            let waiting = try RawClient(server.port)
            try waiting.request("GET", "/hold")
            let held = try handler.takeHeld()
            let idle = try RawClient(server.port)
            #expect(try idle.isAtEnd())
            held[0].answer(.text(200, "late"))
            #expect(try waiting.answer().body == "late\n")
        }
    }
}
