import HTTPServer
import Testing

@Suite struct HeadTests {
    @Test("headers are seen as sent, doubled ones too")
    func headers() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.send(
                "GET /head?a=%20b+c&d HTTP/1.1\r\nHost: test\r\nX-Twice: one\r\nx-tWICE: two\r\n\r\n"
            )
            #expect(
                try client.answer().body == """
                    GET /head a=%20b+c&d 127.0.0.1
                    Host: test
                    X-Twice: one
                    x-tWICE: two
                    x-twice 2
                    first one

                    """
            )
        }
    }

    @Test("percent-encoding in the path is left alone")
    func path() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/echo/a%2Fb%00%zz?")
            #expect(try client.answer().status == 200)
            #expect(try handler.records(1)[0].target == "/echo/a%2Fb%00%zz?")
        }
    }

    @Test(
        "a head that could be read in two ways is refused",
        arguments: [
            ("Content-Length: 1\r\nContent-Length: 2\r\n", 400),
            ("Content-Length: 1, 1\r\n", 400),
            ("Content-Length: +1\r\n", 400),
            ("Content-Length: -1\r\n", 400),
            ("Content-Length: 0x1\r\n", 400),
            ("Content-Length:\r\n", 400),
            ("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n", 400),
            ("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", 400),
            ("Transfer-Encoding: gzip\r\n", 501),
            ("Transfer-Encoding: gzip, chunked\r\n", 501),
            ("Transfer-Encoding: xchunked\r\n", 501),
            ("Content-Length : 1\r\n", 400),
            ("Content-Length\t: 1\r\n", 400),
            ("X\u{1}Y: 1\r\n", 400),
            ("X: a\rb\r\n", 400),
            ("X: a\u{7f}\r\n", 400),
            ("Host: second\r\n", 400),
            (": nameless\r\nGET /echo HTTP/1.1\r\nHost: smuggled\r\n", 400),
            (":\r\n", 400),
            ("X: y\n", 400),
            ("X: y\r\n folded\r\n", 400),
            ("X: y\u{0}z\r\n", 400),
            ("X: y\u{0}z\r\nZ: last\r\n", 400),
            ("no colon at all\r\n", 400),
        ]
    )
    func framing(lines: String, status: Int) throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.send("POST /echo HTTP/1.1\r\nHost: test\r\n\(lines)\r\n")
            let answer = try client.answer()
            #expect(answer.status == status)
            #expect(answer.header("connection") == "close")
            try client.drain()
            #expect(handler.admissions == 0)
        }
    }

    @Test("the trailers of a chunked body cannot hide a request")
    func trailers() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                    + "0\r\nX: y\r\n: z\r\nGET /echo HTTP/1.1\r\nHost: smuggled\r\n\r\n"
            )
            #expect(try client.answer().status == 200)
            #expect(try client.isAtEnd())
            #expect(handler.admissions == 1)
        }
    }

    @Test("spaces around a value are not part of it")
    func spaces() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.send("GET /head HTTP/1.1\r\nHost: a\r\nX-Twice:\t one two \t\r\n\r\n")
            #expect(
                try client.answer().body.contains("X-Twice: one two\nx-twice 1\nfirst one two\n")
            )
        }
    }

    @Test("the same length said twice is no contradiction")
    func sameLength() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.send(
                "POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\nContent-Length: 2\r\n\r\nok"
            )
            #expect(try client.answer().body == "ok")
        }
    }

    @Test(
        "a malformed request line is refused",
        arguments: [
            "GET /a b HTTP/1.1", "GET /caf\u{e9} HTTP/1.1", "GET /\u{1} HTTP/1.1", "G@T / HTTP/1.1",
            "GET / HTTP/1.1x", "GET / http/1.1", "GET /",
        ]
    )
    func requestLine(line: String) throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.send("\(line)\r\nHost: test\r\n\r\n")
            #expect(try client.answer().status == 400)
            #expect(handler.admissions == 0)
        }
    }

    @Test("HTTP/1.1 needs a host, HTTP/1.0 does not")
    func host() throws {
        try withServer { server, _ in
            let first = try RawClient(server.port)
            try first.send("GET /echo HTTP/1.1\r\n\r\n")
            #expect(try first.answer().status == 400)
            let second = try RawClient(server.port)
            try second.send("GET /echo HTTP/1.0\r\nX: y\r\n\r\n")
            #expect(try second.answer().status == 200)
            #expect(try second.isAtEnd())
        }
    }

    @Test("too many headers are refused, as many as allowed are not")
    func headerCount() throws {
        try withServer(HTTPLimits(headerCount: 10)) { server, _ in
            for (count, status) in [(9, 200), (10, 431)] {
                let client = try RawClient(server.port)
                let lines = (0..<count).map { "X-\($0): y\r\n" }.joined()
                try client.send("GET /echo HTTP/1.1\r\nHost: a\r\n\(lines)\r\n")
                #expect(try client.answer().status == status)
            }
        }
    }

    @Test(
        "a head is answered whatever its size",
        arguments: [1000, 8000, 11_000, 12_500, 13_000, 14_000, 15_000, 16_000, 17_000, 40_000]
    )
    func headerBytes(size: Int) throws {
        try withServer(HTTPLimits(headerBytes: 16 << 10)) { server, _ in
            let client = try RawClient(server.port)
            let value = String(repeating: "v", count: size)
            try client.send("GET /echo HTTP/1.1\r\nHost: a\r\nX-Large: \(value)\r\n\r\n")
            #expect(try client.answer().status == (size <= 11_000 ? 200 : 431))
        }
    }

    @Test("a request line too long for the buffer is refused")
    func longTarget() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            try client.request("GET", "/" + String(repeating: "a", count: 100_000))
            #expect(try client.answer().status == 414)
        }
    }

    @Test("a query of very many pieces is just text")
    func manyPieces() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            let target = "/echo?" + String(repeating: "a&", count: 6000)
            try client.request("GET", target)
            #expect(try client.answer().status == 200)
            #expect(try handler.records(1)[0].target == target)
        }
    }

    @Test("a query hidden behind a zero byte cuts the client off")
    func hiddenQuery() throws {
        try withServer(threads: 1) { server, handler in
            let client = try RawClient(server.port)
            let query = String(repeating: "&a", count: 6000)
            try client.send("GET /a\0?\(query) HTTP/1.1\r\nHost: a\r\n\r\n")
            try client.drain()
            let other = try RawClient(server.port)
            try other.request("GET", "/echo")
            #expect(try other.answer().status == 200)
            try eventually("the connection's end") { server.openConnections == 1 }
            withExtendedLifetime(other) {}
        }
    }
}
