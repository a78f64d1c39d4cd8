import Foundation
import Testing

@Suite("A replay into another ledger") struct ReplayIntoTests {
    @Test("has the same events and rows under another key and origin, and production says so")
    func copied() throws {
        try withOrders { trial in
            let digest = try trial.output("projections digest orders")
            let before = try trial.log()
            let copy = trial.path("copy")
            let finished = try trial.line("replay --into \(copy)")
            #expect(finished.status == 0, "\(finished)")
            let said = try #require(finished.rows.first)
            #expect(said["origin"] == "replay-of/shop.example.com/log")
            #expect(said["bodies_gone"] == "0")
            let leftOut = Int(said["own_left_out"] ?? "") ?? 0
            #expect(Int(said["copied"] ?? "") == before.count - leftOut)
            // Production has one event more, which tells where to.
            let after = try trial.log()
            #expect(after.count == before.count + 1)
            #expect(after.last?["type"] == "daybook.replayed")
            #expect(after.last?["subject"]?.hasSuffix("/copy") == true)

            let key = try trial.daybook("keys", "list", "--ledger", copy).rows[0]["vkey"]
            #expect(key != (try trial.daybook("keys", "list").rows[0]["vkey"]))
            #expect(try trial.daybook("verify", "--ledger", copy).status == 0)
            let again = try trial.daybook("projections", "digest", "orders", "--ledger", copy)
            #expect(again.output == digest, "\(again)")
            // The events are those of before: same bodies, outcomes and ids; causes have moved.
            let events = try trial.daybook("log", "--ledger", copy, "--format", "ndjson").rows
            let theirs = events.filter { $0["source"] != "daybook" }
            let ours = before.filter { $0["source"] != "daybook" }
            for name in ["id", "source", "type", "outcome", "bodyhash", "correlationid"] {
                #expect(theirs.map { $0[name] } == ours.map { $0[name] }, "\(name)")
            }
            let duplicate = theirs.first { $0["outcome"] == "duplicate" }
            let first = events.first { $0["id"] == duplicate?["id"] }
            #expect(duplicate?["causationid"] == first?["sequence"])
            // What is done there is not done here.
            let fact = Fact(id: "new").json
            #expect(try trial.daybook("append", "--ledger", copy, input: fact).status == 0)
            #expect(try trial.log().count == after.count)
        }
    }

    @Test("takes a part of the log, and refuses a folder that is there")
    func refused() throws {
        try withOrders { trial in
            let part = try trial.line("replay --from 2 --to 4 --source shop --into part")
            #expect(part.status == 0 && part.rows.first?["copied"] == "2", "\(part)")
            let size = try trial.log().count
            for folder in ["part", "ledger", "."] {
                let again = try trial.line("replay --into \(folder)")
                #expect(again.status == 3 && again.error.contains("is there already"), "\(again)")
            }
            #expect(try trial.log().count == size)
            let missing = try trial.line("replay --into no/such/../\u{1}")
            #expect(missing.status == 3 || missing.status == 0, "\(missing)")
        }
    }

    @Test(
        "is asked for in words that make sense",
        arguments: [
            "--into copy --to http://127.0.0.1:1/", "--into copy --speed 2", "--into copy --yes",
            "--to 3 --to 4", "--to http://a/ --to http://b/", "--to ftp://a/", "--to -1",
            "--rate 5", "--secret plain:x", "--yes", "--to http://a/ --limit 5",
        ]
    )
    func usage(words: String) throws {
        try withTrial(projections: []) { trial in
            let finished = try trial.line("replay \(words)")
            #expect(finished.status == 2, "\(finished)")
            #expect(try trial.log().count == 1)
        }
    }
}

/// An endpoint under test: a program that writes down what it gets, a JSON object a line.
private let endpoint = """
    import http.server, json, sys
    class Taker(http.server.BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"])).decode()
            seen = {"path": self.path, "body": body}
            seen.update({name.lower(): value for name, value in self.headers.items()})
            with open("seen", "a") as file:
                file.write(json.dumps(seen) + "\\n")
            self.send_response(500 if "bad" in body else 204)
            self.end_headers()
        def log_message(self, *words):
            pass
    server = http.server.HTTPServer(("127.0.0.1", 0), Taker)
    print(server.server_port, flush=True)
    server.serve_forever()
    """

