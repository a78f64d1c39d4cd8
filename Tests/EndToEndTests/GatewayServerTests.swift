import Foundation
import Testing

/// Calls through a running gateway, to the simulated provider of `tools/provider`: a real server.
@Suite("The gateway of a server") struct GatewayServerTests {
    /// Starts the simulated provider; gives its port.
    private func provider(_ trial: Trial, _ options: String...) throws -> String {
        let (child, name) = try trial.start(
            ["python3", "-u", "\(Trial.checkout)tools/provider"] + options
        )
        return try eventually("provider") { () -> String? in
            try #require(child.isRunning)
            let text = (try? trial.read("\(name).out")) ?? ""
            guard let line = text.split(separator: "\n").first else { return nil }
            return line.split { !$0.isNumber }.last { $0.count > 3 }.map { String($0) }
        }
    }

    private func configuration(_ port: String, _ keys: String = "") -> String {
        """
        origin: shop.example.com/log
        services:
          api:
            base: "http://127.0.0.1:\(port)"
            auth: { bearer: "plain:sk_provider" }
            allow_private: true
            limits: [100/1s]
            \(keys)

        """
    }

    private func token(_ trial: Trial, role: String = "gateway") throws -> String {
        let made = try trial.daybook("tokens", "create", "caller-\(role)", "--role", role)
        try #require(made.status == 0, "\(made)")
        return made.output.trimmingCharacters(in: .newlines)
    }

    private func call(_ target: String, _ token: String?, method: String = "GET") -> Request {
        var request = Request(method: method, target: target)
        if let token { request.headers = [("Authorization", "Bearer \(token)")] }
        return request
    }

    @Test("the simulated provider counts as strictly as a slow count")
    func selftest() throws {
        try withTrial(makesLedger: false) { trial in
            let done = try trial.run([
                "python3", "\(Trial.checkout)tools/provider", "--selftest",
            ])
            #expect(done.status == 0, "\(done)")
        }
    }

    @Test("twenty clients use all of a limit and no more; log and provider tell the same")
    func limits() throws {
        try withTrial(makesLedger: false) { trial in
            let done = try trial.run([
                "python3", "\(Trial.checkout)tools/calls", "--seconds", "4", "--daybook",
                Trial.program,
            ])
            // How much of the limit is used says something of this machine, not of the gateway.
            let failed = done.output.split(separator: "\n").filter {
                $0.hasPrefix("FAIL") && !$0.contains("of the limit used")
            }
            #expect(failed.isEmpty, "\(done)")
            #expect(done.output.contains("PASS  xero: arrivals beyond a limit: 0"), "\(done)")
            #expect(done.output.contains("PASS  stripe: arrivals beyond a limit: 0"))
        }
    }

    @Test("deliveries survive kills, in order, and none is left")
    func forwards() throws {
        try withTrial(makesLedger: false) { trial in
            let done = try trial.run([
                "python3", "\(Trial.checkout)tools/forwards", "--events", "200", "--kills", "2",
                "--daybook", Trial.program,
            ])
            #expect(done.status == 0, "\(done)")
        }
    }

    @Test("a call that was under way at a kill is closed at the next start, once")
    func unknownOutcome() throws {
        try withTrial(projections: ["rate-limit-usage"]) { trial in
            let port = try provider(trial, "--latency", "30")
            try trial.write(configuration(port), to: "ledger/daybook.yaml")
            let token = try token(trial)
            let server = try trial.serve()
            let connection = try server.connect()
            try connection.send(call("/out/api/slow?x=1", token, method: "POST"))
            try eventually("intent") {
                try trial.log("--type", "daybook.call.intent").count == 1 ? true : nil
            }
            server.kill()
            #expect(try trial.log("--kind", "call").isEmpty)
            for _ in 1...2 {
                let next = try trial.serve()
                next.stop()
            }
            let calls = try trial.log("--kind", "call")
            let line = try #require(calls.first)
            #expect(calls.count == 1)
            #expect(line["outcome"] == "failed")
            #expect(line["reason"]?.hasPrefix("outcome unknown") == true)
            #expect(line["path"] == "/slow")
            #expect(line["authid"] == "caller-gateway")
            let intent = try #require(try trial.log("--type", "daybook.call.intent").first)
            #expect(line["causationid"] == intent["sequence"].map { pad($0) })
            #expect(try trial.isSound())
        }
    }

    private func pad(_ sequence: String) -> String {
        String(repeating: "0", count: 20 - sequence.count) + sequence
    }

    @Test("strangers, wrong roles, unknown services and dead ones are told apart, in problem JSON")
    func refusals() throws {
        try withTrial(projections: []) { trial in
            try trial.write(configuration("9", "retries: 1"), to: "ledger/daybook.yaml")
            let (gateway, writer) = (try token(trial), try token(trial, role: "ingest"))
            let server = try trial.serve()
            let cases: [(String, String?, Int, String)] = [
                ("/out/api/x", nil, 401, "unknown-caller"),
                ("/out/api/x", "sk_provide", 401, "unknown-caller"),
                ("/out/api/x", writer, 403, "wrong-role"),
                ("/out/none/x", gateway, 404, "unknown-service"),
                ("/out/", gateway, 404, "unknown-service"),
                ("/out/api/../x", gateway, 400, "bad-target"),
                ("/out/api/x", gateway, 502, "unreachable"),
                ("/out/api/x", "sk_provider", 502, "unreachable"),
            ]
            for (target, token, status, word) in cases {
                let answer = try server.send(call(target, token))
                #expect(answer.status == status, "\(target): \(answer)")
                #expect(answer.headers["content-type"] == "application/problem+json")
                #expect(answer.headers["daybook-problem"] == word, "\(target): \(answer)")
            }
            let calls = try trial.log("--kind", "call")
            #expect(calls.count == 2)
            #expect(calls.allSatisfy { $0["reason"]?.hasPrefix("unreachable: ") == true })
            #expect(calls.map { $0["authtype"] } == ["token", "service-key"])
        }
    }

    @Test("what goes out is counted against its limits, and how the service stands is shown")
    func usage() throws {
        try withTrial(projections: ["rate-limit-usage", "integration-health"]) { trial in
            let port = try provider(trial)
            try trial.write(configuration(port), to: "ledger/daybook.yaml")
            let token = try token(trial)
            let server = try trial.serve()
            #expect(server.welcome.contains("/out/api/"))
            for number in 1...5 {
                let answer = try server.send(call("/out/api/v1/things/\(number)", token))
                #expect(answer.status == 200, "\(answer)")
                #expect(answer.headers["daybook-call"] != nil)
            }
            let usage = try trial.daybook("state", "rate-limit-usage", "api 1s").rows
            #expect(usage.first?["allowed"] == "100")
            let health = try trial.daybook("state", "integration-health", "call:api").rows
            #expect(health.first?["state"] == "ok", "\(health)")
            #expect(health.first?["total"] == "5", "\(health)")
            #expect(try server.health()["services"] == nil)
            let status = try server.send(call("/healthz", token)).text
            #expect(status.contains(#""api":{"breaker":"closed","in_flight":0"#), "\(status)")
            let table = try trial.daybook("log", "--kind", "call", "--format", "table").output
            #expect(table.contains("GET /v1/things/3 200"))
        }
    }
}
