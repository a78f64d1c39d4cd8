import Bytes
import DaybookTesting
import HTTPClient
import HTTPServer
import Ledger
import Testing

@testable import Outbound

@Suite("calls through the gateway")
struct GatewayTests {
    @Test(
        "a call goes out with the service's credentials and comes back, and is recorded around it"
    )
    func passesOn() throws {
        let trial = try GatewayTrial("auth: { bearer: env:T }, limits: [60/1m]") { _, _ in
            HTTPAnswer(status: 201, headers: [("X-Answer", "1")], body: Array("made".utf8))
        }
        let answered = try trial.send(
            "POST",
            "/orders?x=1",
            [("Authorization", "Bearer mine"), ("X-Daybook-Correlation", "thread-7")],
            body: "hello"
        )
        trial.close()
        #expect(answered.head?.status == 201)
        #expect(answered.text == "made")
        #expect(answered.header("x-answer") == "1")
        let seen = try #require(trial.provider.seen.first)
        #expect(trial.provider.seen.count == 1)
        #expect(seen.target == "/base/orders?x=1")
        #expect(seen.body == "hello")
        #expect(seen.header("authorization") == "Bearer secret-T")
        #expect(seen.header("x-daybook-correlation") == nil)

        let intent = try #require(try trial.events("daybook.call.intent").first)
        let call = try #require(try trial.events("api.call").first)
        #expect(call["causationid"] == intent["sequence"])
        #expect(call["source"] == "api")
        #expect(call["outcome"] == "succeeded")
        #expect(call["status"] == "201")
        #expect(call["attempt"] == "1")
        #expect(call["method"] == "POST")
        #expect(call["path"] == "/orders")
        #expect(call["ratelimit"] == "60/1m")
        #expect(call["correlationid"] == "thread-7")
        #expect(call["authid"] == "shop")
        #expect(
            answered.header("daybook-call")
                == call["sequence"].flatMap { UInt64($0) }.map { "\($0)" }
        )
        let body = try trial.body(call)
        #expect(body.content == "hellomade")
        #expect(body.meta.contains(#""lengths":[5,4]"#))
        #expect(try trial.body(intent).content == "hello")
        #expect(try trial.ledger.verify().isSound)
    }

    @Test("no secret is in the log, however it travels")
    func noSecrets() throws {
        let trial = try GatewayTrial(
            "auth: { query: { key: env:Q } }, redact: [X-Own]"
        ) { _, _ in
            HTTPAnswer(status: 200, headers: [("Set-Cookie", "session=secret-C")])
        }
        _ = try trial.send(
            "GET",
            "/x?access_token=secret-A&a=1&key=secret-B",
            [
                ("Authorization", "Bearer secret-D"), ("Cookie", "secret-E"), ("x-own", "secret-F"),
                ("X-Daybook-Token", "secret-G"),
            ]
        )
        trial.close()
        #expect(trial.provider.seen.first?.target.contains("key=secret-Q") == true)
        for type in ["daybook.call.intent", "api.call"] {
            for event in try trial.events(type) {
                let body = try trial.body(event)
                #expect(!"\(event)\(body)".contains("secret-"))
                #expect(body.meta.contains("a=1"))
            }
        }
    }

    @Test("what is safe is tried again with the same key, each attempt recorded, until it succeeds")
    func retries() throws {
        let trial = try GatewayTrial("idempotency: Idempotency-Key") { _, number in
            number < 3 ? .text(503, "not now") : .text(200, "done")
        }
        let answered = try trial.send("POST", "/pay", body: "1")
        trial.close()
        #expect(answered.head?.status == 200)
        let keys = trial.provider.seen.map { $0.header("idempotency-key") }
        #expect(keys.count == 3)
        #expect(Set(keys).count == 1)
        #expect(keys.first != .some(nil))
        let calls = try trial.events("api.call")
        #expect(calls.map { $0["attempt"] } == ["1", "2", "3"])
        #expect(calls.map { $0["outcome"] } == ["failed", "failed", "succeeded"])
        #expect(Set(calls.map { $0["correlationid"] }).count == 1)
        #expect(calls.allSatisfy { $0["subject"] == keys[0].map { "idempotency-key:\($0)" } })
        let intents = try trial.events("daybook.call.intent")
        #expect(
            intents.dropFirst().map { $0["causationid"] } == calls.dropLast().map { $0["sequence"] }
        )
    }

    @Test("what could take effect twice is not tried again")
    func noRetry() throws {
        let trial = try GatewayTrial { _, _ in .text(503, "not now") }
        let answered = try trial.send("POST", "/pay", body: "1")
        trial.close()
        #expect(answered.head?.status == 503)
        #expect(trial.provider.seen.count == 1)
    }

    @Test("a caller's own idempotency key is kept")
    func ownKey() throws {
        let trial = try GatewayTrial("idempotency: Idempotency-Key") { _, _ in .text(200, "") }
        _ = try trial.send("POST", "/pay", [("idempotency-key", "mine")])
        trial.close()
        let seen = try #require(trial.provider.seen.first)
        #expect(
            seen.headers.filter { $0.name.lowercased() == "idempotency-key" }.map(\.value) == [
                "mine"
            ]
        )
    }

    @Test("a long answer is passed on as it comes, and the beginning is recorded as cut")
    func streams() throws {
        let long = [UInt8](repeating: 0x61, count: 3_000_001)
        let trial = try GatewayTrial("recorded: 100KiB") { _, _ in
            HTTPAnswer(status: 200, body: long)
        }
        let answered = try trial.send()
        trial.close()
        #expect(answered.isStreamed)
        #expect(answered.body == long)
        #expect(!answered.isBroken)
        let call = try #require(try trial.events("api.call").first)
        let body = try trial.body(call)
        #expect(body.content.utf8.count == 100 << 10)
        #expect(body.meta.contains(#""cut":{"request":0,"response":3000001}"#))
    }

    @Test("an answer beyond the limit is cut, and its caller sees that")
    func tooLarge() throws {
        let long = [UInt8](repeating: 0x61, count: 300_000)
        let trial = try GatewayTrial("response_limit: 200KiB") { _, _ in
            HTTPAnswer(status: 200, body: long)
        }
        let answered = try trial.send()
        trial.close()
        #expect(answered.isBroken || answered.problem?.word == .answerTooLarge)
        let call = try #require(try trial.events("api.call").first)
        #expect(call["outcome"] == "failed")
        #expect(call["reason"]?.hasPrefix("answer-too-large: ") == true)
        #expect(trial.provider.seen.count == 1)
    }

    @Test("who would have to wait too long is told when to come back, and nothing is sent")
    func limit() throws {
        let trial = try GatewayTrial("limits: [2/1m]") { _, _ in .text(200, "") }
        let wait = [(name: "X-Daybook-Max-Wait", value: "0")]
        let answered = try (0..<3).map { _ in try trial.send("GET", "/x", wait) }
        trial.close()
        #expect(answered.map { $0.head?.status } == [200, 200, nil])
        let problem = try #require(answered[2].problem)
        #expect(problem.word == .limitReached)
        let retryAfter = try #require(problem.retryAfter)
        #expect(retryAfter > .seconds(50) && retryAfter <= .seconds(61))
        #expect(trial.provider.seen.count == 2)
        #expect(try trial.events("api.call").count == 2)
    }

    @Test("with dry_run a limit holds nobody back, and the record says how long it would have")
    func dryRun() throws {
        let trial = try GatewayTrial("limits: [1/1m], dry_run: true") { _, _ in .text(200, "") }
        for _ in 0..<2 { #expect(try trial.send().head?.status == 200) }
        trial.close()
        let calls = try trial.events("api.call")
        #expect(try !trial.body(calls[0]).meta.contains("would_wait_ms"))
        #expect(try trial.body(calls[1]).meta.contains("would_wait_ms"))
    }

    @Test("a service that fails again and again is left alone, which is recorded")
    func breaker() throws {
        let trial = try GatewayTrial(
            "breaker: { calls: 5, open: 1h }, retries: 1"
        ) { _, _ in .text(500, "broken") }
        let words = try (0..<8).map { _ in try trial.send().problem?.word }
        trial.close()
        #expect(words == [nil, nil, nil, nil, nil, .circuitOpen, .circuitOpen, .circuitOpen])
        #expect(trial.provider.seen.count == 5)
        let opened = try #require(try trial.events("daybook.breaker.opened").first)
        #expect(opened["service"] == "api")
    }

    @Test("an address of this machine is refused where the service does not allow it, once")
    func privateAddress() throws {
        let trial = try GatewayTrial("retries: 3, allow_private: false", scheme: "https") { _, _ in
            .text(200, "")
        }
        let answered = try trial.send()
        trial.close()
        #expect(answered.problem?.word == .forbiddenAddress)
        #expect(answered.problem?.status == 403)
        #expect(trial.provider.seen.isEmpty)
        let calls = try trial.events("api.call")
        #expect(calls.count == 1)
        #expect(calls.first?["reason"]?.hasPrefix("forbidden-address: ") == true)
    }

    @Test("what an answer's headers cannot be passed on with is left out, not the answer")
    func oddHeaders() throws {
        let trial = try GatewayTrial { _, _ in
            HTTPAnswer(status: 200, headers: [("Daybook-Call", "1"), ("X-Good", "1")])
        }
        let answered = try trial.send()
        trial.close()
        #expect(answered.head?.status == 200)
        #expect(answered.header("x-good") == "1")
        #expect(answered.head?.headers.filter { $0.name.lowercased() == "daybook-call" }.count == 1)
        #expect(answered.header("daybook-call") != "1")
    }

    @Test("an idempotency key without a value is none: one is made in its place")
    func emptyKey() throws {
        let trial = try GatewayTrial("idempotency: Idempotency-Key") { _, _ in .text(200, "") }
        _ = try trial.send("POST", "/pay", [("Idempotency-Key", " ")])
        trial.close()
        let key = try #require(trial.provider.seen.first?.header("idempotency-key"))
        #expect(key.utf8.count == 36)
    }

    @Test("where another attempt is not to be had in time, the last one's answer is the answer")
    func lastAnswer() throws {
        let trial = try GatewayTrial("limits: [1/1m]") { _, _ in .text(503, "first") }
        let answered = try trial.send("GET", "/x", [("X-Daybook-Max-Wait", "1s")])
        trial.close()
        #expect(answered.head?.status == 503)
        #expect(answered.text == "first\n")
        let call = try #require(try trial.events("api.call").first)
        #expect(
            answered.header("daybook-call")
                == call["sequence"].flatMap { UInt64($0) }.map { "\($0)" }
        )
        #expect(trial.provider.seen.count == 1)
    }

    @Test("a caller's own credential does not travel beside the service's")
    func ownCredential() throws {
        let trial = try GatewayTrial("auth: { query: { key: env:Q } }") { _, _ in .text(200, "") }
        _ = try trial.send("GET", "/x?key=mine&a=1")
        trial.close()
        #expect(trial.provider.seen.first?.target == "/base/x?a=1&key=secret-Q")
    }
}
