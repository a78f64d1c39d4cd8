import Bytes
import Foundation
import Service
import Testing

@Suite struct APIRoutesTests {
    static func event(_ id: String, data: String = "1", source: String = "shop") -> String {
        #"{"specversion":"1.0","id":"\#(id)","source":"\#(source)","type":"t","data":\#(data)}"#
    }

    // MARK: - Who may

    @Test("without a good token nothing is read and nothing recorded; what was shown is not echoed")
    func unauthorized() throws {
        let server = try APIServer()
        let revoked = try server.token("old", .admin)
        try server.revoke("old")
        let expired = try server.token("late", .admin, expires: wallClock())
        let before = try server.lines().count
        let unknown = Token(random: Array(0..<32)).revealed
        for token in [nil, "xyzzy", unknown, revoked, expired, String(unknown.dropLast())] {
            let reply = try server.send("/v1/events", token: token, body: Self.event("e1"))
            #expect(reply.status == 401)
            #expect(reply.word == "unauthorized")
            #expect(reply.headers["content-type"] == "application/problem+json")
            #expect(reply.headers["www-authenticate"] == "Bearer realm=\"daybook\"")
            #expect(token.map { !reply.text.contains($0) } ?? true)
        }
        #expect(server.routes.refusedCallers == 6)
        #expect(try server.lines().count == before)
    }

    @Test("a role that is not good for a route is 403, and the role is named")
    func roles() throws {
        let server = try APIServer()
        let good: [TokenRole: [String]] = [
            .gateway: ["/v1/calls"], .ingest: ["/v1/events", "/v1/calls", "/v1/syncs"], .reader: [],
            .auditor: [], .operator: [], .admin: ["/v1/events", "/v1/calls", "/v1/syncs"],
        ]
        let tokens = try TokenRole.allCases.map {
            ($0, try server.token("of-\($0.rawValue)", $0))
        }
        for (role, token) in tokens {
            for path in ["/v1/events", "/v1/calls", "/v1/syncs"] {
                let reply = try server.send(path, token: token, body: "[")
                let isGood = good[role]?.contains(path) == true
                #expect((reply.status == 403) == !isGood, "\(role) \(path): \(reply.status)")
                #expect(reply.status != 401)
                if !isGood {
                    #expect(reply.word == "forbidden")
                    #expect(reply.text.contains("of-\(role.rawValue)"))
                }
            }
        }
    }

    @Test(
        "the token may stand in any of three places, once",
        arguments: ["Bearer", "Basic user", "Basic password", "own", "twice", "own and other"]
    )
    func places(place: String) throws {
        let server = try APIServer()
        let token = try server.token("shop", .ingest)
        func basic(_ pair: String) -> String {
            "Authorization: Basic \(Data(pair.utf8).base64EncodedString())"
        }
        let headers: [String] =
            switch place {
            case "Bearer": ["Authorization: bearer \(token)"]
            case "Basic user": [basic("\(token):")]
            case "Basic password": [basic("x:\(token)")]
            case "own": ["X-Daybook-Token: \(token)"]
            case "own and other": ["X-Daybook-Token: \(token)", "Authorization: Bearer sk_1"]
            default: ["Authorization: Bearer \(token)", "Authorization: Bearer \(token)"]
            }
        let reply = try server.send("/v1/events", headers: headers, body: Self.event("e1"))
        #expect(reply.status == (place == "twice" ? 401 : 201), "\(reply.text)")
    }

    @Test(
        "other paths, methods and too large bodies are refused by the head",
        arguments: [
            ("DELETE", "/v1/events", 405), ("PUT", "/v1/calls", 405), ("POST", "/v1/", 404),
            ("POST", "/v1/events/", 404), ("POST", "/v1/eventsx", 404), ("POST", "/V1/events", 404),
            ("POST", "/v1/%65vents", 404), ("POST", "/v1/events?token=x", 413),
            ("POST", "/v1/syncs", 413),
        ]
    )
    func heads(method: String, path: String, status: Int) throws {
        let server = try APIServer()
        let token = try server.token("shop", .admin)
        let reply = try server.send(path, token: token, method: method, announced: 8 << 20 + 1)
        #expect(reply.status == status, "\(reply.text)")
        if method != "GET" || status == 405 { #expect(reply.word != nil) }
        #expect((reply.headers["allow"] == "POST") == (status == 405))
    }

    // MARK: - Events

    @Test("an event is answered with its place and its leaf hash, and again as the first time")
    func event() throws {
        let server = try APIServer()
        let token = try server.token("shop", .ingest)
        let first = try server.send("/v1/events", token: token, body: Self.event("e1"))
        #expect(first.status == 201)
        let event = try #require(first.events.first)
        let sequence = try #require(event["sequence"] as? Int)
        let lines = try server.lines()
        #expect(lines[sequence]["id"] == "e1")
        #expect(lines[sequence]["authtype"] == "token")
        #expect(lines[sequence]["authid"] == "shop")
        #expect(lines[sequence]["outcome"] == "accepted")
        #expect(first.members["checkpoint"] as? Int == lines.count)
        let leaf = try server.leaf(sequence)
        #expect(event["leaf"] as? String == leaf)
        let again = try server.send("/v1/events", token: token, body: Self.event("e1"))
        #expect(again.status == 200)
        let repeated = try #require(again.events.first)
        #expect(repeated["sequence"] as? Int == sequence)
        #expect(repeated["leaf"] as? String == leaf)
        #expect(repeated["outcome"] as? String == "duplicate")
    }

    @Test("the same id with another content is 409, and the first stays as it is")
    func conflict() throws {
        let server = try APIServer()
        let token = try server.token("shop", .ingest)
        let first = try server.send("/v1/events", token: token, body: Self.event("e1"))
        let other = try server.send("/v1/events", token: token, body: Self.event("e1", data: "2"))
        #expect(other.status == 409)
        #expect(other.word == "conflict")
        #expect(other.members["index"] as? Int == 0)
        #expect(other.events.first?["outcome"] as? String == "conflict")
        #expect(other.text.contains("event \(first.events[0]["sequence"] as? Int ?? -1),"))
    }

    @Test("a batch is recorded whole, or not at all")
    func batch() throws {
        let server = try APIServer()
        let token = try server.token("shop", .ingest)
        let before = try server.lines().count
        let bad = "[\(Self.event("e1")),\(Self.event("e2", source: "daybook"))]"
        let refused = try server.send("/v1/events", token: token, body: bad)
        #expect(refused.status == 400)
        #expect(refused.members["index"] as? Int == 1)
        #expect(try server.lines().count == before)
        let good = "[\(Self.event("e1")),\(Self.event("e2")),\(Self.event("e1"))]"
        let taken = try server.send("/v1/events", token: token, body: good)
        #expect(taken.status == 201)
        #expect(taken.events.map { $0["id"] as? String } == ["e1", "e2", "e1"])
        #expect(taken.events.map { $0["sequence"] as? Int } == [before, before + 1, before])
        #expect(
            taken.events.map { $0["outcome"] as? String } == ["accepted", "accepted", "duplicate"]
        )
        let empty = try server.send("/v1/events", token: token, body: "[]")
        #expect(empty.status == 200)
        #expect(empty.text == "{\"events\":[]}\n")
    }

