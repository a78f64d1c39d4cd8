import Bytes
import Foundation
import Service
import Testing

@Suite struct ReadRoutesTests {
    /// Appends events of two sources, a subject each.
    private func fill(_ server: APIServer, _ count: Int = 6) throws {
        let token = try server.token("till", .ingest)
        let events = (0..<count).map { number in
            #"{"specversion":"1.0","id":"e\#(number)","source":"shop-\#(number % 2)","type":"t","#
                + #""subject":"order:\#(number)","data":{"n":\#(number)}}"#
        }
        let reply = try server.send(
            "/v1/events",
            token: token,
            body: "[" + events.joined(separator: ",") + "]"
        )
        try #require(reply.status == 201 || reply.status == 200, "\(reply.text)")
    }

    private func get(
        _ server: APIServer,
        _ path: String,
        _ token: String?,
        _ headers: [String] = []
    ) throws -> APIServer.Reply {
        // The file of tokens is looked at once a second.
        for _ in 0..<300 {
            let reply = try server.send(
                path,
                token: token,
                method: "GET",
                type: nil,
                headers: headers
            )
            guard reply.status == 401, token?.utf8.count == 53 else { return reply }
            usleep(10_000)
        }
        throw APIServer.SyncFailure()
    }

    private func reads(_ server: APIServer) throws -> [[String: String]] {
        try server.lines().filter { $0["type"] == "daybook.read" }
    }

    static let paths: [(path: String, roles: Set<TokenRole>)] = [
        ("/v1/events", [.auditor, .operator, .admin]),
        ("/v1/events/1", [.auditor, .admin]),
        ("/v1/events/1?body=no", [.auditor, .operator, .admin]),
        ("/v1/proof/1", [.reader, .auditor, .operator, .admin]),
        ("/v1/state/none", [.reader, .auditor, .operator, .admin]),
        ("/v1/state/none/key", [.reader, .auditor, .operator, .admin]),
    ]

    @Test("each role reads what it may, and nothing else; nobody reads without a token")
    func roles() throws {
        let server = try APIServer()
        try fill(server)
        let tokens = try TokenRole.allCases.map { ($0, try server.token("of-\($0)", $0)) }
        for (path, roles) in Self.paths {
            #expect(try get(server, path, nil).status == 401, "\(path)")
            #expect(try get(server, path, "dbk_wrong").status == 401, "\(path)")
            for (role, token) in tokens {
                let status = try get(server, path, token).status
                #expect((status == 403) != roles.contains(role), "\(role) \(path) \(status)")
                #expect([200, 403, 404].contains(status), "\(role) \(path) \(status)")
            }
        }
        #expect(server.reads.refusedCallers > 0)
    }

    @Test("an answer is given only once the log says who asked what, and how much was shown")
    func recorded() throws {
        let server = try APIServer()
        try fill(server)
        let token = try server.token("kpmg", .auditor)
        let reply = try get(
            server,
            "/v1/events?source=shop-1&limit=2",
            token,
            ["Daybook-Purpose: Q3"]
        )
        #expect(reply.status == 200)
        #expect(reply.events.count == 2)
        let read = try #require(try reads(server).first)
        #expect(read["authid"] == "kpmg")
        #expect(read["authtype"] == "token")
        #expect(read["method"] == "GET /v1/events")
        #expect(read["path"] == "source=shop-1 limit=2")
        #expect(read["records"] == "2")
        #expect(read["reason"] == "Q3")
        // What was refused shows nothing, and is not recorded.
        _ = try get(server, "/v1/events?nothing=1", token)
        _ = try get(server, "/v1/events", try server.token("r", .reader))
        #expect(try reads(server).count == 1)
    }

    @Test("a read that cannot be recorded is not answered")
    func unrecordable() throws {
        let server = try APIServer()
        try fill(server)
        let token = try server.token("kpmg", .auditor)
        server.endWriter()
        for path in ["/v1/events", "/v1/events/1", "/v1/proof/1"] {
            let reply = try get(server, path, token)
            #expect(reply.status == 503)
            #expect(reply.word == "not-recorded")
            #expect(!reply.text.contains("shop-1"))
        }
        let silent = try APIServer(recordsReads: false)
        try fill(silent)
        let other = try silent.token("kpmg", .auditor)
        #expect(try get(silent, "/v1/events", other).status == 200)
        #expect(try reads(silent).isEmpty)
    }

    @Test("paging visits every event once, whatever the page")
    func paging() throws {
        let server = try APIServer(recordsReads: false)
        try fill(server, 23)
        let token = try server.token("kpmg", .auditor)
        for limit in [1, 4, 23, 24, 1000] {
            var ids: [String] = []
            var after = ""
            while true {
                let path = "/v1/events?type=t&limit=\(limit)\(after)"
                let reply = try get(server, path, token)
                ids += reply.events.compactMap { $0["id"] as? String }
                guard let next = reply.members["next"] as? Int else { break }
                after = "&after=\(next)"
            }
            #expect(ids == (0..<23).map { "e\($0)" })
        }
    }

