import Foundation
import Testing

/// A configuration that records reads, which those of other tests do not.
private let recording = Sources.configuration.replacing("reads: unrecorded\n", with: "")

@Suite("Who may what, and who read what") struct AccessTests {
    private func token(
        _ trial: Trial,
        _ name: String,
        _ role: String,
        _ options: String...
    ) throws
        -> String
    {
        let made = try trial.run(
            [Trial.program, "tokens", "create", name, "--role", role] + options
        )
        try #require(made.status == 0, "\(made)")
        return made.output.trimmingCharacters(in: .newlines)
    }

    private func fill(_ trial: Trial, _ count: Int) throws {
        let facts = (1...count).map { Fact(id: "f\($0)").json + "\n" }.joined()
        try #require(try trial.daybook("import", "-", input: facts).status == 0)
    }

    /// The reads that the log tells of, without reading it by a command that is recorded.
    private func reads(_ trial: Trial) throws -> [[String: String]] {
        let text = try trial.read("ledger/daybook.yaml")
        try trial.write(text + "reads: unrecorded\n", to: "ledger/daybook.yaml")
        defer { _ = try? trial.write(text, to: "ledger/daybook.yaml") }
        return try trial.log("--type", "daybook.read")
    }

    @Test("every read is an event, with who, what, how many rows and what for")
    func recorded() throws {
        try withTrial(configuration: recording) { trial in
            try fill(trial, 5)
            trial.environment["DAYBOOK_PURPOSE"] = "Q3 walk-through"
            #expect(try trial.daybook("log", "--type", "daybook.*", "--limit", "2").status == 0)
            #expect(try trial.daybook("show", "1", "--purpose", "a look").status == 0)
            #expect(try trial.daybook("trace", "1").status == 0)
            #expect(try trial.daybook("state", "order-status").status == 0)
            #expect(try trial.daybook("explain", "order-status", "nothing").status != 0)
            // What reads nothing of the log, and what is wrong, is not recorded.
            #expect(try trial.daybook("verify").status == 0)
            #expect(try trial.daybook("log", "--since", "whenever").status == 2)
            #expect(try trial.daybook("show", "99").status == 3)
            let reads = try reads(trial)
            #expect(reads.map { $0["method"] } == ["log", "show", "trace", "state", "explain"])
            try #require(reads.count == 5)
            #expect(reads[0]["path"] == "limit=2 type=daybook.*")
            #expect(reads[0]["records"] == "2")
            #expect(reads[0]["reason"] == "Q3 walk-through")
            #expect(reads[1]["reason"] == "a look")
            #expect(reads[1]["records"] == "1")
            #expect(reads[3]["path"] == "PROJECTION=order-status")
            #expect(reads[4]["records"] == "0")
            #expect(reads.allSatisfy { $0["authtype"] == "os-user" && $0["authid"] != nil })
            let listed = try trial.daybook("access-log", "--format", "ndjson")
            try #require(listed.rows.count == 5)
            #expect(listed.rows[1]["purpose"] == "a look")
            #expect(try trial.isSound())
        }
    }

    @Test("the event is in the log before the first byte of the answer, also of one that follows")
    func before() throws {
        try withTrial(configuration: recording) { trial in
            try fill(trial, 3)
            let (child, name) = try trial.start([
                Trial.program, "log", "--follow", "--format", "ndjson",
            ])
            try eventually("answer") {
                try trial.read("\(name).out").contains("daybook.read") ? true : nil
            }
            child.signal(SIGKILL)
            child.wait()
            let read = try #require(try reads(trial).first)
            #expect(read["records"] == nil)
            #expect(read["path"] == "follow")
        }
    }

    @Test("a long answer waits in a file that is gone afterwards, and comes whole and in order")
    func long() throws {
        try withTrial(configuration: recording) { trial in
            try trial.write("", to: "temporary/keep")
            trial.environment["TMPDIR"] = trial.path("temporary")
            try fill(trial, 6000)
            let finished = try trial.daybook("log", "--format", "ndjson")
            #expect(finished.status == 0)
            #expect(finished.bytes.count > 2 << 20)
            let sequences = finished.rows.compactMap { $0["sequence"].flatMap { Int($0) } }
            #expect(sequences == Array(0..<sequences.count))
            #expect(try reads(trial).last?["records"] == "\(sequences.count)")
            let left = try FileManager.default.contentsOfDirectory(
                atPath: trial.path("temporary")
            )
            #expect(left == ["keep"])
            // Where nothing can be held nothing is shown, and nothing is claimed to be.
            trial.environment["TMPDIR"] = trial.path("nowhere")
            let count = try reads(trial).count
            let refused = try trial.daybook("log", "--format", "ndjson")
            #expect(refused.status == 3)
            #expect(refused.bytes.isEmpty)
            #expect(refused.error.contains("temporary file"))
            #expect(try reads(trial).count == count)
        }
    }

