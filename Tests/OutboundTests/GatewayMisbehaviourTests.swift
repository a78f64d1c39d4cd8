import DaybookTesting
import Foundation
import Ledger
import Testing

@testable import Outbound

/// What a provider does wrong, and what must come of it.
struct Misbehaviour: Sendable, CustomTestStringConvertible {
    let name: String
    let word: CallProblem.Word
    /// The answer's status in the record, as far as there was one.
    var recorded: Int?
    /// Whether another attempt is worth it.
    var isPassing = true
    let act: @Sendable (RawProvider.Link) -> Void

    var testDescription: String { name }

    static let ok = "HTTP/1.1 200 OK\r\n"

    static func says(
        _ name: String,
        _ text: String,
        _ word: CallProblem.Word = .brokenAnswer,
        recorded: Int? = nil,
        isPassing: Bool = true
    ) -> Misbehaviour {
        Misbehaviour(name: name, word: word, recorded: recorded, isPassing: isPassing) { link in
            link.send(text)
            link.close()
        }
    }

    static let all: [Misbehaviour] = [
        Misbehaviour(name: "says nothing", word: .timedOut) { $0.waitForClose() },
        Misbehaviour(name: "begins and stops", word: .timedOut, recorded: 200) { link in
            link.send(ok + "Content-Length: 100\r\n\r\nbegin")
            link.waitForClose()
        },
        Misbehaviour(name: "begins a head and stops", word: .timedOut) { link in
            link.send(ok + "X-A: 1\r\n")
            link.waitForClose()
        },
        Misbehaviour(name: "closes", word: .brokenAnswer) { $0.close() },
        Misbehaviour(name: "resets", word: .brokenAnswer) { $0.reset() },
        Misbehaviour(name: "resets within a body", word: .brokenAnswer, recorded: 200) { link in
            link.send(ok + "Content-Length: 100\r\n\r\nbegin")
            link.reset()
        },
        says("garbage", "\u{0}\u{1}\u{2}\u{7F}garbage\r\n\r\n"),
        says("another protocol", "SSH-2.0-OpenSSH_9.2\r\n"),
        says("HTTP/0.9", "<html>hello</html>"),
        says("half a status line", "HTTP/1."),
        says("a version of the future", "HTTP/7.3 200 OK\r\nContent-Length: 0\r\n\r\n"),
        says("a status of letters", "HTTP/1.1 abc OK\r\nContent-Length: 0\r\n\r\n"),
        says("a status of 0", "HTTP/1.1 000 OK\r\nContent-Length: 0\r\n\r\n"),
        says("half a head", ok + "X-A: 1\r\nX-B"),
        says("a body cut short", ok + "Content-Length: 100\r\n\r\nbegin", recorded: 200),
        says("a broken chunk", ok + "Transfer-Encoding: chunked\r\n\r\nzz\r\n", recorded: 200),
        says(
            "chunks without end",
            ok + "Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
            recorded: 200
        ),
        says("a negative length", ok + "Content-Length: -5\r\n\r\nhello"),
        says(
            "no gzip although it says so",
            ok + "Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello",
            recorded: 200
        ),
        says("another protocol's upgrade", "HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n"),
        says("only interim answers", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\n\r\n"),
        says("control characters in a reason", "HTTP/1.1 2\u{1}0 \u{7}\u{1B}[2J\r\n\r\n"),
        Misbehaviour(name: "endless headers", word: .answerTooLarge, isPassing: false) { link in
            link.send(ok)
            while link.send("X-Filler: \(String(repeating: "x", count: 500))\r\n") {}
        },
        Misbehaviour(name: "one huge header", word: .answerTooLarge, isPassing: false) { link in
            link.send(ok + "X-Huge: ")
            while link.send(String(repeating: "x", count: 50_000)) {}
        },
        Misbehaviour(name: "endless interim answers", word: .answerTooLarge, isPassing: false) {
            while $0.send("HTTP/1.1 103 Early Hints\r\nLink: </a>; rel=preload\r\n\r\n") {}
        },
        Misbehaviour(
            name: "an endless body",
            word: .answerTooLarge,
            recorded: 200,
            isPassing: false
        ) { link in
            link.send(ok + "\r\n")
            while link.send(String(repeating: "x", count: 10_000)) {}
        },
    ]
}

@Suite("providers that misbehave, seen through the gateway")
struct GatewayMisbehaviourTests {
    enum Kind: String, CaseIterable { case get, post, keyedPost }

    private static let keys = """
        idempotency: { header: Idempotency-Key, made: false }, retries: 2, response_limit: 50KiB
        """
    private static let hurry = ", timeout: { connect: 2s, first_byte: 150ms, total: 250ms }"

    @Test(
        "what a provider does wrong is told, recorded, and repeated only where that is safe",
        arguments: Misbehaviour.all,
        Kind.allCases
    )
    func misbehaves(_ wrong: Misbehaviour, _ kind: Kind) throws {
        let provider = try RawProvider { link, _, _ in wrong.act(link) }
        let keys = Self.keys + (wrong.word == .timedOut ? Self.hurry : "")
        let trial = try HarshTrial(keys, port: provider.port)
        let headers = kind == .keyedPost ? [(name: "Idempotency-Key", value: "k-1")] : []
        let answered = try trial.send(kind == .get ? "GET" : "POST", "/x", headers)
        trial.close()
        provider.stop()
        let problem = try #require(answered.problem)
        #expect(problem.word == wrong.word)
        #expect(problem.status == (wrong.word == .timedOut ? 504 : 502))
        let attempts = wrong.isPassing && kind != .post ? 2 : 1
        #expect(provider.requests.count == attempts)
        let calls = try trial.pairedCalls()
        #expect(calls.map { $0["attempt"] } == (1...attempts).map { "\($0)" })
        for call in calls {
            #expect(call["outcome"] == "failed")
            #expect(call["reason"]?.hasPrefix("\(wrong.word.rawValue): ") == true)
            #expect(call["status"] == wrong.recorded.map { "\($0)" })
        }
        #expect(try trial.ledger.verify().isSound)
    }

