import Glibc
import HTTPServer
import Synchronization
import Testing

@Suite struct StreamDeadlineTests {
    private let limits = HTTPLimits(requestSeconds: 1, answerBytesPerSecond: 1 << 30)

    @Test("a client that does not take a stream is cut off", arguments: Framing.allCases)
    func slowReader(framing: Framing) throws {
        try withServer(limits) { server, handler in
            let count = 50_000_000
            let client = try RawClient(server.port, receiveBuffer: 4096)
            try framing.request(client)
            let producer = Producer()
            try handler.takeHeld()[0].answer(producer.answer(length: framing.announced(count)))
            #expect(!producer.write([UInt8](repeating: 0, count: count)))
            try producer.told.waitUntilGone()
            let record = try handler.records(1)[0]
            #expect(!record.isComplete && record.bytesOut < count)
            let (bytes, isReset) = try client.rest()
            #expect(isReset || bytes.count < count)
            if framing == .closing { #expect(isReset) }
        }
    }

    @Test("a client that takes a stream too slowly is cut off")
    func trickle() throws {
        try withServer(limits) { server, handler in
            let client = try RawClient(server.port, receiveBuffer: 4096)
            try client.request("GET", "/hold")
            let producer = Producer()
            try handler.takeHeld()[0].answer(producer.answer())
            _ = producer.write([UInt8](repeating: 0, count: 50_000_000))
            var taken = 0
            // Every piece taken is activity, so only a total deadline ends this.
            while producer.told.goneCount == 0 && taken < 40_000_000 {
                taken += try client.bytes(1000).count
                usleep(1000)
            }
            #expect(taken < 40_000_000)
            try eventually("no connection") { server.openConnections == 0 }
        }
    }

    @Test("the time a producer takes is not the client's", arguments: Framing.allCases)
    func patience(framing: Framing) throws {
        try withServer(limits) { server, handler in
            let client = try RawClient(server.port)
            try framing.request(client)
            let producer = Producer()
            try handler.takeHeld()[0].answer(producer.answer(length: framing.announced(4)))
            _ = try client.answer(toHead: true)
            for text in ["ab", "cd"] {
                // An idle connection that came later is cut off meanwhile.
                #expect(try RawClient(server.port).isAtEnd())
                producer.write(text)
                let piece = try framing == .chunks ? client.chunk() : client.bytes(2)
                #expect(piece == Array(text.utf8))
            }
            producer.stream.end()
            #expect(try framing.body(0, client) == [])
            #expect(try handler.records(1)[0].isComplete)
            #expect(producer.told.goneCount == 0)
        }
    }

    @Test("a stream is finished within the grace of a stopping server")
    func grace() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/hold")
            let producer = Producer()
            try handler.takeHeld()[0].answer(producer.answer())
            _ = try client.answer()
            let cut = Cut()
            try withBackground({
                cut.count.store(server.stop(graceSeconds: 60), ordering: .relaxed)
            }) {
                try eventually("a closed port") { (try? RawClient(server.port)) == nil }
                producer.write("in time")
                producer.stream.end()
                #expect(try client.chunks() == Array("in time".utf8))
            }
            #expect(cut.count.load(ordering: .relaxed) == 0)
            #expect(producer.told.goneCount == 0)
        }
    }

    @Test(
        "a stream without end is cut off after the grace, and counted",
        arguments: Framing.allCases
    )
    func cut(framing: Framing) throws {
        try withServer { server, handler in
            var producers: [Producer] = []
            let clients = try (0..<3).map { _ in try RawClient(server.port) }
            for client in clients {
                try framing.request(client)
                let producer = Producer()
                try handler.takeHeld()[0].answer(producer.answer(length: framing.announced(9)))
                _ = try client.answer(toHead: true)
                producers.append(producer)
            }
            producers[1].write("ab")
            _ = try framing == .chunks ? clients[1].chunk() : clients[1].bytes(2)
            #expect(server.stop(graceSeconds: 0.1) == 3)
            #expect(producers.allSatisfy { $0.told.goneCount == 1 })
            for client in clients {
                let (bytes, isReset) = try client.rest()
                #expect(bytes == [])
                if framing == .closing { #expect(isReset) }
            }
            for producer in producers { #expect(producer.write("for nobody")) }
            #expect(try handler.records(3).allSatisfy { !$0.isComplete })
        }
    }

    private final class Cut: Sendable {
        let count = Atomic<Int>(-1)
    }

    /// Runs `body` beside `other`, and waits for that.
    private func withBackground(
        _ other: @escaping @Sendable () -> Void,
        _ body: () throws -> Void
    ) throws {
        final class Flag: Sendable { let isSet = Atomic<Bool>(false) }
        let flag = Flag()
        background {
            other()
            flag.isSet.store(true, ordering: .releasing)
        }
        try body()
        try eventually("the other's end") { flag.isSet.load(ordering: .acquiring) }
    }
}
