import HTTPServer
import Testing

@Suite struct StreamTests {
    @Test("what is written arrives while the rest is still made", arguments: Framing.allCases)
    func live(framing: Framing) throws {
        try withServer { server, handler in
            // libmicrohttpd forgets a connection at its end while an older one is open.
            let older = try RawClient(server.port)
            try older.request("GET", "/echo")
            _ = try older.answer()
            let client = try RawClient(server.port)
            try framing.request(client)
            let producer = Producer()
            try handler.takeHeld()[0].answer(producer.answer(length: framing.announced(6)))
            let head = try client.answer(toHead: true)
            #expect(head.status == 200)
            #expect(head.header("transfer-encoding") == (framing == .chunks ? "chunked" : nil))
            #expect(head.header("content-length") == (framing == .length ? "6" : nil))
            for text in ["ab", "cd", "ef"] {
                #expect(producer.write(text))
                let piece = try framing == .chunks ? client.chunk() : client.bytes(2)
                #expect(piece == Array(text.utf8))
            }
            producer.stream.end()
            if framing == .chunks { #expect(try client.chunk() == []) }
            if framing == .closing {
                #expect(try client.isAtEnd())
                try eventually("one connection") { server.openConnections == 1 }
            } else {
                try client.request("POST", "/echo", "again")
                #expect(try client.answer().body == "again")
            }
            let record = try handler.records(2)[1]
            #expect(record.isComplete && record.status == 200 && record.bytesOut == 6)
            #expect(producer.told.goneCount == 0 && producer.told.roomCount == 0)
            withExtendedLifetime(older) {}
        }
    }

    @Test(
        "a large body arrives whole, its producer held back",
        arguments: Framing.allCases,
        [1, 4096, 256 << 10]
    )
    func large(framing: Framing, capacity: Int) throws {
        try withServer { server, handler in
            let count = capacity == 1 ? 100_000 : 3 << 20
            let client = try RawClient(server.port, receiveBuffer: 65_536)
            try framing.request(client)
            let producer = Producer(capacity: capacity)
            try handler.takeHeld()[0].answer(producer.answer(length: framing.announced(count)))
            background { [producer] in
                var sent = 0
                while sent < count {
                    let size = min(sent % 7 == 0 ? 300_000 : 40_000, count - sent)
                    guard (try? producer.writeWaiting(pattern(sent..<sent + size))) == true else {
                        return producer.stream.fail()
                    }
                    sent += size
                }
                producer.stream.end()
            }
            #expect(try client.answer(toHead: true).status == 200)
            #expect(try framing.body(count, client) == pattern(0..<count))
            #expect(try handler.records(1)[0].bytesOut == count)
            #expect(producer.told.roomCount > 0)
            #expect(producer.told.goneCount == 0)
        }
    }

    @Test(
        "all may be written before the answer is given",
        arguments: Framing.allCases,
        [0, 5, 300_000]
    )
    func early(framing: Framing, count: Int) throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try framing.request(client)
            let producer = Producer(capacity: 1000)
            #expect(producer.write(pattern(0..<count)) == (count < 1000))
            producer.stream.end()
            try handler.takeHeld()[0].answer(producer.answer(length: framing.announced(count)))
            #expect(try client.answer(toHead: true).status == 200)
            #expect(try framing.body(count, client) == pattern(0..<count))
            #expect(try handler.records(1)[0].isComplete)
        }
    }

    @Test(
        "an answer without a body takes all and sends nothing",
        arguments: [("HEAD", 200), ("GET", 204), ("GET", 304), ("HEAD", 304)],
        [nil, 7]
    )
    func bodiless(kind: (method: String, status: Int), length: Int?) throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request(kind.method, "/hold")
            let producer = Producer(capacity: 4)
            #expect(!producer.write("early"))
            try handler.takeHeld()[0].answer(producer.answer(kind.status, length: length))
            let answer = try client.answer(toHead: true)
            #expect(answer.status == kind.status)
            #expect(answer.header("transfer-encoding") == nil)
            #expect(
                answer.header("content-length")
                    == (kind.status == 204 ? nil : length.map { "\($0)" })
            )
            // Whoever was told to wait is told to go on, and never to wait again.
            try eventually("room") { producer.told.roomCount == 1 }
            #expect(producer.write("much more than fits"))
            if answer.header("connection") == "close" {
                #expect(try client.isAtEnd())
            } else {
                try client.request("POST", "/echo", "again")
                #expect(try client.answer().body == "again")
            }
            let record = try handler.records(1)[0]
            #expect(record.isComplete && record.bytesOut == 0)
            #expect(producer.told.goneCount == 0)
        }
    }

    @Test("requests that wait behind a stream are answered in order")
    func pipelined() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            let get = "GET /hold HTTP/1.1\r\nHost: a\r\n\r\n"
            try client.send(get + get + get)
            for text in ["one", "two", "three"] {
                let producer = Producer()
                try handler.takeHeld()[0].answer(producer.answer())
                _ = try client.answer()
                producer.write(text)
                #expect(try client.chunk() == Array(text.utf8))
                producer.stream.end()
                #expect(try client.chunk() == [])
            }
        }
    }

    @Test("a stream that its handler gives at once is sent")
    func atOnce() throws {
        try withServer { server, _ in
            let client = try RawClient(server.port)
            for count in [0, 1, 1_000_000] {
                try client.request("GET", "/stream/\(count)")
                #expect(try client.answer().status == 200)
                #expect(try client.chunks() == pattern(0..<count))
            }
        }
    }

    @Test("many streams at once do not mix")
    func many() throws {
        try withServer { server, handler in
            let clients = try (0..<100).map { _ in try RawClient(server.port) }
            for client in clients { try client.request("GET", "/hold") }
            let producers = try handler.takeHeld(100).map { held in
                let producer = Producer(capacity: 100)
                held.answer(producer.answer())
                return producer
            }
            for client in clients { _ = try client.answer() }
            for round in 0..<3 {
                for (i, producer) in producers.enumerated() { producer.write("\(i)-\(round)") }
            }
            for producer in producers { producer.stream.end() }
            let bodies = try clients.map { String(decoding: try $0.chunks(), as: UTF8.self) }
            #expect(Set(bodies) == Set((0..<100).map { "\($0)-0\($0)-1\($0)-2" }))
        }
    }
}
