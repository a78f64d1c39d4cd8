import Foundation
import Testing

@Suite("Two views of one moment") struct BothTests {
    /// Whether JSON says so, however it is read.
    private func isTrue(_ text: String?) -> Bool { ["1", "true"].contains(text) }

    @Test("state --both shows what was known beside what was true, and marks what differs")
    func both() throws {
        try withOrders { trial in
            // At s4 it was known that o2 is cancelled, and what it cost by then.
            let moment = "2026-01-02T11:00:00Z"
            let known = try trial.line("state orders o2 --both 2 --format json")
            let row = row(Data(known.output.utf8))
            #expect(row["order"] == "o2" && row["shop.known"] == nil, "\(known)")
            #expect(row["shop.true"] == "cancelled" && isTrue(row["differs"]))
            let list = try trial.line("state orders --both 3 --format table")
            #expect(list.status == 0 && list.output.contains("≠"), "\(list)")
            #expect(list.output.contains("rows differ, shown as KNOWN ≠ TRUE"))
            let one = try trial.line("state orders o2 --both \(moment) --format table")
            // Nothing was recorded by then, but it had occurred.
            #expect(one.output.contains("no row"), "\(one)")
            let only = try trial.line("state orders --both \(moment) --differing")
            #expect(only.rows.count == 2, "\(only)")
            #expect(only.rows.allSatisfy { isTrue($0["differs"]) })
        }
    }

    @Test(
        "state --both refuses what makes no sense with it",
        arguments: [
            "--both 3 --as-at 3", "--both 3 --as-of 2026-01-01", "--both 3 --waiting", "--both x",
            "--differing", "o1 --both 3 --where status=open",
        ]
    )
    func refused(words: String) throws {
        try withOrders { trial in
            let finished = try trial.line("state orders \(words)")
            #expect(finished.status == 2, "\(finished)")
        }
    }
}

@Suite("Corrections") struct CorrectTests {
    private func withReadCorrections(_ test: (Trial) throws -> Void) throws {
        try withTrial { trial in
            try FileManager.default.removeItem(atPath: "\(trial.ledger)/projections")
            try trial.define(["source: shop, type": "source: [shop, corrections], type"])
            try trial.take(ProjectionTrial.first)
            try test(trial)
        }
    }

    private static let right =
        #"{"id":"o1","status":"paid","total":"99.00","currency":"EUR","#
        + #""tag":"t2","units":2,"at":"2026-01-01T10:00:00Z"}"#

    private func correct(_ trial: Trial, _ more: String...) throws -> Finished {
        try trial.run(
            [
                Trial.program, "correct", "--supersedes", "1", "--reason", "the shop was wrong",
                "--data", Self.right,
            ] + more
        )
    }

    @Test("a correction is shown first, then appended, and rows follow it; nothing else changes")
    func corrected() throws {
        try withReadCorrections { trial in
            let size = try trial.log().count
            let shown = try correct(trial)
            #expect(shown.status == 0, "\(shown)")
            let changes = shown.rows.map { $0["column"] ?? "" }
            #expect(changes == ["shop", "total"], "\(shown)")
            #expect(try trial.log().count == size)
            let done = try correct(trial, "--approved-by", "anna", "--yes")
            #expect(done.status == 0, "\(done)")
            let row = row(Data(try trial.output("state orders o1 --format json").utf8))
            #expect(row["shop"] == "paid" && row["total"]?.contains("99") == true, "\(row)")
            let log = try trial.log("--source", "corrections")
            #expect(log.first?["id"] == "s1~001" && log.first?["kind"] == "fact")
            #expect(log.first?["causationid"] == "00000000000000000001")
            #expect(log.first?["reason"] == "the shop was wrong")
            let told = try trial.log("--type", "daybook.corrected")
            #expect(told.count == 1)
            let body = try trial.output("show \(done.rows[0]["recorded"] ?? "") --body")
            #expect(body.contains(#""approved_by":"said:anna""#), "\(body)")
            #expect(body.contains(#""supersedes":1"#))
            #expect(try trial.isSound())
            // Who looks at the event sees what superseded it.
            #expect(try trial.output("trace 1 --format table").contains("s1~001"))
        }
    }