@Suite("A replay to an endpoint") struct ReplayToTests {
    private func withEndpoint(_ test: (Trial, String) throws -> Void) throws {
        try withTrial(projections: []) { trial in
            let server = try trial.serve()
            for id in ["evt_1", "evt_2"] {
                #expect(try server.send(.stripe(id: id)).status == 200)
            }
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            #expect(try server.send(.stripe(id: "evt_3", secret: "wrong")).status == 401)
            server.stop()
            try trial.write(endpoint, to: "endpoint.py")
            let (_, name) = try trial.start(["python3", "endpoint.py"])
            let port = try eventually("port") {
                try Int(trial.read("\(name).out").split(separator: "\n").first ?? "")
            }
            try test(trial, "http://127.0.0.1:\(port)/hooks/stripe?key=secret")
        }
    }

    @Test("is only listed at first, then sends what came, signed anew and named as a replay")
    func sent() throws {
        try withEndpoint { trial, url in
            let size = try trial.log().count
            let listed = try trial.daybook("replay", "--to", url)
            #expect(listed.status == 0 && listed.rows.count == 2, "\(listed)")
            #expect(listed.error.contains("left out: 1 duplicate, 1 no webhook, 1 rejected"))
            #expect(!listed.error.contains("key=secret"))
            #expect(try trial.log().count == size)

            trial.environment["TEST_SECRET"] = "whsec_" + base64(Array("a test secret".utf8))
            let words = ["--to", url, "--allow-private", "--secret", "env:TEST_SECRET", "--yes"]
            let sent = try trial.run([Trial.program, "replay", "--rate", "200"] + words)
            #expect(sent.status == 0, "\(sent)")
            #expect(sent.rows.map { $0["status"] } == ["204", "204"])
            let seen = try trial.read("seen").split(separator: "\n").map { row(Data($0.utf8)) }
            #expect(seen.map { $0["daybook-replay"] } == ["1", "2"])
            for (place, request) in seen.enumerated() {
                let body = try trial.output("show \(place + 1) --body")
                #expect(request["body"] == body)
                #expect(request["path"] == "/hooks/stripe?key=secret")
                // Its own headers, too: the first signature stays to be looked at.
                #expect(request["stripe-signature"]?.hasPrefix("t=") == true)
                #expect(request["content-type"] == "application/json")
                let id = try #require(request["webhook-id"])
                let time = try #require(request["webhook-timestamp"])
                let signed = Array("\(id).\(time).\(body)".utf8)
                let code = base64(hmac(Array("a test secret".utf8), signed))
                #expect(request["webhook-signature"] == "v1,\(code)")
            }
            let told = try #require(try trial.log().last)
            #expect(told["type"] == "daybook.replayed" && told["records"] == "2")
            #expect(told["subject"]?.contains("secret") == false, "\(told)")
        }
    }

    @Test("what the endpoint does not take is told, and stands in the exit status")
    func failed() throws {
        try withEndpoint { trial, url in
            let dead = "http://127.0.0.1:1/"
            let words = ["--secret", "plain:x", "--yes", "--rate", "200"]
            let none = try trial.run(
                [Trial.program, "replay", "--allow-private", "--to", dead] + words
            )
            #expect(none.status == 1, "\(none)")
            #expect(none.rows.count == 2 && none.rows.allSatisfy { $0["problem"] != nil })
        }
    }

    @Test("without leave nothing private is reached, and without a secret nothing is sent")
    func refused() throws {
        try withEndpoint { trial, url in
            let size = try trial.log().count
            let secret = ["--secret", "plain:x"]
            for (words, status) in [
                (["--allow-private"], 2), (["--allow-private", "--rate", "0"] + secret, 2),
                (["--allow-private", "--rate", "9999"] + secret, 2),
                (["--allow-private", "--rate", "x"] + secret, 2),
                (["--allow-private", "--secret", "env:ABSENT"], 2),
            ] {
                let finished = try trial.run(
                    [Trial.program, "replay", "--yes", "--to", url] + words
                )
                #expect(finished.status == Int32(status), "\(words): \(finished)")
            }
            #expect(try trial.log().count == size)
            let host = url.replacing("http:", with: "https:")
            for target in [url, host] {
                let words = ["replay", "--yes", "--to", target, "--rate", "200"] + secret
                let finished = try trial.run([Trial.program] + words)
                #expect(finished.status == 1, "\(finished)")
                #expect(finished.rows.allSatisfy { $0["status"] == nil }, "\(finished)")
            }
            #expect(throws: (any Error).self) { try trial.read("seen") }
        }
    }
}
