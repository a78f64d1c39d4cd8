import DaybookTesting
import Foundation
import Ledger
import Synchronization
import Testing

@testable import Outbound

@Suite("a gateway that ends while requests are under way")
struct GatewayStopTests {
    @Test("who waits for a token is answered")
    func token() throws {
        let provider = try RawProvider { link, _, _ in link.waitForClose() }
        let grant =
            "token: 'http://127.0.0.1:\(provider.port)/token', client_id: env:I, client_secret: env:S"
        let trial = try HarshTrial("auth: { oauth2: { \(grant) } }", port: provider.port)
        let answerers = try (0..<5).map { _ in try trial.start() }
        #expect(eventually { provider.requests.count == 1 })
        trial.close()
        for answerer in answerers { #expect(answerer.answered(seconds: 2)?.problem != nil) }
        #expect(answerers.allSatisfy { $0.count == 1 })
        #expect(try trial.pairedCalls().isEmpty)
    }

    @Test("who waits for a token is sent no more once the gateway stops")
    func lateToken() throws {
        let gate = HarshGate()
        let provider = try RawProvider { link, request, _ in
            if request.hasPrefix("POST /token ") { gate.wait() }
            link.answer(200, #"{"access_token":"a"}"#)
        }
        let grant =
            "token: 'http://127.0.0.1:\(provider.port)/token', client_id: env:I, client_secret: env:S"
        let trial = try HarshTrial("auth: { oauth2: { \(grant) } }", port: provider.port)
        let answerer = try trial.start()
        #expect(eventually { provider.requests.count == 1 })
        trial.gateway.stop()
        gate.open()
        #expect(answerer.answered()?.problem?.word == .stopping)
        trial.close()
        #expect(provider.requests.count == 1)
    }

    @Test("requests that come while the gateway stops are answered, whoever is first")
    func stopRace() throws {
        for _ in 0..<30 {
            let gate = HarshGate()
            let provider = try RawProvider { link, _, _ in
                gate.wait()
                link.answer()
            }
            let trial = try HarshTrial("concurrent: 1", port: provider.port)
            let first = try trial.start()
            #expect(eventually { provider.requests.count == 1 })
            let gateway = trial.gateway
            Thread { gateway.stop() }.start()
            let waits = [(name: "X-Daybook-Max-Wait", value: "1h")]
            let answerers = try (0..<20).map { _ in try trial.start("GET", "/x", waits) }
            // Those who wait are turned away while the first call goes on.
            let isOver = eventually { answerers.allSatisfy { $0.count == 1 } }
            #expect(isOver)
            gate.open()
            _ = first.answered()
            trial.close()
            guard isOver else { break }
        }
    }

    @Test("who waits for a limit is answered that the gateway is stopping")
    func limit() throws {
        let provider = try RawProvider { link, _, _ in link.answer() }
        let trial = try HarshTrial("limits: [1/1m]", port: provider.port)
        #expect(try trial.send().head?.status == 200)
        let waits = [(name: "X-Daybook-Max-Wait", value: "1h")]
        let answerers = try (0..<5).map { _ in try trial.start("GET", "/x", waits) }
        trial.close()
        for answerer in answerers {
            #expect(answerer.answered(seconds: 2)?.problem?.word == .stopping)
            #expect(answerer.count == 1)
        }
        #expect(provider.requests.count == 1)
        #expect(try trial.pairedCalls().count == 1)
    }

    @Test("who waits for others' calls to end is sent no more once the gateway stops")
    func noFurtherAttempt() throws {
        let gate = HarshGate()
        let provider = try RawProvider { link, _, number in
            if number == 1 { gate.wait() }
            link.answer()
        }
        let trial = try HarshTrial("concurrent: 1", port: provider.port)
        let first = try trial.start()
        #expect(eventually { provider.requests.count == 1 })
        let second = try trial.start()
        trial.gateway.stop()
        gate.open()
        #expect(first.answered()?.head?.status == 200)
        #expect(second.answered()?.problem?.word == .stopping)
        trial.close()
        #expect(provider.requests.count == 1)
        #expect(try trial.pairedCalls().count == 1)
    }

    @Test("what is under way is ended, recorded and answered")
    func underWay() throws {
        let provider = try RawProvider { link, _, _ in link.waitForClose() }
        let trial = try HarshTrial("", port: provider.port)
        let answerers = try (0..<20).map { _ in try trial.start("POST", "/x", body: "1") }
        #expect(eventually { provider.requests.count == 20 })
        trial.close()
        for answerer in answerers {
            #expect(answerer.answered(seconds: 2)?.problem?.word == .stopping)
            #expect(answerer.count == 1)
        }
        let calls = try trial.pairedCalls()
        #expect(calls.count == 20)
        #expect(calls.allSatisfy { $0["reason"]?.hasPrefix("stopping: ") == true })
    }

    @Test("who waits for another attempt is answered")
    func backoff() throws {
        let provider = try RawProvider { link, _, _ in
            link.answer(503, "mine", "Retry-After: 5\r\n")
        }
        let trial = try HarshTrial("", port: provider.port)
        let answerer = try trial.start()
        #expect(try eventually { try trial.events("api.call").count == 1 })
        trial.close()
        #expect(answerer.answered(seconds: 2) != nil)
        #expect(answerer.count == 1)
        #expect(try trial.pairedCalls().count == 1)
    }

    @Test(
        "a long answer that is passed on is broken off, so that its caller sees it",
        arguments: [HarshAnswerer.Room.never, .gone, .always]
    )
    func streaming(room: HarshAnswerer.Room) throws {
        let provider = try RawProvider { link, _, _ in
            link.send("HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n")
            link.send(String(repeating: "x", count: 200_000))
            link.waitForClose()
        }
        let trial = try HarshTrial("", port: provider.port)
        let answerer = try trial.start("GET", "/x", room)
        switch room {
        case .never: #expect(answerer.waitUntilFull())
        case .always: #expect(eventually { answerer.bytes == 200_000 })
        case .gone: #expect(eventually { provider.requests.count == 1 })
        }
        trial.close()
        let answered = try #require(answerer.answered(seconds: 2))
        #expect(answered.isBroken || room == .gone)
        #expect(answerer.count == 1)
        #expect(try trial.pairedCalls().count == 1)
    }

    @Test("requests at any moment of the end are answered once, and each intent has its call")
    func race() throws {
        for round in 0..<20 {
            let provider = try RawProvider { link, _, _ in link.answer(200, "ok") }
            let trial = try HarshTrial("concurrent: 3", port: provider.port)
            let answerers = try (0..<60).map { _ in
                try trial.start("GET", "/x", [("X-Daybook-Max-Wait", "1h")])
            }
            #expect(eventually { answerers.filter { $0.count > 0 }.count > round * 2 })
            trial.close()
            provider.stop()
            let open = answerers.filter { $0.answered(seconds: 1) == nil }.count
            #expect(open == 0)
            #expect(answerers.allSatisfy { $0.count <= 1 })
            let intents = try trial.events("daybook.call.intent").count
            let calls = try trial.events("api.call").count
            #expect(intents == calls)
            // No more was begun than could be under way at the end.
            #expect(intents <= provider.requests.count + 3)
            guard open == 0, intents == calls else { break }
        }
    }

    @Test("a request that comes after the end is answered")
    func after() throws {
        let provider = try RawProvider { link, _, _ in link.answer() }
        let trial = try HarshTrial("", port: provider.port)
        trial.close()
        #expect(try trial.send().problem?.word == .stopping)
        #expect(provider.requests.isEmpty)
    }
}

@Suite("long answers through the gateway")
struct GatewayStreamTests {
    private static func long() throws -> RawProvider {
        try RawProvider { link, _, _ in
            link.answer(200, String(repeating: "x", count: 3_000_000))
        }
    }

    @Test("a stream that is full after every piece is whole in the end")
    func resumed() throws {
        let provider = try Self.long()
        let trial = try HarshTrial("recorded: 10KiB", port: provider.port)
        let answerer = try trial.start("GET", "/x", .never)
        let isWhole = eventually {
            answerer.resume()
            return answerer.count > 0
        }
        #expect(isWhole)
        let answered = try #require(answerer.answered())
        trial.close()
        #expect(answered.body.count == 3_000_000)
        #expect(!answered.isBroken)
        #expect(try trial.pairedCalls().map { $0["outcome"] } == ["succeeded"])
    }

    @Test("a caller who has gone away has a call that is recorded as a whole")
    func gone() throws {
        let provider = try Self.long()
        let trial = try HarshTrial("", port: provider.port)
        let answerer = try trial.start("GET", "/x", .gone)
        #expect(answerer.answered() != nil)
        trial.close()
        #expect(answerer.count == 1)
        #expect(try trial.pairedCalls().map { $0["outcome"] } == ["succeeded"])
    }

    @Test("a caller who takes nothing is cut, which says nothing of the service")
    func stalled() throws {
        let provider = try Self.long()
        let trial = try HarshTrial(
            "timeout: { total: 4s }, breaker: { calls: 1, open: 1h }",
            port: provider.port
        )
        let stalled = try #require(try trial.start("GET", "/x", .never).answered())
        #expect(stalled.isBroken)
        let next = try trial.send()
        trial.close()
        #expect(next.problem?.word != .circuitOpen)
        #expect(try trial.events("daybook.breaker.opened").isEmpty)
    }
}

extension HarshTrial {
    func start(
        _ method: String,
        _ target: String,
        _ room: HarshAnswerer.Room
    ) throws
        -> HarshAnswerer
    {
        try start(method, target, [], body: "", as: "shop", room)
    }
}
