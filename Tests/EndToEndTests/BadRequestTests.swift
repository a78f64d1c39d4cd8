import Foundation
import Testing

@Suite("Requests that are no webhooks") struct BadRequestTests {
    @Test(
        "a body beyond the limit is refused, announced or not",
        arguments: [5 << 20, 10 << 20, 64 << 20]
    )
    func tooLarge(bytes: Int) throws {
        try withTrial { trial in
            let server = try trial.serve()
            var request = Request.stripe(id: "evt_1")
            request.body = [UInt8](repeating: 0x20, count: bytes)
            let answer = try server.send(request)
            #expect(answer.status == 413)
            #expect(answer.text == "body too large\n" || answer.text == "body too large")
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            #expect(try trial.log("--outcome", "accepted", "--kind", "webhook").count == 1)
        }
    }

    @Test("a chunked body beyond the limit is refused")
    func chunked() throws {
        try withTrial { trial in
            let server = try trial.serve()
            let connection = try server.connect()
            try connection.send(
                Array(
                    "POST /hooks/stripe HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
                        .utf8
                )
            )
            let chunk =
                Array("100000\r\n".utf8) + [UInt8](repeating: 0x20, count: 1 << 20)
                + Array("\r\n".utf8)
            for _ in 1...4 { try connection.send(chunk) }
            try connection.send(Array("10\r\n0123456789abcdef\r\n0\r\n\r\n".utf8))
            #expect(try connection.answer().status == 413)
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
        }
    }

    @Test("an unknown source is not found, and recorded")
    func unknownSource() throws {
        try withTrial { trial in
            let server = try trial.serve()
            var request = Request.stripe(id: "evt_1")
            request.target = "/hooks/strip"
            let answer = try server.send(request)
            #expect(answer.status == 404)
            #expect(answer.text.contains("no such source"))
            let rejected = try eventually("record") { try trial.log("--outcome", "rejected").first }
            #expect(rejected["source"] == "daybook")
            #expect(rejected["type"] == "daybook.source.unknown")
            #expect(rejected["reason"] == "unknown-source: nothing is configured as strip")
            #expect(try trial.isSound())
        }
    }

    @Test(
        "a webhook is sent with POST",
        arguments: ["GET", "HEAD", "PUT", "DELETE", "OPTIONS", "PATCH", "BREW"]
    )
    func method(name: String) throws {
        try withTrial { trial in
            let server = try trial.serve()
            let answer = try server.send(Request(method: name, target: "/hooks/stripe"))
            #expect(answer.status == 405)
            #expect(answer.headers["allow"] == "POST")
            #expect(try trial.log("--source", "stripe").isEmpty)
        }
    }

    @Test(
        "an unknown path is not found",
        arguments: ["/", "/favicon.ico", "/hooks", "/checkpoint/", "/../etc/passwd", "/CHECKPOINT"]
    )
    func unknownPath(path: String) throws {
        try withTrial { trial in
            let server = try trial.serve()
            for method in ["GET", "POST"] {
                let answer = try server.send(Request(method: method, target: path))
                #expect(answer.status == 404)
                #expect(answer.text.contains("not found"))
            }
            #expect(try trial.log().count == 1)
        }
    }

    @Test(
        "what is not HTTP is refused and harms nobody",
        arguments: [
            "hello\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "\u{16}\u{3}\u{1}\u{2}\u{0}\r\n\r\n",
            "POST /hooks/stripe HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n",
            "POST /hooks/stripe HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        ]
    )
    func notHTTP(text: String) throws {
        try withTrial { trial in
            let server = try trial.serve()
            let connection = try server.connect()
            try connection.send(Array(text.utf8))
            if let answer = try? connection.answer() {
                #expect((400...505).contains(answer.status))
            }
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
        }
    }

    @Test("a flood of forged requests is recorded within bounds, and the rest is counted")
    func flood() throws {
        try withTrial { trial in
            let server = try trial.serve()
            // Bodies of 16 KiB use up the budget of 64 MiB after some four thousand.
            var forged = Request.stripe(id: "evt_1").with("Stripe-Signature", "t=1,v1=00")
            forged.body = [UInt8](repeating: 0x61, count: 16 << 10)
            let request = forged
            let count = 4352
            DispatchQueue.concurrentPerform(iterations: 2) { _ in
                do {
                    let connections = try (1...32).map { _ in try server.connect() }
                    for _ in 0..<count / 64 {
                        for connection in connections { try connection.send(request) }
                        for connection in connections {
                            let status = try connection.answer().status
                            #expect(status == 401)
                        }
                    }
                } catch {
                    Issue.record(error)
                }
            }
            let dropped = try #require(Int(try server.health()["rejections_not_recorded"] ?? ""))
            #expect(dropped > 0)
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            #expect(server.stop() == 0)
            let rejected = try trial.log("--outcome", "rejected").count
            #expect(rejected + dropped == count)
            #expect((64 << 20) / (18 << 10) <= rejected)
            let notes = try trial.log("--type", "daybook.rejections.dropped")
            #expect(notes.allSatisfy { $0["subject"] == "source:stripe" })
            let counts = notes.map { Int($0["reason"]?.split(separator: " ").first ?? "") ?? 0 }
            #expect(counts.reduce(0, +) == dropped)
            #expect(try trial.isSound())
        }
    }
}
