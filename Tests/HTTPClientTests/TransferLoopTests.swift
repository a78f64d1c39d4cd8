import Foundation
import HTTPClient
import Synchronization
import Testing

@Suite("Transfers of a loop")
struct TransferLoopTests {
    private let trial: LoopTrial

    init() throws { trial = try LoopTrial() }

    private func get(
        _ server: LocalServer,
        _ path: String,
        method: String = "GET",
        headers: [(name: String, value: String)] = [],
        rules: TransferRules? = nil
    ) throws -> (Listener, TransferEnd) {
        let listener = Listener()
        let request = ClientRequest(
            method: method,
            url: "http://localhost:\(server.port)/\(path)",
            headers: headers,
            body: []
        )
        trial.loop.start(request, rules ?? trial.rules, listener)
        return (listener, try listener.end())
    }

    @Test("a request carries what it was given, and what it lacks is filled in")
    func requestHeaders() throws {
        let asked = Mutex("")
        let server = try RawServer { connection in
            while let request = connection.request() {
                asked.withLock { $0 = request }
                connection.answer("")
            }
        }
        let url = "http://127.0.0.1:\(server.port)/a%20b?c=d#e"
        let encodings = "Accept-Encoding: deflate, gzip, br, zstd\r\n"
        let expected: [([(name: String, value: String)], String)] = [
            (
                [],
                "User-Agent: daybook\r\nAccept: */*\r\n\(encodings)"
            ),
            (
                [("Accept", "a/b"), ("user-agent", "me"), ("accept-encoding", "x"), ("X", "")],
                "\(encodings)Accept: a/b\r\nuser-agent: me\r\nX:\r\n"
            ),
        ]
        for (headers, lines) in expected {
            let listener = Listener()
            let request = ClientRequest(
                method: "POST",
                url: url,
                headers: headers,
                body: Array("body".utf8)
            )
            trial.loop.start(request, trial.rules, listener)
            #expect(try listener.end().problem == nil)
            let head = "POST /a%20b?c=d HTTP/1.1\r\nHost: 127.0.0.1:\(server.port)\r\n"
            #expect(asked.withLock { $0 } == head + lines + "Content-Length: 4\r\n\r\nbody")
        }
    }

    @Test("an encoded answer arrives decoded, and its head does not say otherwise")
    func decoded() throws {
        let server = try LocalServer(nil)
        for path in ["gzip", "deflate"] {
            let (listener, end) = try get(server, path)
            #expect(end.problem == nil)
            #expect(listener.text == String(repeating: "zipped ", count: 1000))
            let names = try #require(listener.heard.heads.first).headers.map(\.name)
            #expect(names.contains("X-Kept"))
            #expect(!names.contains("Content-Encoding") && !names.contains("Content-Length"))
        }
        let names = try get(server, "good").0.heard.heads.first?.headers.map(\.name)
        #expect(names?.contains("Content-Length") == true)
    }

    @Test("a small answer that would decode to a huge one is cut early")
    func bomb() throws {
        var rules = trial.rules
        rules.bodyBytes = 100_000
        let (listener, end) = try get(try LocalServer(nil), "bomb", rules: rules)
        #expect(end.problem == .tooLarge(limit: 100_000))
        #expect(end.isCut)
        #expect(listener.heard.body.count == 100_000)
    }

    @Test("HEAD has a head and no body; a redirect is an answer like others")
    func plainAnswers() throws {
        let server = try LocalServer(nil)
        let (head, end) = try get(server, "thousand", method: "HEAD")
        #expect(end.problem == nil)
        #expect(head.heard.heads.first?.status == 200 && head.heard.body == [])
        let (redirect, _) = try get(server, "redirect")
        #expect(redirect.heard.heads.first?.status == 302)
        #expect(redirect.text == "elsewhere")
    }

