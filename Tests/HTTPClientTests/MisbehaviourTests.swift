import Foundation
import HTTPClient
import Synchronization
import Testing

@Suite("Servers that misbehave")
struct MisbehaviourTests {
    private let trial: LoopTrial

    init() throws { trial = try LoopTrial() }

    /// Sends a request to a server that answers with `answer` and then closes.
    private func end(
        _ answer: String,
        thenResets: Bool = false,
        rules: TransferRules? = nil
    ) throws -> (Listener, TransferEnd) {
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send(answer)
            if thenResets { connection.reset() }
        }
        defer { withExtendedLifetime(server) {} }
        return try trial.get(server, rules: rules)
    }

    private static let brokenAnswers = [
        "", "H", "\r\n\r\n", "garbage", "garbage\r\n\r\n", "HTTP/1.1", "HTTP/1.1 200 OK\r\n",
        "HTTP/1.1 abc OK\r\n\r\n", "HTTP/9.9 200 OK\r\n\r\n", "HTTP/1.1 99 OK\r\n\r\n",
        "SSH-2.0-OpenSSH_9\r\n", "\u{16}\u{3}\u{1}\0",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 9223372036854775807\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nContent-Encoding: rot13\r\nContent-Length: 3\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nX\0: a\r\nContent-Length: 0\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\n\r\nabc",
        "HTTP/1.1 100 Continue\r\n\r\n",
    ]

    @Test("what is no whole answer is a failure", arguments: brokenAnswers)
    func closed(answer: String) throws {
        let (listener, end) = try end(answer)
        guard case .failed = end.problem else {
            Issue.record("\(String(describing: end.problem)) \(listener.heard)")
            return
        }
        #expect(end.wasSent)
        #expect(!end.isCut)
        #expect(listener.heard.faults == [])
    }

    @Test("a reset is a failure, wherever it comes", arguments: brokenAnswers)
    func reset(answer: String) throws {
        let (listener, end) = try end(answer, thenResets: true)
        guard case .failed = end.problem else {
            Issue.record("\(String(describing: end.problem))")
            return
        }
        #expect(end.wasSent)
        #expect(listener.heard.faults == [])
    }

    @Test("interim answers and trailers are not the answer's headers")
    func interim() throws {
        let (listener, end) = try end(
            "HTTP/1.1 100 Continue\r\nX-No: 1\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n"
                + "HTTP/1.1 200 OK\r\nX-A:  1 \r\nX-Folded: a\r\n  b\r\nX-Empty:\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Trailer: 1\r\n\r\n"
        )
        #expect(end.problem == nil)
        #expect(listener.heard.heads.map(\.status) == [200])
        let headers = listener.heard.heads.first?.headers.map { "\($0.name)=\($0.value)" }
        #expect(headers == ["X-A=1", "X-Folded=a b", "X-Empty=", "Transfer-Encoding=chunked"])
        #expect(listener.text == "abc")
        #expect(listener.heard.faults == [])
    }

    private static let endlessHeads: [@Sendable (RawServer.Connection) -> Bool] = [
        { $0.send("X-Header: \(String(repeating: "x", count: 100))\r\n") },
        { $0.send("\r\nHTTP/1.1 103 Early Hints\r\n") },
        { $0.send(String(repeating: "x", count: 1000)) },
        { $0.send(" x\r\n") },
    ]

    @Test("endless headers are cut off, in many lines or one", arguments: endlessHeads.indices)
    func endlessHead(index: Int) throws {
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 103 Early Hints\r\nX: a\r\n")
            while Self.endlessHeads[index](connection) {}
        }
        let (listener, end) = try trial.get(server)
        #expect(end.problem == .headersTooLarge(limit: 65536))
        #expect(listener.heard.heads.isEmpty)
    }

    @Test("a head of exactly the limit is accepted, one byte more is not")
    func headLimit() throws {
        let answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"
        for (limit, problem) in [
            (answer.utf8.count, nil),
            (answer.utf8.count - 1, HTTPClientError.headersTooLarge(limit: answer.utf8.count - 1)),
        ] {
            var rules = trial.rules
            rules.headBytes = limit
            #expect(try end(answer, rules: rules).1.problem == problem)
        }
    }

    @Test("a body over the limit is given up to the limit, then cut", arguments: [0, 1, 5, 70_000])
    func endlessBody(limit: Int) throws {
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send("xyz") {}
        }
        var rules = trial.rules
        rules.bodyBytes = limit
        let (listener, end) = try trial.get(server, rules: rules)
        #expect(end.problem == .tooLarge(limit: limit))
        #expect(end.isCut)
        #expect(end.wasSent)
        #expect(listener.heard.body.count == limit)
        #expect(listener.heard.heads.count == 1)
    }

    @Test("a body of exactly the limit is whole")
    func exactBody() throws {
        var rules = trial.rules
        rules.bodyBytes = 3
        let (listener, end) = try end(
            "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc",
            rules: rules
        )
        #expect(end.problem == nil && !end.isCut)
        #expect(listener.text == "abc")
    }

    @Test(
        "a slow answer is given up, and it is told what was too slow",
        arguments: [
            ("", HTTPClientError.Phase.firstByte, 0.3),
            ("HTTP/1.1 200 OK\r\nX: a", .whole, 0.6),
            ("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc", .whole, 0.6),
            ("HTTP/1.1 100 Continue\r\n\r\n", .whole, 0.6),
        ]
    )
    func slow(start: String, phase: HTTPClientError.Phase, limit: Double) throws {
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send(start)
            connection.waitForClose()
        }
        var rules = trial.rules
        rules.firstByteSeconds = 0.3
        rules.seconds = 0.6
        let (_, end) = try trial.get(server, rules: rules)
        #expect(end.problem == .tooSlow(limit: limit, phase: phase))
        #expect(end.wasSent)
        #expect(end.microseconds >= Int64(limit * 1e6))
    }

    @Test("a handshake that does not come is too slow to connect, and nothing was sent")
    func slowHandshake() throws {
        let server = try RawServer { $0.waitForClose() }
        var rules = trial.rules
        rules.connectSeconds = 0.3
        let listener = Listener()
        trial.get("https://127.0.0.1:\(server.port)/", listener, rules: rules)
        let end = try listener.end()
        #expect(end.problem == .tooSlow(limit: 0.3, phase: .connect))
        #expect(!end.wasSent)
    }

    @Test("a handshake that breaks is a failure, and nothing was sent", arguments: [true, false])
    func brokenHandshake(resets: Bool) throws {
        let server = try RawServer { connection in
            if resets { connection.reset() } else { connection.send("HTTP/1.1 400 No\r\n\r\n") }
        }
        let listener = Listener()
        trial.get("https://127.0.0.1:\(server.port)/", listener)
        let end = try listener.end()
        switch end.problem {
        // A reset can come before the connection is known to be there.
        case .failed, .unreachable: break
        default: Issue.record("\(String(describing: end.problem))")
        }
        #expect(!end.wasSent)
    }

    @Test("a request is not sent again when a connection that was used before dies")
    func neverTwice() throws {
        let requests = Mutex(0)
        let server = try RawServer { connection in
            for answers in [true, false] {
                guard connection.request() != nil else { return }
                requests.withLock { $0 += 1 }
                if answers { connection.answer("a") }
            }
        }
        let (first, end) = try trial.get(server)
        #expect(first.text == "a" && end.problem == nil)
        let (_, second) = try trial.get(server)
        guard case .failed(code: 52, _) = second.problem else {
            Issue.record("\(String(describing: second.problem))")
            return
        }
        #expect(second.wasSent)
        #expect(requests.withLock { $0 } == 2)
        #expect(try trial.get(server).1.problem == nil)
    }

    @Test("what comes after an answer is not taken for the next one")
    func unasked() throws {
        let server = try RawServer { connection in
            let answer = "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ntrue"
            let forged = "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nforged"
            while connection.request() != nil { connection.send(answer + forged) }
        }
        for count in 1...3 {
            let (listener, end) = try trial.get(server)
            #expect(end.problem == nil)
            #expect(listener.text == "true")
            #expect(server.connections == count)
        }
    }
}
