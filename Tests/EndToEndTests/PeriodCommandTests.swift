import Foundation
import Testing

/// What an auditor does with a period: population, sample, close, late, reopen.
@Suite("Periods at the command line") struct PeriodCommandTests {
    /// The month that the facts are recorded in.
    private static var month: String {
        let formatter = ISO8601DateFormatter()
        return String(formatter.string(from: Date()).prefix(7))
    }

    /// Draws again as the help of the command says it, from what `daybook log` lists.
    private static let python = """
        import hashlib, json, sys
        seed, n = sys.argv[1], int(sys.argv[2])
        all = [int(json.loads(line)["sequence"]) for line in sys.stdin]
        lot = lambda s: hashlib.sha256(seed.encode() + b"\\0" + s.to_bytes(8, "big")).hexdigest()
        print(sorted(sorted(all, key=lot)[:n]))
        """

    @Test("a population is a file that a sample is drawn from, and Python draws the same")
    func samples() throws {
        try withOrders { trial in
            let made = try trial.line("population --source shop --out p.json --purpose audit")
            try #require(made.status == 0, "\(made)")
            let file = row(Data(try trial.read("p.json").utf8))
            #expect(file["format"] == "daybook-population/v1" && file["query"] == "source=shop")
            #expect(try trial.log("--type", "daybook.report").map { $0["sequence"] }.count == 1)
            // A file that is there is not replaced unless that is said.
            #expect(try trial.line("population --out p.json").status == 2)
            #expect(try trial.line("population --source shop --out p.json --force").status == 0)
            let drawn = try trial.daybook(
                "sample",
                "--population",
                "p.json",
                "--n",
                "3",
                "--seed",
                "FY26 Q3",
                "--proofs",
                "proofs",
                "--format",
                "ndjson"
            )
            try #require(drawn.status == 0, "\(drawn)")
            let sequences = drawn.rows.compactMap { $0["sequence"].flatMap { Int($0) } }
            try trial.write(Self.python, to: "draw.py")
            let again = try trial.shell(
                "$DAYBOOK log --source shop --format ndjson | python3 draw.py 'FY26 Q3' 3"
            )
            #expect(again.output == "\(sequences)\n", "\(again)")
            let proofs = try FileManager.default.contentsOfDirectory(atPath: trial.path("proofs"))
            #expect(proofs.filter { $0.hasSuffix(".tlog-proof") }.count == 3)
            try Self.refusesSamples(trial)
            #expect(try trial.isSound())
        }
    }

    private static func refusesSamples(_ trial: Trial) throws {
        let text = try trial.read("p.json")
        try trial.write(text.replacing("shop.example.com", with: "other.example.com"), to: "o.json")
        let other = try trial.line("sample --population o.json --seed s")
        #expect(other.status == 3 && other.error.contains("another ledger"), "\(other)")
        let both = try trial.line("sample --population p.json --source pay --seed s")
        #expect(both.status == 2 && both.error.contains("--source"), "\(both)")
        #expect(try trial.line("sample --population nothing.json --seed s").status == 3)
        #expect(try trial.line("sample --seed s --strata 3").status == 2)
        #expect(try trial.line("sample --n 3").status == 2)
        let nothing = try trial.line("sample --seed s --source nobody")
        #expect(nothing.status == 3 && nothing.error.contains("nothing to draw from"))
    }

    @Test("a period is closed, its figures hold, and what comes after is late")
    func closes() throws {
        try withOrders { trial in
            let month = Self.month
            let open = try trial.line("close \(month)")
            #expect(open.status == 3 && open.error.contains("still open"), "\(open)")
            let future = try trial.line("close 2999")
            #expect(future.status == 3 && future.error.contains("unknown"), "\(future)")
            #expect(try trial.line("close october").status == 2)
            #expect(try trial.line("late \(month)").status == 3)
            let closed = try trial.daybook(
                "close",
                month,
                "--early",
                "--reason",
                "test",
                "--format",
                "csv"
            )
            try #require(closed.status == 0, "\(closed)")
            #expect(closed.output.contains("totals.events,"))
            let again = try trial.line("close \(month) --early --reason x")
            #expect(again.status == 3 && again.error.contains("closed already"), "\(again)")
            let list = try trial.line("close --list --format ndjson")
            #expect(list.rows.first?["state"] == "closed", "\(list)")
            try trial.take([
                ProjectionTrial.order(
                    "l1",
                    "o9",
                    "new",
                    "5.00",
                    units: 1,
                    at: "2026-01-05T10:00:00Z"
                )
            ])
            let late = try trial.line("late \(month) --format ndjson")
            #expect(late.rows.map { $0["id"] } == ["l1"], "\(late)")
            #expect(late.rows.first?["class"] == "late")
            let totals = try trial.output("late \(month) --totals --format csv")
            #expect(totals.contains("sum,5.00"), "\(totals)")
            #expect(try trial.line("close --check \(month)").status == 0)
            let shown = try trial.line("close --show \(month) --format json")
            #expect(row(Data(shown.bytes))["period"] == month, "\(shown)")
            let alone = try trial.daybook("reopen", month, "--reason", "more came")
            #expect(alone.status == 3 && alone.error.contains("DAYBOOK_TOKEN"), "\(alone)")
            #expect(try trial.isSound())
        }
    }

    @Test("gaps and retention are told, and a policy that cannot be read is a wrong configuration")
    func reports() throws {
        try withOrders { trial in
            let numbers = (1...30).filter { $0 != 7 }
            try trial.take(
                numbers.map {
                    #"{"specversion":"1.0","id":"n-\#($0)","source":"shop","type":"note"}"# + "\n"
                }
            )
            let gaps = try trial.line("gaps --type note --format ndjson")
            #expect(gaps.status == 1 && gaps.rows.map { $0["from"] } == ["7"], "\(gaps)")
            #expect(try trial.line("gaps --type order.said").status == 0)
            let rows = try trial.line("retention --format ndjson").rows
            #expect(
                rows.map { $0["class"] }.contains("facts") && rows.allSatisfy { $0["past"] == "0" }
            )
            try trial.write(
                try trial.read("ledger/daybook.yaml") + "retention: { hooks: 7y }\n",
                to: "ledger/daybook.yaml"
            )
            let wrong = try trial.line("retention")
            #expect(wrong.status == 2 && wrong.error.contains("hooks"), "\(wrong)")
        }
    }
}