    @Test("an approver must be somebody else, and a token that is good and may approve")
    func approval() throws {
        try withReadCorrections { trial in
            let user = try trial.shell("id -un").output.split(separator: "\n")[0]
            let own = try correct(trial, "--approved-by", String(user), "--yes")
            #expect(own.status == 3 && own.error.contains("cannot approve"), "\(own)")
            for (name, role) in [("boss", "admin"), ("robot", "gateway")] {
                let made = try trial.daybook("tokens", "create", name, "--role", role)
                let token = made.output.trimmingCharacters(in: .newlines)
                try #require(made.status == 0 && token.hasPrefix("dbk_"), "\(made)")
                trial.environment["TOKEN_\(role.uppercased())"] = token
            }
            trial.environment["TOKEN_NONE"] = "dbk_nonsense"
            for name in ["GATEWAY", "NONE"] {
                let refused = try correct(trial, "--approved-by", "env:TOKEN_\(name)", "--yes")
                #expect(refused.status == 3, "\(refused)")
            }
            let good = try correct(trial, "--approved-by", "env:TOKEN_ADMIN", "--yes")
            #expect(good.status == 0, "\(good)")
            let body = try trial.output("show \(good.rows[0]["recorded"] ?? "") --body")
            #expect(body.contains(#""approved_by":"token:boss""#))
            #expect(try trial.daybook("tokens", "revoke", "boss").status == 0)
            let revoked = try correct(trial, "--approved-by", "env:TOKEN_ADMIN", "--yes")
            #expect(revoked.status == 3, "\(revoked)")
        }
    }

    @Test("a correction that no definition reads is said to be read by none")
    func unread() throws {
        try withOrders { trial in
            let shown = try correct(trial)
            #expect(shown.status == 0 && shown.rows.isEmpty)
            #expect(shown.error.contains("no definition reads it"), "\(shown)")
        }
    }

    @Test(
        "what cannot be corrected is refused, and the log stays as it is",
        arguments: [
            ("--supersedes 0 --reason x --data {}", 3, "kind admin"),
            ("--supersedes 999 --reason x --data {}", 3, "there is no event 999"),
            ("--supersedes 1 --reason x --data {", 2, "no JSON"),
            ("--supersedes 1 --reason x --data []", 2, "a list"),
            ("--supersedes 1 --reason x --data 7", 2, "a single value"),
            ("--supersedes 1 --reason x --data @absent.json", 3, "absent.json"),
            ("--supersedes 1 --data {}", 2, "--reason"),
            (#"--supersedes 1 --reason x --data {"id":"o1"}"#, 3, "could not read it"),
        ]
    )
    func refused(words: String, status: Int32, text: String) throws {
        try withReadCorrections { trial in
            let size = try trial.log().count
            let finished = try trial.line("correct --yes \(words)")
            #expect(finished.status == status, "\(finished)")
            #expect(finished.error.contains(text), "\(finished)")
            #expect(try trial.log().count == size)
        }
    }
}

@Suite("The keys' list") struct KeysListTests {
    @Test("says of each key when it was made and retired, and which checkpoints it signs")
    func ranges() throws {
        try withTrial(projections: []) { trial in
            #expect(try trial.daybook("keys", "rotate").status == 0)
            #expect(try trial.daybook("keys", "rotate").status == 0)
            let keys = try trial.daybook("keys", "list").rows
            #expect(keys.map { $0["from"] } == ["1", "3", "4"])
            // The newest has signed nothing so far.
            #expect(keys.map { $0["until"] } == ["2", "3", nil])
            #expect(keys.map { $0["state"] } == ["retired", "retired", "signing"])
            #expect(keys.map { $0["sequence"] } == ["0", "1", "2"])
            #expect(keys[0]["retired"] == keys[1]["created"])
            #expect(keys[2]["retired"] == nil)
            let times = try trial.log().map { $0["recordedtime"] }
            #expect(keys.map { $0["created"] } == times)
            #expect(try trial.daybook("append", input: Fact(id: "f1").json).status == 0)
            #expect(try trial.daybook("keys", "list").rows.last?["until"] == "4")
        }
    }
}