    @Test("a reader that leaves early is no error, and is on record")
    func closedPipe() throws {
        try withTrial(configuration: recording) { trial in
            try fill(trial, 3000)
            let finished = try trial.shell(
                "{ $DAYBOOK log; echo \"status $?\" >&2; } | head -1"
            )
            #expect(finished.output.filter(\.isNewline).count == 1)
            #expect(finished.error == "status 0\n")
            #expect(try reads(trial).count == 1)
        }
    }

    @Test("where nothing can be appended the answer comes with a notice")
    func unrecordable() throws {
        try withTrial(configuration: recording) { trial in
            try fill(trial, 2)
            try FileManager.default.removeItem(atPath: trial.path("ledger/keys"))
            let finished = try trial.daybook("log", "--format", "ndjson")
            #expect(finished.status == 0)
            #expect(finished.rows.count == 4)
            #expect(finished.error.hasPrefix("daybook: this read is not recorded: "))
        }
    }

    @Test("secrets in a question never reach the log", arguments: ["--source", "--correlation"])
    func secrets(option: String) throws {
        try withTrial(configuration: recording) { trial in
            let token = try token(trial, "kpmg", "auditor")
            try trial.write(token + "\n", to: "token")
            #expect(
                try trial.daybook("log", option, token, "--token-file", trial.path("token"))
                    .status == 0
            )
            let read = try #require(try reads(trial).last)
            #expect(read["path"]?.contains("[redacted]") == true)
            #expect(read["authid"] == "kpmg")
            #expect(try trial.shell("grep -rl '\(token)' ledger state || true").output == "")
        }
    }

    @Test(
        "a token's role holds for every command of the table",
        arguments: [
            ("ingest", ["append", "import"]), ("gateway", []),
            ("reader", ["state", "explain", "diff", "verify", "prove", "keys list"]),
            (
                "auditor",
                [
                    "state", "explain", "diff", "verify", "prove", "keys list", "log", "show",
                    "trace",
                    "access-log", "changes", "sod", "tokens list",
                ]
            ),
            (
                "operator",
                [
                    "state", "explain", "diff", "verify", "prove", "keys list", "log", "trace",
                    "projections rebuild",
                ]
            ),
        ]
    )
    func roles(role: String, allowed: [String]) throws {
        try withTrial { trial in
            let commands = [
                "state order-status", "explain order-status x", "diff order-status --from 0 --to 0",
                "verify", "prove 0", "keys list", "log", "show 0", "trace 0", "access-log",
                "changes", "sod", "tokens list", "projections rebuild order-status",
                "append --type a --source b", "import /dev/null", "keys rotate",
                "tokens create x --role reader", "tokens revoke me", "serve", "restore --reason x",
                "deliveries retry x --dead",
            ]
            trial.environment["DAYBOOK_TOKEN"] = try token(trial, "me", role)
            for line in commands {
                let words = line.split(separator: " ").map(String.init)
                let finished = try trial.run([Trial.program] + words)
                let isRefused = finished.error.contains("the token me has the role \(role)")
                let isAllowed = allowed.contains { line == $0 || line.hasPrefix($0 + " ") }
                let isOperators = role == "operator" && line.hasPrefix("deliveries")
                #expect(isRefused != (isAllowed || isOperators), "\(line): \(finished)")
                if isRefused { #expect(finished.status == 3 && finished.output == "") }
            }
        }
    }

    @Test(
        "a token that is not good is refused, and not shown",
        arguments: [
            "dbk_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8ytDxng", "hunter2", "revoked",
        ]
    )
    func notGood(shown: String) throws {
        try withTrial { trial in
            var shown = shown
            if shown == "revoked" {
                shown = try token(trial, "old", "admin")
                #expect(try trial.daybook("tokens", "revoke", "old").status == 0)
            }
            trial.environment["DAYBOOK_TOKEN"] = shown
            let finished = try trial.daybook("log")
            #expect(finished.status == 3)
            #expect(finished.output == "" && !finished.error.contains(shown))
            // What touches no ledger needs no token.
            #expect(try trial.daybook("providers").status == 0)
        }
    }

    @Test("a scope holds at the command line, whatever is asked")
    func scope() throws {
        try withTrial { trial in
            try fill(trial, 3)
            let append = ["append", "--type", "till.closed", "--source"]
            let source = "till"
            try #require(try trial.run([Trial.program] + append + [source]).status == 0)
            trial.environment["DAYBOOK_TOKEN"] = try token(
                trial,
                "t",
                "auditor",
                "--scope",
                "source=till"
            )
            for options in [[], ["--source", "*"], ["--type", "*"], ["--limit", "0"]] {
                let rows = try trial.run(
                    [Trial.program, "log", "--format", "ndjson"] + options
                ).rows
                #expect(rows.map { $0["source"] } == ["till"], "\(options)")
            }
            #expect(try trial.daybook("show", "1").status == 3)
            for command in ["verify", "trace 1", "changes", "state order-status"] {
                let words = command.split(separator: " ").map(String.init)
                #expect(try trial.run([Trial.program] + words).status == 3, "\(command)")
            }
            trial.environment["DAYBOOK_TOKEN"] = nil
            trial.environment["DAYBOOK_TOKEN"] = try token(
                trial,
                "i",
                "ingest",
                "--scope",
                "source=till"
            )
            #expect(try trial.run([Trial.program] + append + ["till"]).status == 0)
            #expect(try trial.run([Trial.program] + append + ["shop"]).status == 3)
            trial.environment["DAYBOOK_TOKEN"] = nil
            let said = try trial.log("--source", "till").last
            #expect(said?["authid"] == "i")
            #expect(
                try trial.daybook(
                    "tokens",
                    "create",
                    "x",
                    "--role",
                    "admin",
                    "--scope",
                    "source=a"
                ).status == 2
            )
        }
    }

    @Test("a changed configuration is recorded by whoever comes next, and is listed")
    func configuration() throws {
        try withTrial(configuration: recording) { trial in
            try fill(trial, 1)
            try trial.write(
                recording + "listen: 127.0.0.1:9\n",
                to: trial.configurationFile
            )
            let before = try trial.daybook("changes", "--flagged", "--format", "ndjson").rows
            #expect(before.contains { $0["flags"] == "outside the tool" })
            try fill(trial, 1)
            let listed = try trial.daybook("changes", "--format", "ndjson")
            try #require(listed.rows.count == 3, "\(listed)")
            let rows = Array(listed.rows.suffix(2))
            #expect(rows.map { $0["detail"] } == ["first known", "changed: listen"])
            #expect(rows[1]["before"] == rows[0]["after"])
            #expect(rows[1]["who"]?.hasPrefix("os-user:") == true)
            let server = try trial.serve()
            server.stop()
            #expect(try trial.log("--type", "daybook.configuration.*").count == 2)
        }
    }

    @Test("who makes a token and shows it breaks a rule, and sod says so")
    func duties() throws {
        try withTrial(configuration: recording) { trial in
            #expect(try trial.daybook("sod").status == 0)
            let token = try token(trial, "mine", "auditor")
            trial.environment["DAYBOOK_TOKEN"] = token
            #expect(try trial.daybook("log").status == 0)
            trial.environment["DAYBOOK_TOKEN"] = nil
            let found = try trial.daybook("sod", "--conflicts", "--format", "ndjson")
            #expect(found.status == 1)
            #expect(found.rows.map { $0["rule"] } == ["own-token"])
            let table = try trial.daybook("sod", "--format", "table")
            #expect(table.status == 1)
            #expect(table.output.contains("ROTATE_KEY") && table.output.contains("own-token"))
        }
    }

    @Test("over HTTP a read is answered once it is on record")
    func http() throws {
        try withTrial(configuration: recording) { trial in
            try fill(trial, 3)
            let token = try token(trial, "kpmg", "auditor")
            let server = try trial.serve()
            var request = Request(method: "GET", target: "/v1/events?type=daybook.token.*")
            #expect(try server.send(request).status == 401)
            request.headers = [("Authorization", "Bearer \(token)")]
            let answer = try server.send(request)
            #expect(answer.status == 200)
            #expect(answer.text.contains("token:kpmg"))
            request.target = "/v1/state/order-status?limit=1"
            let rows = try server.send(request)
            #expect(rows.status == 200)
            #expect(rows.text.contains("\"projection\":\"order-status\""))
            request.target = "/v1/state/order-status?where=nothing=1"
            #expect(try server.send(request).status == 400)
            server.stop()
            #expect(
                try reads(trial).map { $0["method"] } == ["GET /v1/events", "GET /v1/state"]
            )
        }
    }
}