    @Test("binary mode comes through the server")
    func binary() throws {
        let server = try APIServer()
        let token = try server.token("shop", .ingest)
        let headers = [
            "ce-specversion: 1.0", "ce-id: e1", "Ce-Source: shop", "ce-type: t",
            "ce-subject: Euro%20%E2%82%AC",
        ]
        let reply = try server.send(
            "/v1/events",
            token: token,
            type: "image/png",
            headers: headers,
            body: "\u{1}\u{2}"
        )
        #expect(reply.status == 201, "\(reply.text)")
        let line = try #require(try server.lines().last)
        #expect(line["subject"] == "Euro €")
        #expect(line["datacontenttype"] == "image/png")
        #expect(line["bodysize"] == "2")
    }

    @Test("a source that is configured is nobody's: not for events, and not for syncs but by name")
    func reserved() throws {
        let server = try APIServer()
        let token = try server.token("shop", .ingest)
        for source in ["stripe", "nightly"] {
            let body = Self.event("e1", source: source)
            let reply = try server.send("/v1/events", token: token, body: body)
            #expect(reply.status == 403)
            #expect(reply.word == "reserved-source")
        }
        #expect(try server.send("/v1/syncs", token: token, body: "stripe").status == 403)
        #expect(try server.send("/v1/syncs", token: token, body: "nightly").status == 201)
    }

    // MARK: - Calls and syncs

    @Test("a reported call is recorded with the service's limits and the caller")
    func call() throws {
        let server = try APIServer()
        let token = try server.token("erp", .gateway)
        let body = CallReportTests.report(
            #""id":"r1""#,
            #""attempt":2"#,
            #""duration_ms":31"#,
            #""status":429"#
        )
        let reply = try server.send("/v1/calls", token: token, body: body)
        #expect(reply.status == 201, "\(reply.text)")
        let line = try #require(try server.lines().last)
        #expect(line["kind"] == "call")
        #expect(line["type"] == "api.call")
        #expect(line["source"] == "xero")
        #expect(line["id"] == "call:r1")
        #expect(line["outcome"] == "failed")
        #expect(line["status"] == "429")
        #expect(line["attempt"] == "2")
        #expect(line["durationms"] == "31")
        #expect(line["ratelimit"] == "60/1m@90")
        #expect(line["authid"] == "erp")
        #expect(try server.send("/v1/calls", token: token, body: body).status == 200)
        let other = body.replacing("\"attempt\":2", with: "\"attempt\":3")
        #expect(try server.send("/v1/calls", token: token, body: other).status == 200)
        let wrong = try server.send("/v1/calls", token: token, type: "text/plain", body: body)
        #expect(wrong.status == 415)
    }

    @Test("a sync is read by who knows syncs; what that refuses is 400")
    func sync() throws {
        let server = try APIServer()
        let token = try server.token("jobs", .ingest)
        let reply = try server.send("/v1/syncs", token: token, body: "klaviyo")
        #expect(reply.status == 201)
        let line = try #require(try server.lines().last)
        #expect(line["sync"] == "klaviyo")
        #expect(line["reason"] == "by jobs")
        #expect(line["authid"] == "jobs")
        let long = String(repeating: "x", count: 50)
        let refused = try server.send("/v1/syncs", token: token, body: long)
        #expect(refused.status == 400)
        #expect(refused.text.contains("the sync's name is missing"))
    }

    // MARK: - What cannot be recorded

    @Test("when nothing can be recorded the answer is 503 with Retry-After, never silence")
    func noWriter() throws {
        let server = try APIServer()
        let token = try server.token("shop", .ingest)
        server.endWriter()
        let reply = try server.send("/v1/events", token: token, body: Self.event("e1"))
        #expect(reply.status == 503)
        #expect(reply.word == "not-recorded")
        #expect(reply.headers["retry-after"] == "5")
    }

    @Test("tokens that cannot be read are 503, not the caller's fault")
    func noTokens() throws {
        let server = try APIServer()
        let token = try server.token("shop", .ingest)
        try Data("broken".utf8).write(to: URL(filePath: server.trial.tokensFile))
        let reply = try server.send("/v1/events", token: token, body: Self.event("e1"))
        #expect(reply.status == 503)
        #expect(reply.word == "no-tokens")
    }
}
