import HTTPServer
import Testing

@Suite struct ExchangeTests {
    @Test("a connection serves one request after another")
    func keepAlive() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            for text in ["one", "two", "three"] {
                try client.request("POST", "/echo", text)
                let answer = try client.answer()
                #expect(answer.status == 200)
                #expect(answer.body == text)
                #expect(answer.header("date") != nil)
            }
            #expect(server.openConnections == 1)
            withExtendedLifetime(client) {}
        }
    }

    @Test("pipelined requests are answered in order")
    func pipelining() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            let post = "POST /later HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nfirst"
            let get = "GET /head?second HTTP/1.1\r\nHost: a\r\n\r\n"
            try client.send(post + get)
            #expect(try client.answer().body == "first")
            #expect(try client.answer().body.hasPrefix("GET /head second"))
        }
    }

    @Test("a body is whole however it is sent", arguments: [1, 7, 1000])
    func chunked(size: Int) throws {
        try withServer { server, _ in
            let text = (0..<3000).map { String($0) }.joined()
            var rest = Substring(text)
            let client = try RawClient(server.port)
            try client.send("POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
            var chunks = ""
            while !rest.isEmpty {
                let chunk = rest.prefix(size)
                chunks += String(chunk.count, radix: 16) + "\r\n\(chunk)\r\n"
                rest = rest.dropFirst(size)
            }
            try client.send(chunks + "0\r\nX-Trailer: ignored\r\n\r\n")
            let answer = try client.answer()
            #expect(answer.body == text)
            #expect(answer.header("connection") == "close")
        }
    }

    @Test("a body larger than every buffer arrives whole")
    func largeBody() throws {
        try withServer { server, _ in
            let text = String(repeating: "0123456789", count: 100_000)
            let client = try RawClient(server.port)
            try client.request("POST", "/echo", text)
            #expect(try client.answer().body == text)
        }
    }

    @Test("HEAD is answered as GET without the body")
    func head() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.request("HEAD", "/large/1234")
            let answer = try client.answer(toHead: true)
            #expect(answer.status == 200)
            #expect(answer.header("content-length") == "1234")
            try client.request("GET", "/large/3")
            #expect(try client.answer().body == "aaa")
        }
    }

    @Test("100 is sent before a body that is welcome")
    func continues() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 4\r\n\r\n"
            )
            #expect(try client.answer().status == 100)
            try client.send("body")
            #expect(try client.answer().body == "body")
        }
    }

    @Test("a refused request without a body leaves the connection open")
    func refusal() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/refuse")
            #expect(try client.answer().status == 401)
            try client.request("GET", "/echo")
            #expect(try client.answer().status == 200)
            #expect(handler.handled == 1)
        }
    }

    @Test("a connection is closed when the answer says so")
    func close() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.request("GET", "/close")
            let answer = try client.answer()
            #expect(answer.status == 204)
            #expect(answer.header("connection") == "close")
            #expect(try client.isAtEnd())
        }
    }

    @Test("an answer that would split the head becomes 500")
    func headerInjection() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.request("GET", "/bad-answer")
            let answer = try client.answer()
            #expect(answer.status == 500)
            #expect(answer.header("x-evil") == nil)
        }
    }

    @Test("the access log has every request with its sizes")
    func accessLog() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            let head = "POST /echo?q HTTP/1.1\r\nHost: test\r\nContent-Length: 5\r\n\r\n"
            try client.send(head + "hello")
            _ = try client.answer()
            try client.request("GET", "/refuse")
            _ = try client.answer()
            let records = try handler.records(2)
            #expect(records[0].method == "POST")
            #expect(records[0].target == "/echo?q")
            #expect(records[0].peer == "127.0.0.1")
            #expect(records[0].status == 200)
            #expect(records[0].isComplete)
            #expect(records[0].bytesIn == head.utf8.count + 5)
            #expect(records[0].bytesOut == 5)
            #expect(records[1].status == 401)
        }
    }
}