    /// Lets a receiver that pauses after each piece have them all.
    private func drain(_ listener: Listener, _ id: TransferID) throws -> TransferEnd {
        var pieces = 0
        while let heard = listener.wait(until: { $0.pieces > pieces || !$0.ends.isEmpty }),
            heard.ends.isEmpty
        {
            pieces = heard.pieces
            listener.emptied()
            trial.loop.resume(id)
        }
        return try listener.end()
    }

    @Test("after false nothing comes until resume, and then all of it")
    func pauses() throws {
        let body = [UInt8]((0..<1_000_000).lazy.map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) })
        let server = try RawServer { connection in
            _ = connection.request()
            connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(body.count)\r\n\r\n")
            connection.send(body)
        }
        let listener = Listener(pauses: true)
        let id = trial.get("http://127.0.0.1:\(server.port)/", listener)
        #expect(try drain(listener, id).problem == nil)
        #expect(listener.heard.body == body)
        #expect(listener.heard.faults == [])
    }

    @Test("pausing amid what one read decodes to loses nothing, and the limit still holds")
    func pausesDecoding() throws {
        let server = try LocalServer(nil)
        var rules = trial.rules
        for (limit, problem) in [(1 << 20, nil), (99_999, HTTPClientError.tooLarge(limit: 99_999))]
        {
            rules.bodyBytes = limit
            let listener = Listener(pauses: true)
            let url = "http://localhost:\(server.port)/zeros"
            let id = trial.get(url, listener, rules: rules)
            let end = try drain(listener, id)
            #expect(end.problem == problem)
            #expect(end.isCut == (problem != nil))
            #expect(listener.heard.body == [UInt8](repeating: 0x30, count: min(limit, 200_000)))
            #expect(listener.heard.pieces > 5)
            #expect(listener.heard.faults == [])
        }
    }

    @Test("a receiver that never resumes holds up nobody else, and its time runs out")
    func neverResumed() throws {
        let server = try RawServer { connection in
            guard connection.request()?.hasPrefix("GET /good") != true else {
                return connection.answer("good")
            }
            connection.send("HTTP/1.1 200 OK\r\n\r\n")
            while connection.send("abc") {}
        }
        var rules = trial.rules
        rules.seconds = 2
        let listener = Listener(pauses: true)
        trial.get("http://127.0.0.1:\(server.port)/", listener, rules: rules)
        _ = listener.wait { $0.pieces > 0 }
        let other = Listener()
        trial.get("http://127.0.0.1:\(server.port)/good", other)
        #expect(try other.end().problem == nil && other.text == "good")
        #expect(try listener.end().problem == .tooSlow(limit: 2, phase: .whole))
        #expect(listener.heard.pieces == 1)
    }

    @Test("two hundred at once each get their own answer")
    func many() throws {
        let server = try RawServer { connection in
            while let request = connection.request() {
                connection.answer(String(request.split(separator: " ")[1]))
            }
        }
        let listeners = (0..<200).map { _ in Listener() }
        for (index, listener) in listeners.enumerated() {
            trial.get("http://127.0.0.1:\(server.port)/\(index)", listener)
        }
        for (index, listener) in listeners.enumerated() {
            #expect(try listener.end().problem == nil)
            #expect(listener.text == "/\(index)")
            #expect(listener.heard.faults == [])
        }
    }

    @Test("a connection is used again, unless the server closes it")
    func reuse() throws {
        for (header, connections) in [("", 1), ("Connection: close\r\n", 20)] {
            let server = try RawServer { connection in
                while connection.request() != nil {
                    connection.answer("a", header)
                    if !header.isEmpty { return }
                }
            }
            for _ in 0..<20 { #expect(try trial.get(server).1.problem == nil) }
            #expect(server.connections == connections)
        }
    }

    @Test("a connection that was closed while nobody used it is replaced unnoticed")
    func staleConnection() throws {
        let closed = Gate()
        let server = try RawServer { connection in
            _ = connection.request()
            connection.answer("a")
            connection.close()
            closed.open()
        }
        #expect(try trial.get(server).1.problem == nil)
        #expect(closed.wait())
        #expect(try trial.get(server).1.problem == nil)
        #expect(server.connections == 2)
    }

    @Test("a receiver can start the next transfer when one has ended")
    func chain() throws {
        let server = try RawServer { connection in
            while connection.request() != nil { connection.answer("a") }
        }
        let (loop, rules) = (trial.loop, trial.rules)
        let done = Gate()
        let url = "http://127.0.0.1:\(server.port)/"
        @Sendable func go(_ left: Int) {
            let next = Listener { if left == 0 { done.open() } else { go(left - 1) } }
            loop.start(
                ClientRequest(method: "GET", url: url, headers: [], body: []),
                rules,
                next
            )
        }
        go(100)
        #expect(done.wait())
        #expect(server.connections == 1)
    }

    @Test("a host is trusted only with a valid certificate of its name and of a known authority")
    func certificates() throws {
        let valid = try ServerCertificate()
        let expired = try ServerCertificate(expired: true)
        for (server, host, authority, isTrusted) in [
            (valid, "localhost", valid.authorityFile, true),
            (valid, "127.0.0.1", valid.authorityFile, false),
            (valid, "localhost", expired.authorityFile, false),
            (valid, "localhost", nil, false),
            (expired, "localhost", expired.authorityFile, false),
        ] {
            let local = try LocalServer(server)
            var rules = trial.rules
            rules.caFile = authority
            let listener = Listener()
            trial.get("https://\(host):\(local.port)/good", listener, rules: rules)
            let end = try listener.end()
            if isTrusted {
                #expect(end.problem == nil && listener.text == "good")
                // Those who do not trust its authority cannot use its connection either.
                rules.caFile = nil
                let other = Listener()
                trial.get("https://\(host):\(local.port)/good", other, rules: rules)
                guard case .untrusted = try other.end().problem else {
                    Issue.record("a connection was shared")
                    continue
                }
            } else {
                guard case .untrusted = end.problem else {
                    Issue.record("\(host): \(String(describing: end.problem))")
                    continue
                }
                #expect(!end.wasSent)
            }
        }
    }

    @Test(
        "what cannot be sent ends without anything sent",
        arguments: [
            ("http://127.0.0.1:1/", "unreachable"),
            ("http://does-not-exist.invalid/", "unreachable"),
            ("ftp://localhost/", "badURL"), ("localhost", "badURL"), ("", "badURL"),
            ("http://a@localhost/", "badURL"), ("http://a b/", "badURL"), ("http:///", "badURL"),
            ("http://localhost:99999/", "badURL"), ("http://\u{FF11}27.0.0.1/", "badURL"),
            ("http://localhost/\0", "badURL"), ("file:///etc/passwd", "badURL"),
        ]
    )
    func unsendable(url: String, kind: String) throws {
        let listener = Listener()
        trial.get(url, listener)
        let end = try listener.end()
        #expect("\(try #require(end.problem))".hasPrefix(kind == "badURL" ? "url" : "host cannot"))
        #expect(!end.wasSent)
    }

    @Test("plain HTTP, bad methods and bad headers are refused by the loop as well")
    func refused() throws {
        let cases: [(String, String, String, Bool)] = [
            ("GET", "X", "a", false), ("G T", "X", "a", true), ("GET", "X", "a\r\nb", true),
        ]
        for (method, name, value, allowsPlainHTTP) in cases {
            let listener = Listener()
            let request = ClientRequest(
                method: method,
                url: "http://127.0.0.1:1/",
                headers: [(name, value)],
                body: []
            )
            var rules = trial.rules
            rules.allowsPlainHTTP = allowsPlainHTTP
            trial.loop.start(request, rules, listener)
            let end = try listener.end()
            #expect(allowsPlainHTTP == "\(try #require(end.problem))".hasPrefix("request"))
            #expect(!end.wasSent)
        }
    }
}
