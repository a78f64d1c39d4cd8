import Foundation
import Testing

@Suite("Evidence") struct EvidenceTests {
    private func withFacts(_ body: (Trial) throws -> Void) throws {
        try withTrial(projections: ["order-status"]) { trial in
            for id in ["a", "b", "c"] { try trial.daybook("append", input: Fact(id: id).json) }
            try body(trial)
        }
    }

    @Test("is exported, verified without the ledger, and made again byte for byte")
    func bundle() throws {
        try withFacts { trial in
            let out = trial.path("e.tar.zst")
            let made = try trial.daybook("export", "--out", out, "--purpose", "audit FY26")
            try #require(made.status == 0, "\(made)")
            let report = try #require(made.rows.first?["report"])
            let record = try trial.log("--type", "daybook.report")
            #expect(record.count == 1)
            #expect(record.first?["sequence"]?.hasSuffix(report) == true)

            #expect(try trial.daybook("export", "--out", out).status == 2)
            let again = try trial.daybook("rerun", report, "--compare", out)
            #expect(again.status == 0, "\(again)")
            #expect(again.output == "same bytes\n")

            let key = try trial.daybook("keys", "list").rows.first?["vkey"] ?? ""
            let same = try trial.daybook("verify", out, "--same-ledger", "--format", "table")
            #expect(same.output.hasPrefix("SOUND  shop.example.com/log"))
            #expect(same.status == 0)
            // Nothing of the ledger is needed.
            try trial.shell("mv ledger elsewhere")
            let verified = try trial.daybook("verify", out, "--key", key)
            #expect(verified.status == 0, "\(verified)")
            #expect(verified.rows.first?["verdict"] == "sound")
            #expect(try trial.daybook("verify", out, "--same-ledger").status == 3)
        }
    }

    @Test("that was damaged, cut off or made by another ledger is refused, and why")
    func refused() throws {
        try withFacts { trial in
            let out = trial.path("e.tar.zst")
            try #require(try trial.daybook("export", "--out", out).status == 0)
            let bytes = try Data(contentsOf: URL(filePath: out))
            let cut = try trial.write(Array(bytes.dropLast(9)), to: "cut.tar.zst")
            let unreadable = try trial.daybook("verify", cut)
            #expect(unreadable.status == 3)
            #expect(unreadable.output.contains("cut off"))
            let more = try trial.write(Array(bytes) + [0], to: "more.tar.zst")
            #expect(try trial.daybook("verify", more).status == 1)
            #expect(try trial.daybook("verify", trial.path("none")).status == 3)
            #expect(try trial.daybook("verify", out, "--from", "1").status == 2)
            #expect(try trial.daybook("verify", "--same-ledger").status == 2)

            let other = ["--ledger", trial.path("other")]
            _ = try trial.run([Trial.program, "init", "--origin", "other/log"] + other)
            let foreign = try trial.run([Trial.program, "verify", out, "--same-ledger"] + other)
            #expect(foreign.status == 3)
            #expect(foreign.error.contains("from another ledger"))
        }
    }

    @Test(
        "is asked for in ways that are refused, and why",
        arguments: [
            ("export", "--out"), ("export --period 2026-13 --out x", "is no period"),
            ("export --at 2000 --out x", "there is no size 2000"),
            ("export --out x --csv --cloudevents", "forms of their own"),
            ("export --out x --csv --proofs", "forms of their own"),
            ("export --out x --redacted --no-bodies", "choose one"),
            ("rerun 1 --out x", "is no report"), ("rerun 1", "--compare"),
        ]
    )
    func usage(line: String, expected: String) throws {
        try withFacts { trial in
            let words = line.split(separator: " ").map(String.init)
            let finished = try trial.run([Trial.program] + words)
            #expect(finished.status == 2, "\(finished)")
            #expect(finished.error.contains(expected), "\(finished)")
            #expect(!FileManager.default.fileExists(atPath: trial.path("x")))
        }
    }

    @Test("is plain rows or CloudEvents where a program asks for them")
    func plain() throws {
        try withFacts { trial in
            let csv = try trial.daybook("export", "--csv", "--type", "daybook.ledger.created")
            #expect(csv.output.hasPrefix("sequence,recordedtime,"))
            #expect(csv.output.components(separatedBy: "\r\n").count == 3)
            let events = try trial.daybook("export", "--cloudevents", "--out", "-")
            #expect(events.rows.count >= 4)
            #expect(try trial.log("--type", "daybook.report").count == 2)
            #expect(try trial.isSound())
        }
    }
}