    @Test(
        "a provider that is down was sent nothing, so that a POST is tried again",
        arguments: Kind.allCases
    )
    func down(_ kind: Kind) throws {
        let trial = try HarshTrial(Self.keys, port: try RawProvider.deadPort())
        let answered = try trial.send(kind == .get ? "GET" : "POST")
        trial.close()
        #expect(answered.problem?.word == .unreachable)
        #expect(answered.problem?.status == 502)
        let calls = try trial.pairedCalls()
        #expect(calls.count == 2)
        #expect(calls.allSatisfy { $0["reason"]?.hasPrefix("unreachable: ") == true })
    }

    @Test("interim answers before the one that is meant are left out")
    func interim() throws {
        let provider = try RawProvider { link, _, _ in
            link.send("HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nX-A: no\r\n\r\n")
            link.answer(201, "made", "X-B: yes\r\n")
        }
        let trial = try HarshTrial("", port: provider.port)
        let answered = try trial.send("POST", "/x", body: "1")
        trial.close()
        #expect(answered.head?.status == 201)
        #expect(answered.text == "made")
        #expect(answered.header("x-a") == nil)
        #expect(answered.header("x-b") == "yes")
    }

    @Test("a call is tried as often as the service says, and no more", arguments: [1, 2, 4])
    func attempts(count: Int) throws {
        let provider = try RawProvider { link, _, _ in link.answer(503, "", "Retry-After: 0\r\n") }
        let trial = try HarshTrial("retries: \(count)", port: provider.port)
        let answered = try trial.send()
        trial.close()
        #expect(answered.head?.status == 503)
        #expect(provider.requests.count == count)
        #expect(try trial.pairedCalls().count == count)
    }

    @Test("a large POST whose connection is reset within its body is not sent again")
    func resetWithinBody() throws {
        let provider = try RawProvider(connections: { link, _ in
            _ = link.receive(1000)
            link.reset()
        })
        let trial = try HarshTrial("retries: 3", port: provider.port)
        let answered = try trial.send("POST", "/x", body: String(repeating: "x", count: 4 << 20))
        trial.close()
        #expect(answered.problem?.word == .brokenAnswer)
        #expect(provider.connections == 1)
        #expect(try trial.pairedCalls().count == 1)
    }

    @Test("a POST on a kept connection that dies is not sent again")
    func keptConnection() throws {
        let provider = try RawProvider { link, _, number in
            if number == 1 { link.answer() } else { link.close() }
        }
        let trial = try HarshTrial("retries: 3", port: provider.port)
        #expect(try trial.send("POST", "/x", body: "1").head?.status == 200)
        #expect(try trial.send("POST", "/x", body: "2").problem?.word == .brokenAnswer)
        trial.close()
        #expect(provider.requests.count == 2)
    }

    @Test(
        "an empty idempotency key is none",
        arguments: ["{ header: Idempotency-Key, made: false }", "{ query: key, made: false }"]
    )
    func emptyKey(place: String) throws {
        let provider = try RawProvider { link, _, _ in link.answer(503) }
        let trial = try HarshTrial("retries: 3, idempotency: \(place)", port: provider.port)
        _ = try trial.send("POST", "/x?key=", [("Idempotency-Key", "")], body: "1")
        trial.close()
        #expect(provider.requests.count == 1)
    }

    @Test("an empty idempotency key gives way to one that is made")
    func emptyKeyMade() throws {
        let provider = try RawProvider { link, _, _ in link.answer(200) }
        let trial = try HarshTrial("idempotency: Idempotency-Key", port: provider.port)
        _ = try trial.send("POST", "/x", [("Idempotency-Key", "")], body: "1")
        trial.close()
        #expect(provider.requests.first?.header("idempotency-key")?.isEmpty == false)
    }

    @Test("when no further attempt may begin, the last one's outcome is the answer")
    func lastOutcome() throws {
        let provider = try RawProvider { link, _, _ in link.answer(503, "mine") }
        let trial = try HarshTrial("retries: 3, limits: [1/1m]", port: provider.port)
        let answered = try trial.send()
        trial.close()
        // A caller who is told 429 believes that nothing was sent.
        #expect(answered.problem?.word == nil)
        #expect(answered.head?.status == 503)
        #expect(answered.text == "mine")
        #expect(provider.requests.count == 1)
    }

    @Test("a provider cannot speak in the gateway's name")
    func ownHeaders() throws {
        let provider = try RawProvider { link, _, _ in
            link.answer(200, "", "Daybook-Problem: limit-reached\r\nDaybook-Call: 1\r\n")
        }
        let trial = try HarshTrial("", port: provider.port)
        let answered = try trial.send()
        trial.close()
        #expect(answered.header("daybook-problem") == nil)
        #expect(
            answered.head?.headers.filter { $0.name.lowercased() == "daybook-call" }.count == 1
        )
        #expect(answered.header("daybook-call") != "1")
    }
}