    @Test(
        "no condition, page or path reaches beyond a scope",
        arguments: [
            "", "?source=*", "?source=shop-1", "?source=shop-*&limit=1000", "?type=*", "?after=0",
            "?source=&source=*", "?subject=order:1", "?since=2020-01-01", "?kind=admin",
            "?source=%2A", "?correlation=*", "?outcome=accepted",
        ]
    )
    func scope(query: String) throws {
        let server = try APIServer(recordsReads: false)
        try fill(server)
        let token = try server.token("a", .auditor, scope: ["source=shop-0"])
        let reply = try get(server, "/v1/events\(query)", token)
        #expect(reply.status == 200 || reply.status == 400)
        for event in reply.events { #expect(event["source"] as? String == "shop-0") }
        #expect(!reply.text.contains("shop-1\""))
        let lines = try server.lines()
        for (sequence, line) in lines.enumerated() {
            let isInside = line["source"] == "shop-0"
            for path in ["/v1/events/\(sequence)", "/v1/proof/\(sequence)"] {
                let status = try get(server, path, token).status
                #expect(status == (isInside ? 200 : 404), "\(path)")
            }
        }
        #expect(try get(server, "/v1/events/999", token).status == 404)
        #expect(try get(server, "/v1/state/x", token).status == 403)
        let rows = try server.token("b", .reader, scope: ["projection=x"])
        #expect(try get(server, "/v1/proof/1", rows).status == 403)
        #expect(try get(server, "/v1/state/y", rows).status == 403)
        #expect(try get(server, "/v1/state/x", rows).status == 404)
    }

    @Test("a scoped token appends what is inside its scope alone, in a batch, too")
    func append() throws {
        let server = try APIServer()
        let token = try server.token("a", .ingest, scope: ["source=till", "type=till.*"])
        func event(_ source: String, _ type: String) -> String {
            #"{"specversion":"1.0","id":"1","source":"\#(source)","type":"\#(type)"}"#
        }
        for (source, type, status) in [
            ("till", "till.closed", 201), ("till", "other", 403), ("shop", "till.closed", 403),
            ("*", "till.*", 403),
        ] {
            let reply = try server.send("/v1/events", token: token, body: event(source, type))
            #expect(reply.status == status, "\(reply.text)")
        }
        let before = try server.lines().count
        let batch = "[\(event("till", "till.a")),\(event("shop", "till.a"))]"
        let reply = try server.send("/v1/events", token: token, body: batch)
        #expect(reply.status == 403)
        #expect(reply.word == "out-of-scope")
        #expect(try server.lines().count == before)
        #expect(
            try server.send(
                "/v1/calls",
                token: token,
                body: #"{"service":"xero","method":"GET","path":"/a","status":200}"#
            ).status != 201
        )
    }

    @Test(
        "what is no question is refused, and no secret in it is told",
        arguments: [
            "/v1/events?limit=0", "/v1/events?limit=1001", "/v1/events?limit=x",
            "/v1/events?after=-1", "/v1/events?since=soon", "/v1/events?token=dbk_secret",
            "/v1/events?source=a&source=b", "/v1/events/x", "/v1/events/1/2", "/v1/events/",
            "/v1/events/1?body=maybe", "/v1/proof", "/v1/state", "/v1/state/a/b/c",
            "/v1/state/a?as-at=1&as-of=2h", "/v1/state/a?as-at=never", "/v1/events?source=%FF",
            "/v1/events?source=\(String(repeating: "a", count: 9000))",
            "/v1/events/18446744073709551616",
        ]
    )
    func malformed(path: String) throws {
        let server = try APIServer()
        let token = try server.token("a", .admin)
        let reply = try get(server, path, token)
        #expect([400, 404].contains(reply.status), "\(reply.status)")
        #expect(!reply.text.contains("dbk_secret"))
        #expect(try reads(server).isEmpty)
    }

    @Test("an event is told whole: its exact line, its meta and its content; or without its body")
    func event() throws {
        let server = try APIServer()
        try fill(server)
        let token = try server.token("a", .auditor)
        let reply = try get(server, "/v1/events/2", token)
        #expect(reply.members["leafhash"] as? String == (try server.leaf(2)))
        #expect(reply.members["content"] as? String == #"{"n":1}"#)
        #expect((reply.members["line"] as? [String: Any])?["id"] as? String == "e1")
        let bare = try get(server, "/v1/events/2?body=no", token)
        #expect(bare.members["content"] == nil && bare.members["meta"] == nil)
        let proof = try get(server, "/v1/proof/2", token)
        #expect((proof.members["proof"] as? String)?.hasPrefix("c2sp.org/tlog-proof") == true)
    }
}
