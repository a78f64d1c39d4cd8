import HTTPServer
import Testing

@Suite struct StreamBreakTests {
    /// How a producer may end a body that is not whole.
    enum Breach: CaseIterable {
        case fail, drop, tooShort, tooLong

        func commit(_ producer: consuming Producer) {
            switch self {
            case .fail: producer.stream.fail()
            case .drop: break
            case .tooShort: producer.stream.end()
            case .tooLong:
                producer.write("more than was announced")
                producer.stream.end()
            }
        }
    }

    private func hasWhole(_ framing: Framing, _ client: RawClient, _ count: Int) throws -> Bool {
        let (bytes, isReset) = try client.rest()
        switch framing {
        case .chunks: return bytes.suffix(5) == Array("0\r\n\r\n".utf8)
        case .length: return bytes.count >= count
        case .closing: return !isReset
        }
    }

    @Test(
        "the client sees that a body is not whole, and the connection is gone",
        arguments: Framing.allCases,
        Breach.allCases
    )
    func broken(framing: Framing, breach: Breach) throws {
        // Without an announced length no body is too short or too long.
        if framing != .length && (breach == .tooShort || breach == .tooLong) { return }
        try withServer(threads: 1) { server, handler in
            let older = try RawClient(server.port)
            try older.request("GET", "/echo")
            _ = try older.answer()
            for sent in ["", "ab"] {
                let client = try RawClient(server.port)
                try framing.request(client)
                var producer: Producer? = Producer()
                let told = producer?.told
                let announced = framing.announced(10)
                if let producer {
                    try handler.takeHeld()[0].answer(producer.answer(length: announced))
                }
                _ = try client.answer(toHead: true)
                producer?.write(sent)
                if !sent.isEmpty {
                    let piece = try framing == .chunks ? client.chunk() : client.bytes(2)
                    #expect(piece == Array(sent.utf8))
                }
                if let taken = producer.take() { breach.commit(taken) }
                #expect(try !hasWhole(framing, client, 10 - sent.utf8.count))
                try eventually("one connection") { server.openConnections == 1 }
                // What is too long may be broken before the producer has said that it is the end.
                if breach != .tooLong { #expect(told?.goneCount == 0) }
            }
            let records = try handler.records(3)
            #expect(records.dropFirst().allSatisfy { !$0.isComplete && $0.status == 200 })
            #expect(records.map(\.bytesOut) == [0, 0, 2])
            try older.request("POST", "/echo", "still here")
            #expect(try older.answer().body == "still here")
        }
    }

    @Test("a stream that fails before its answer is given breaks the connection")
    func failedEarly() throws {
        try withServer { server, handler in
            for framing in Framing.allCases {
                let client = try RawClient(server.port)
                try framing.request(client)
                let producer = Producer()
                producer.write("lost")
                producer.stream.fail()
                let answer = producer.answer(length: framing.announced(4))
                try handler.takeHeld()[0].answer(answer)
                let (bytes, isReset) = try client.rest()
                let text = String(decoding: bytes, as: UTF8.self)
                #expect(isReset || text.hasPrefix("HTTP/1.1 200 ") && text.hasSuffix("\r\n\r\n"))
                #expect(producer.told.goneCount == 0)
            }
            try eventually("no connection") { server.openConnections == 0 }
        }
    }

    @Test("after the end nothing counts any more")
    func afterTheEnd() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/hold")
            let producer = Producer(capacity: 1)
            #expect(!producer.write("whole"))
            producer.stream.end()
            producer.stream.fail()
            #expect(producer.write("late"))
            producer.stream.end()
            try handler.takeHeld()[0].answer(producer.answer())
            _ = try client.answer()
            #expect(try client.chunks() == Array("whole".utf8))
            producer.stream.fail()
            try client.request("POST", "/echo", "again")
            #expect(try client.answer().body == "again")
            #expect(producer.told.roomCount == 0 && producer.told.goneCount == 0)
        }
    }

    @Test("an announced body that is all there needs no end", arguments: [0, 4])
    func allThere(count: Int) throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/hold")
            let producer = Producer(capacity: 2)
            try handler.takeHeld()[0].answer(producer.answer(length: count))
            _ = producer.write(pattern(0..<count))
            #expect(try client.answer().body.utf8.count == count)
            #expect(try handler.records(1)[0].isComplete)
            #expect(producer.write("too late to harm"))
            producer.stream.fail()
            try client.request("POST", "/echo", "again")
            #expect(try client.answer().body == "again")
            #expect(producer.told.goneCount == 0)
        }
    }

    @Test("an answer that cannot be made becomes 500, and its producer learns of it")
    func unusable() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            let split = ("X-Split", "a\r\nX-Evil: b")
            let makers: [(AnswerStream) -> HTTPAnswer] = [
                { HTTPAnswer(status: 200, headers: [split], stream: $0, length: nil) },
                { HTTPAnswer(status: 200, stream: $0, length: -1) },
                { HTTPAnswer(status: 100, stream: $0, length: nil) },
            ]
            for make in makers {
                try client.request("GET", "/hold")
                let producer = Producer()
                try handler.takeHeld()[0].answer(make(producer.stream))
                #expect(try client.answer().status == 500)
                try producer.told.waitUntilGone()
            }
            let records = try handler.records(3)
            #expect(records.allSatisfy { $0.isComplete && $0.status == 500 && $0.bytesOut > 0 })
        }
    }

    @Test("of two copies of an answer the first is sent")
    func copied() throws {
        try withServer { server, handler in
            let clients = try (0..<2).map { _ in try RawClient(server.port) }
            let producer = Producer()
            let answer = producer.answer()
            try clients[0].request("GET", "/hold")
            try handler.takeHeld()[0].answer(answer)
            _ = try clients[0].answer()
            try clients[1].request("GET", "/hold")
            try handler.takeHeld()[0].answer(answer)
            #expect(try clients[1].answer().status == 500)
            producer.write("first")
            producer.stream.end()
            #expect(try clients[0].chunks() == Array("first".utf8))
        }
    }
}
