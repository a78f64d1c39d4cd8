import DaybookTesting
import Glibc
import HTTPServer
import Synchronization
import Testing

@Suite struct StreamGoneTests {
    @Test(
        "a client that leaves while nothing is to be sent is noticed",
        arguments: Framing.allCases
    )
    func leavesWaiting(framing: Framing) throws {
        try withServer { server, handler in
            let producer = Producer()
            do {
                let client = try RawClient(server.port)
                try framing.request(client)
                try handler.takeHeld()[0].answer(producer.answer(length: framing.announced(9)))
                _ = try client.answer(toHead: true)
                producer.write("ab")
                _ = try framing == .chunks ? client.chunk() : client.bytes(2)
            }
            try producer.told.waitUntilGone()
            try eventually("no connection") { server.openConnections == 0 }
            let record = try handler.records(1)[0]
            #expect(!record.isComplete && record.bytesOut == 2)
            // Pieces for nobody are taken, so that a producer may go on to its own end.
            let large = [UInt8](repeating: 0, count: 1 << 20)
            for _ in 0..<3 { #expect(producer.write(large)) }
            producer.stream.end()
            #expect(producer.told.goneCount == 1 && producer.told.roomCount == 0)
        }
    }

    @Test("a client that leaves amid a full stream is noticed")
    func leavesFull() throws {
        try withServer { server, handler in
            let producer = Producer(capacity: 1000)
            do {
                let client = try RawClient(server.port, receiveBuffer: 4096)
                try client.request("GET", "/hold")
                try handler.takeHeld()[0].answer(producer.answer())
                _ = try client.answer()
                #expect(!producer.write([UInt8](repeating: 0, count: 32 << 20)))
                _ = try client.bytes(100_000)
            }
            try producer.told.waitUntilGone()
            try eventually("no connection") { server.openConnections == 0 }
            #expect(producer.told.roomCount == 0)
            #expect(producer.write("for nobody"))
        }
    }

    @Test("a client that closes its own direction is gone when nothing is to be sent")
    func halfClosed() throws {
        try withServer { server, handler in
            let client = try RawClient(server.port)
            try client.request("GET", "/hold")
            let producer = Producer()
            try handler.takeHeld()[0].answer(producer.answer())
            _ = try client.answer()
            client.closeSending()
            try producer.told.waitUntilGone()
            #expect(try client.rest().bytes == [])
        }
    }

    @Test("an answer that comes too late for its client tells its producer")
    func leftBefore() throws {
        try withServer { server, handler in
            do {
                let client = try RawClient(server.port)
                try client.request("GET", "/hold")
            }
            let responder = try handler.takeHeld()[0]
            let first = Producer()
            responder.answer(first.answer())
            try first.told.waitUntilGone()
            try eventually("no connection") { server.openConnections == 0 }
            let second = Producer()
            responder.answer(second.answer())
            try second.told.waitUntilGone()
            server.stop(graceSeconds: 0)
            let third = Producer()
            responder.answer(third.answer())
            try third.told.waitUntilGone()
        }
    }

    @Test("an answer that is dropped tells its producer")
    func dropped() throws {
        let producer = Producer()
        _ = producer.answer()
        #expect(producer.told.goneCount == 1)
        #expect(producer.write("for nobody"))
    }

    @Test("what a stream holds is let go at its end", arguments: [true, false])
    func released(isEnded: Bool) throws {
        final class Owner: Sendable {
            let stream = Mutex<AnswerStream?>(nil)
        }
        try withServer { server, handler in
            var owner: Owner? = Owner()
            weak let held = owner
            // As careless as can be: the closures hold their producer, which holds the stream.
            let stream = AnswerStream(
                onRoom: { [owner] in _ = owner },
                onGone: { [owner] in _ = owner }
            )
            weak let heldStream = stream
            owner?.stream.withLock { $0 = stream }
            let client = try RawClient(server.port)
            try client.request("GET", "/hold")
            try handler.takeHeld()[0].answer(HTTPAnswer(status: 200, stream: stream, length: nil))
            _ = try client.answer()
            if isEnded {
                stream.end()
                #expect(try client.chunks() == [])
            } else {
                server.stop(graceSeconds: 0)
            }
            owner = nil
            try eventually("the producer's end") { held == nil }
            _ = heldStream
        }
    }

    @Test("clients and producers that leave at any moment leave nothing behind")
    func anyMoment() throws {
        for seed in UInt64(1)...4 {
            try withServer(HTTPLimits(connectionsPerAddress: 0)) { server, handler in
                let trials = Trials()
                for i in 0..<60 {
                    let port = server.port
                    trials.start {
                        try leaveSomewhere(port, SeededChance(seed: seed << 32 | UInt64(i)))
                    }
                }
                var chance = SeededChance(seed: seed)
                var tolds: [Weak] = []
                while !trials.areOver || server.suspendedRequests > 0 {
                    for responder in handler.takeHeldNow() {
                        let producer = Producer(
                            capacity: Int.random(in: 1...100_000, using: &chance)
                        )
                        tolds.append(Weak(producer.told))
                        let length = Bool.random(using: &chance) ? nil : 200_000
                        responder.answer(producer.answer(length: length))
                        produceSomehow(producer, SeededChance(seed: chance.next()))
                    }
                    usleep(500)
                }
                try eventually("no connection, seed \(seed)") { server.openConnections == 0 }
                try eventually("no stream, seed \(seed)") { tolds.allSatisfy { $0.told == nil } }
                #expect(tolds.count > 50)
            }
        }
    }

    private struct Weak {
        weak var told: Producer.Told?
        init(_ told: Producer.Told) { self.told = told }
    }

    private final class Trials: Sendable {
        private let running = Atomic<Int>(0)
        var areOver: Bool { running.load(ordering: .acquiring) == 0 }

        func start(_ body: @escaping @Sendable () throws -> Void) {
            running.add(1, ordering: .relaxed)
            background {
                try? body()
                self.running.subtract(1, ordering: .releasing)
            }
        }
    }
}

/// Asks for a stream and leaves at some point, mostly before its end.
private func leaveSomewhere(_ port: UInt16, _ chance: SeededChance) throws {
    var chance = chance
    let client = try RawClient(port, receiveBuffer: 8192)
    let version = Bool.random(using: &chance) ? "1.0" : "1.1"
    try client.send("GET /hold HTTP/\(version)\r\nHost: test\r\nConnection: close\r\n\r\n")
    switch Int.random(in: 0..<6, using: &chance) {
    case 0: return
    case 1: return client.closeSending()
    case 2: _ = try client.answer(toHead: true)
    case 3: _ = try client.bytes(Int.random(in: 1...150_000, using: &chance))
    default: _ = try client.rest()
    }
}

/// Writes 200,000 bytes, and perhaps not all of them, and perhaps without an end.
private func produceSomehow(_ producer: Producer, _ chance: SeededChance) {
    background {
        var chance = chance
        var left = 200_000
        while left > 0 {
            if Int.random(in: 0..<30, using: &chance) == 0 { usleep(2000) }
            if Int.random(in: 0..<200, using: &chance) == 0 { return }
            let size = min(left, Int.random(in: 0...20_000, using: &chance))
            guard (try? producer.writeWaiting([UInt8](repeating: 7, count: size))) == true else {
                return
            }
            left -= size
        }
        if Bool.random(using: &chance) { producer.stream.end() }
    }
}
