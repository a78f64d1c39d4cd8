import Foundation
import Testing

@Suite("The log listed") struct LogTests {
    /// A ledger with a few events of several kinds.
    private func withEvents(_ body: (Trial) throws -> Void) throws {
        try withTrial { trial in
            let facts = [
                Fact(id: "f1", type: "stock.counted"), Fact(id: "f2", type: "stock.moved"),
                Fact(id: "f3", source: "pos", type: "till.closed"),
                Fact(id: "f1", type: "stock.counted"),
                Fact(id: "f2", type: "stock.moved", data: "{}"),
            ]
            let text = facts.map { $0.json + "\n" }.joined()
            _ = try trial.daybook("import", "-", input: text)
            for (id, subject) in [("g1", "item:A1"), ("g2", "item:B2")] {
                try trial.daybook(
                    "append",
                    "--source",
                    "ops",
                    "--type",
                    "item.named",
                    "--id",
                    id,
                    "--subject",
                    subject
                )
            }
            try body(trial)
        }
    }

    static let filters: [(options: String, sequences: [Int])] = [
        ("--source pos", [3]), ("--source po", []), ("--type stock.counted", [1, 4]),
        ("--type stock.*", [1, 2, 4, 5]), ("--type *ed --outcome accepted", [0, 1, 2, 3, 6, 7]),
        ("--type *.c*", [0, 1, 3, 4]), ("--type s", []), ("--outcome duplicate", [4]),
        ("--outcome conflict", [5]), ("--kind admin", [0]), ("--kind webhook", []),
        ("--subject item:*", [6, 7]), ("--subject item:A1", [6]), ("--limit 2", [6, 7]),
        ("-n 1", [7]), ("--limit 0", Array(0...7)), ("--limit 100", Array(0...7)),
        ("--source ops --limit 1", [7]), ("--type stock.* -n 2", [4, 5]),
        ("--since 1h", Array(0...7)), ("--since 2100-01-01", []), ("--until 2020-01-01", []),
        ("--since 2020-01-01T00:00:00Z --until 2100-01-01T00:00:00+02:00", Array(0...7)),
        ("--since 1d --until 1h", []), ("--until 1h --limit 2", []),
    ]

    @Test("is filtered by what its events say")
    func filtering() throws {
        try withEvents { trial in
            for (options, sequences) in Self.filters {
                let words = options.split(separator: " ").map(String.init)
                let finished = try trial.run([Trial.program, "log"] + words)
                #expect(finished.status == 0, "\(options)")
                let found = finished.rows.compactMap { Int($0["sequence"] ?? "") }
                #expect(found == sequences, "\(options)")
            }
        }
    }

    @Test("since includes the moment it names, until leaves it out")
    func moments() throws {
        try withEvents { trial in
            let events = try trial.log()
            let moment = try #require(events[6]["recordedtime"])
            #expect(try trial.log("--since", moment).count == 2)
            #expect(try trial.log("--until", moment).count == 6)
        }
    }

    @Test("each format can be read by others")
    func formats() throws {
        try withEvents { trial in
            let lines = try trial.daybook("log", "--format", "ndjson")
            #expect(lines.rows.count == 8)
            #expect(lines.output == (try trial.daybook("log").output))
            let json = try trial.daybook("log", "--format", "json")
            let array = try JSONSerialization.jsonObject(with: Data(json.bytes)) as? [[String: Any]]
            #expect(array?.map { "\($0["id"] ?? "")" } == lines.rows.map { $0["id"] ?? "" })
            let csv = try trial.daybook("log", "--format", "csv").output
            let records = csv.split(separator: csv.contains("\r\n") ? "\r\n" : "\n")
                .map { $0.split(separator: ",", omittingEmptySubsequences: false) }
            #expect(records.count == 9)
            #expect(Set(records.map(\.count)).count == 1)
            let column = try #require(records.first?.firstIndex(of: "id"))
            #expect(records.dropFirst().map { String($0[column]) } == lines.rows.map { $0["id"] })
            let table = try trial.daybook("log", "--format", "table").output
            #expect(table.hasPrefix("SEQ  RECORDED"))
            #expect(table.split(separator: "\n").count == 9)
        }
    }

    @Test(
        "nothing found is a list of nothing in each format",
        arguments: [
            ("ndjson", 0), ("json", 1), ("csv", 1), ("table", 1),
        ]
    )
    func nothing(format: String, lines: Int) throws {
        try withTrial { trial in
            let finished = try trial.daybook("log", "--source", "none", "--format", format)
            #expect(finished.status == 0)
            #expect(finished.output.split(separator: "\n").count == lines)
            if format == "json" {
                let array = try JSONSerialization.jsonObject(with: Data(finished.bytes)) as? [Any]
                #expect(array?.isEmpty == true)
            }
        }
    }

    @Test("a sender's control characters do not reach a terminal")
    func controlCharacters() throws {
        try withTrial { trial in
            try trial.daybook("append", "--source", "ops", "--type", "a\u{1b}[31m\u{7}\nb")
            let table = try trial.daybook("log", "--format", "table").bytes
            #expect(!table.contains(0x1b))
            #expect(!table.contains(0x07))
            #expect(table.filter { $0 == 10 }.count == 3)
            #expect(try trial.log("--source", "ops").first?["type"] == "a\u{1b}[31m\u{7}\nb")
        }
    }

    @Test("--follow shows what comes in, of what was asked for", arguments: ["ndjson", "table"])
    func follow(format: String) throws {
        try withTrial { trial in
            let server = try trial.serve()
            let (following, name) = try trial.start([
                Trial.program, "log", "--follow", "--format", format, "--source", "stripe",
            ])
            #expect(try server.send(.stripe(id: "evt_first")).status == 200)
            #expect(try server.send(.standard(id: "msg_other")).status == 200)
            try eventually("first event") {
                try trial.read("\(name).out").contains("evt_first") ? true : nil
            }
            #expect(try server.send(.stripe(id: "evt_second")).status == 200)
            try eventually("second event") {
                try trial.read("\(name).out").contains("evt_second") ? true : nil
            }
            let output = try trial.read("\(name).out")
            #expect(!output.contains("msg_other"))
            // Once as the id and once in the subject.
            #expect(output.components(separatedBy: "evt_first").count == 3)
            #expect(following.isRunning)
            following.signal(SIGTERM)
            #expect(following.wait() == 128 + SIGTERM)
        }
    }
}
