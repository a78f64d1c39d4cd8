import Foundation
import Testing

/// Reconciliation by the program, with a real provider's server behind a real gateway.
@Suite("Reconciliation") struct ReconcileTests {
    /// A provider that lists five events, two a page, and is busy at first.
    private static let provider = #"""
        import http.server, json, urllib.parse
        events = [{"id": f"evt_{n}", "object": "event", "type": "charge.succeeded",
                   "created": 1791194400 + n, "data": {"object": {"id": f"ch_{n}",
                   "object": "charge", "amount": 100 + n, "currency": "eur",
                   "status": "succeeded"}}} for n in range(5, 0, -1)]
        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *words): pass
            def do_GET(self):
                query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.path).query))
                after = query.get("starting_after")
                start = 1 + [e["id"] for e in events].index(after) if after else 0
                page = {"object": "list", "data": events[start:start + 2],
                        "has_more": start + 2 < len(events)}
                known = self.headers.get("Authorization") == "Bearer sk_provider"
                body = json.dumps(page, indent=1).encode()
                self.send_response(200 if known else 401)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)
        server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
        print(server.server_port, flush=True)
        server.serve_forever()
        """#

    private func port(_ trial: Trial) throws -> String {
        let file = try trial.write(Self.provider, to: "provider.py")
        let (child, name) = try trial.start(["python3", "-u", file])
        return try eventually("provider") { () -> String? in
            try #require(child.isRunning)
            let text = (try? trial.read("\(name).out")) ?? ""
            return text.hasSuffix("\n") ? text.trimmingCharacters(in: .whitespacesAndNewlines) : nil
        }
    }

    @Test("a list is fetched through the gateway, and what is missing appended once")
    func throughGateway() throws {
        try withTrial(projections: []) { trial in
            let configuration = """
                origin: shop.example.com/log
                services:
                  stripe:
                    base: "http://127.0.0.1:\(try port(trial))"
                    auth: { bearer: "plain:sk_provider" }
                    allow_private: true

                """
            try trial.write(configuration, to: "ledger/daybook.yaml")
            let made = try trial.daybook("tokens", "create", "auditor", "--role", "gateway")
            try #require(made.status == 0, "\(made)")
            try trial.write(made.output, to: "token")
            let server = try trial.serve()
            for round in 0..<2 {
                let finished = try trial.daybook(
                    "reconcile",
                    "provider",
                    "stripe",
                    "--through-gateway",
                    "http://127.0.0.1:\(server.port)",
                    "--gateway-token-file",
                    "token",
                    "--append"
                )
                #expect(finished.status == (round == 0 ? 1 : 0), "\(finished)")
                #expect(finished.rows.count == (round == 0 ? 5 : 0), "\(finished)")
                #expect(!finished.error.contains("sk_provider"))
            }
            let facts = try trial.log("--source", "reconcile:stripe")
            #expect(facts.map { $0["id"] } == (1...5).map { "evt_\(6 - $0)" })
            #expect(Set(facts.map { $0["outcome"] }) == ["accepted"])
            // Three pages each time, every one of them a recorded call.
            #expect(try trial.log("--kind", "call").count == 6)
            #expect(try trial.log("--type", "daybook.report").count == 2)
            let wrong = try trial.daybook(
                "reconcile",
                "provider",
                "stripe",
                "--through-gateway",
                "http://127.0.0.1:\(server.port)",
                "--gateway-token-file",
                "ledger/daybook.yaml"
            )
            #expect(wrong.status == 3)
            #expect(wrong.error.contains("401"), "\(wrong)")
            #expect(try trial.isSound())
        }
    }

    @Test("orders are compared and the report is in the log before it is shown")
    func orders() throws {
        try withTrial(projections: ["order-status", "payments"]) { trial in
            let order = #"{"id":7,"status":"processing","date_modified_gmt":"2026-10-05T10:00:00","#
            let facts = [
                ("a", "order.created", "woocommerce", order + #""total":"10.00","currency":"EUR"}"#)
            ]
            for (id, type, source, data) in facts {
                let done = try trial.daybook(
                    "append",
                    "--source",
                    source,
                    "--type",
                    type,
                    "--id",
                    id,
                    "--data",
                    data
                )
                try #require(done.status == 0, "\(done)")
            }
            let finished = try trial.daybook("reconcile", "orders", "--tolerance", "0.05")
            #expect(finished.status == 0, "\(finished)")
            #expect(try trial.log("--type", "daybook.report").count == 1)
            #expect(try trial.daybook("reconcile", "orders", "--tolerance", "-1").status == 2)
            for arguments in [["--list", "x.csv"], ["--list", "no", "--id", "id"], []] {
                let bad = try trial.run(
                    [Trial.program, "reconcile", "provider", "stripe"] + arguments
                )
                #expect([2, 3].contains(bad.status), "\(bad)")
                #expect(bad.error.hasPrefix("daybook: "))
            }
        }
    }

    @Test("a hostile id is a harmless cell of our own CSV")
    func formulas() throws {
        try withTrial(projections: []) { trial in
            let list = try trial.write(
                "id\r\n\"=HYPERLINK(\"\"http://x\"\")\"\r\n@SUM(A1)\r\n\u{1b}[31mred\r\n",
                to: "list.csv"
            )
            let finished = try trial.daybook(
                "reconcile",
                "provider",
                "stripe",
                "--list",
                list,
                "--id",
                "id",
                "--format",
                "csv"
            )
            #expect(finished.status == 1)
            #expect(finished.output.contains("missing,\"'=HYPERLINK(\"\"http://x\"\")\","))
            #expect(finished.output.contains("missing,'@SUM(A1),"))
            #expect(!finished.output.contains("\u{1b}"))
        }
    }
}
