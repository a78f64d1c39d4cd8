import Foundation
import Testing

@Suite("The command line of projections") struct ProjectionCommandTests {
    static let commands = [
        "state", "explain", "diff", "trace", "replay", "projections list", "projections status",
        "projections check", "projections rebuild", "projections diff", "projections promote",
        "projections rollback", "projections drop", "projections quarantine",
        "projections retry", "projections digest", "projections schema",
    ]

    @Test("every command's help shows how it is used, with an example", arguments: commands)
    func help(command: String) throws {
        try withTrial(makesLedger: false) { trial in
            let help = try trial.output("\(command) --help")
            #expect(help.hasPrefix("Usage: daybook \(command)"))
            #expect(help.contains("\nExample"))
            #expect(help.split(separator: "\n").allSatisfy { $0.count <= 80 })
        }
    }

    @Test("without a ledger they say how to make one", arguments: ["state a", "trace 1", "replay"])
    func noLedger(line: String) throws {
        try withTrial(makesLedger: false) { trial in
            let finished = try trial.line(line)
            #expect(finished.status == 3)
            #expect(finished.error.contains("make one with"))
        }
    }

    // MARK: - State

    @Test("state lists rows with every column by name, in each format")
    func rows() throws {
        try withOrders { trial in
            let o1 =
                #"{"order":"o1","shop":"placed","payment":"paid","#
                + #""total":{"amount":"12.50","currency":"EUR"},"tags":["t2","t3"],"units":3,"#
                + #""status":"open"}"#
            let o2 =
                #"{"order":"o2","shop":"cancelled","total":{"amount":"7.00","currency":"EUR"},"#
                + #""tags":["t1"],"units":1,"status":"cancelled"}"#
            let lines = try trial.output("state orders")
            #expect(lines == "\(o1)\n\(o2)\n")
            #expect(try trial.output("state orders --format json") == "[\n\(o1),\n\(o2)\n]\n")
            let csv = """
                order,shop,payment,total,tags,units,status\r
                o1,placed,paid,"{""amount"":""12.50"",""currency"":""EUR""}","[""t2"",""t3""]",3,open\r
                o2,cancelled,,"{""amount"":""7.00"",""currency"":""EUR""}","[""t1""]",1,cancelled\r

                """
            #expect(try trial.output("state orders --format csv") == csv)
            let table = """
                ORDER  SHOP       PAYMENT  TOTAL      TAGS    UNITS  STATUS
                o1     placed     paid     12.50 EUR  t2, t3  3      open
                o2     cancelled           7.00 EUR   t1      1      cancelled

                """
            #expect(try trial.output("state orders --format table") == table)
            #expect(try trial.output("state orders o1") == "\(o1)\n")
            #expect(try trial.output("state orders pi:7") == "\(o1)\n")
            let record = """
                order:   o1
                shop:    placed
                payment: paid
                total:   12.50 EUR
                tags:    t2, t3
                units:   3
                status:  open

                """
            #expect(try trial.output("state orders o1 --format table") == record)
        }
    }

    static let questions: [(options: String, keys: [String])] = [
        ("--where shop=placed", ["o1"]), ("--where shop!=placed", ["o2"]),
        ("--where shop=\"placed\"", ["o1"]), ("--where order=o2", ["o2"]),
        ("--where units=3 --where status=open", ["o1"]),
        ("--where units=3 --where status!=open", []), ("--where payment=", ["o2"]),
        ("--where payment!=", ["o1"]), ("--where tags=[\"t1\"]", ["o2"]),
        ("--where total={\"amount\":\"7.00\",\"currency\":\"EUR\"}", ["o2"]),
        ("--limit 1", ["o1"]), ("--limit 0", ["o1", "o2"]), ("-n 2", ["o1", "o2"]),
        ("--waiting", ["pi:9"]), ("--waiting --as-at 6", ["pi:7", "pi:9"]),
        ("--waiting --as-at 2", ["pi:7"]), ("--as-at 0", []), ("--as-at 1", ["o1"]),
        ("--as-at 3", ["o1", "o2"]), ("--as-at 3 --where status=cancelled", []),
        ("--as-at 4 --where status=cancelled", ["o2"]), ("--as-at 2020-01-01", []),
        ("--as-at 1h", []), ("--as-at 2100-01-01", ["o1", "o2"]),
        ("--as-of 2026-01-01", []), ("--as-of 2026-01-01T10:00:00Z", ["o1"]),
        ("--as-of 2026-01-01T10:00:00Z --where payment=paid", []),
        ("--as-of 2026-01-01T10:05:00Z --where payment=paid", ["o1"]),
        ("--as-of 2026-01-02T12:00:00Z --where shop=paid", ["o2"]),
    ]

    @Test("state chooses rows by what they say, and by the moment")
    func choosing() throws {
        try withOrders { trial in
            for (options, keys) in Self.questions {
                let finished = try trial.line("state orders \(options)")
                #expect(finished.status == 0, "\(options)")
                #expect(finished.rows.compactMap { $0["order"] } == keys, "\(options)")
            }
            let table = try trial.output("state orders --format table --limit 1")
            #expect(table.hasSuffix("\nthere are more; --limit 0 shows all\n"))
            let none = try trial.output("state orders --format table --where units=9")
            #expect(none == "no such rows\n")
        }
    }

    @Test("as-at a time includes what was recorded at that very moment")
    func recordedThen() throws {
        try withOrders { trial in
            let moment = try #require(try trial.log("--limit", "0")[6]["recordedtime"])
            let first = try trial.output("state orders --as-at 6")
            #expect(try trial.output("state orders --as-at \(moment)") == first)
            #expect(try trial.output("state orders o1 --as-at 6").contains(#""units":2"#))
            #expect(try !trial.output("state orders o1 --as-at 6").contains("payment"))
            let paid = try trial.output("state orders o1 --as-of 2026-01-01T10:05:00Z")
            #expect(paid.contains(#""payment":"paid""#) && paid.contains(#""units":2"#))
        }
    }

    @Test("state folds what the log has meanwhile, unless it is told not to")
    func catchingUp() throws {
        try withOrders { trial in
            _ = try trial.output("state orders")
            try trial.take([
                ProjectionTrial.order(
                    "s9",
                    "o9",
                    "new",
                    "1.00",
                    units: 1,
                    at: "2026-01-09T10:00:00Z"
                )
            ])
            #expect(try trial.line("state orders --no-catch-up").rows.count == 2)
            #expect(try trial.line("state orders o9 --no-catch-up").status == 1)
            let status = try trial.line("projections status --no-catch-up").rows
            #expect(status.first?["lag_events"] == "1")
            #expect(status.first?["state"] == "behind")
            #expect(try trial.line("state orders").rows.count == 3)
        }
    }

    // MARK: - Explain, diff

    @Test("explain shows each event with its rule, its name for the row, and the changes")
    func explaining() throws {
        try withOrders { trial in
            let rows = try trial.line("explain orders o1").rows
            #expect(rows.map { $0["sequence"] } == ["1", "2", "7", "12"])
            #expect(
                rows.map { $0["rule"] } == [16, 30, 25, 16].map { "projection.yaml:\($0)" }
            )
            #expect(rows.map { $0["name"] } == ["o1", "pi:7", "o1", "o1"])
            #expect(rows[1]["at"] == "2026-01-01T10:05:00.000000Z")
            #expect(rows[1]["id"] == "p1" && rows[1]["type"] == "payment.paid")
            let json = try trial.output("explain orders o1 --format json")
            #expect(json.contains(#""changes":[{"column":"payment","new":"paid"}]"#))
            #expect(json.contains(#"{"column":"units","old":2,"new":3}"#))
            #expect(try trial.line("explain orders pi:7").rows.count == 4)
            let table = try trial.output("explain orders o2 --format table").split(separator: "\n")
            #expect(table.count == 4)
            #expect(table[1].contains("shop: – → placed, total: – → 7.00 EUR, tags: – → t1"))
            #expect(table[2].hasSuffix("shop: placed → cancelled, status: open → cancelled"))
            #expect(table[3].hasSuffix("nothing: known, overtaken or not linked yet"))
        }
    }

    @Test("diff shows each column that differs, with the event that made it so")
    func differing() throws {
        try withOrders { trial in
            let late = """
                key,change,column,old,new,sequence\r
                o1,changed,payment,,paid,2\r
                o1,changed,tags,"[""t2""]","[""t2"",""t3""]",12\r
                o1,changed,units,2,3,12\r

                """
            #expect(try trial.output("diff orders --from 6 --to 12 --format csv") == late)
            #expect(try trial.output("diff orders o1 --from 6 --to 12 --format csv") == late)
            #expect(try trial.output("diff orders o2 --from 6 --to 12") == "")
            let rows = try trial.line("diff orders --from 1 --to 3").rows
            #expect(Set(rows.map { $0["change"] }) == ["added"])
            #expect(Set(rows.map { $0["sequence"] }) == ["3"])
            let back = try trial.line("diff orders o2 --from 3 --to 1").rows
            #expect(Set(back.map { $0["change"] }) == ["removed"])
            let true2 = try trial.output(
                "diff orders --as-of --from 2026-01-02T10:00:00Z --to 2026-01-02T12:00:00Z"
            )
            #expect(true2.contains(#""column":"shop","old":"placed","new":"paid","sequence":5"#))
            #expect(try trial.line("diff orders --from 0 --to 12 --limit 3").rows.count == 3)
            let none = try trial.output("diff orders --from 2 --to 2 --format table")
            #expect(none == "nothing differs\n")
        }
    }

    // MARK: - Trace, replay

    @Test("trace draws the tree of an event with what each did to rows")
    func tracing() throws {
        try withOrders { trial in
            let lines = try trial.output("trace 1 --format table").split(separator: "\n")
            #expect(lines[0].hasPrefix("1  20") && lines[0].hasSuffix("×  ◀ asked"))
            #expect(lines[0].contains("s1  ↻ redelivered 1×"))
            #expect(lines[1].hasPrefix("│  · orders o1  shop: – → placed"))
            #expect(lines[2].hasPrefix("├─ 2  20"))
            #expect(lines[3].hasSuffix("not linked yet"))
            #expect(lines.contains("│     · orders o1  payment: – → paid"))
            #expect(lines.last { $0.contains("─ ") }?.hasPrefix("└─ 9  20") == true)
            let flat = try trial.line("trace 1").rows
            #expect(flat.map { $0["sequence"] } == ["1", "2", "7", "9"])
            #expect(flat.map { $0["depth"] } == ["0", "1", "1", "1"])
            #expect(flat.map { $0["cause"] } == [nil, "1", "1", "1"])
            let json = Data(try trial.output("trace 1 --format json").utf8)
            let root = try #require(JSONSerialization.jsonObject(with: json) as? [String: Any])
            #expect((root["children"] as? [Any])?.count == 3)
            #expect(root["asked"] as? Bool == true)
            #expect(try trial.line("trace 99").status == 3)
        }
    }

    static let replays: [(options: String, sequences: [Int])] = [
        ("", Array(0...12)), ("--from 10", [10, 11, 12]), ("--to 2", [0, 1, 2]),
        ("--from 3 --to 5", [3, 4, 5]), ("--from 5 --to 3", []), ("--from 99", []),
        ("--source pay", [2, 6, 7, 11]), ("--source pay --from 3 --to 7", [6, 7]),
        ("--outcome duplicate", [9]), ("--type payment.*", [2, 6, 7, 11]), ("--kind admin", [0]),
        ("--correlation co-1", [1, 2, 7, 9]), ("--since 2100-01-01", []), ("--until 1h", []),
        ("--limit 2", [11, 12]), ("--source pay --limit 2 --to 7", [6, 7]),
        ("--from 1 --to 12 --speed 1000000", Array(1...12)),
    ]

    @Test("replay shows events in order, filtered as in the log")
    func replaying() throws {
        try withOrders { trial in
            for (options, sequences) in Self.replays {
                let finished = try trial.line("replay \(options)")
                #expect(finished.status == 0, "\(options)")
                let found = finished.rows.compactMap { Int($0["sequence"] ?? "") }
                #expect(found == sequences, "\(options)")
            }
            let text = try trial.output("replay --from 4 --to 5 --format table")
            let lines = text.split(separator: "\n")
            #expect(lines[0].hasPrefix("4  20") && lines[0].hasSuffix("order.said  accepted  s3"))
            let change = "shop: placed → cancelled, status: open → cancelled"
            #expect(lines[1] == "  · orders o2  \(change)")
            #expect(lines[3].hasSuffix("nothing: known, overtaken or not linked yet"))
            let effect =
                #""effects":[{"projection":"orders","key":"o2","changes":["#
                + #"{"column":"shop","old":"placed","new":"cancelled"},"#
            #expect(
                try trial.output("replay --projection orders --from 4 --to 4").contains(effect)
            )
            #expect(try trial.line("replay --projection ordrs").status == 2)
        }
    }

    // MARK: - Wrong command lines

    @Test(
        "a wrong command line is answered with what was meant, and status 2",
        arguments: [
            ("state", "missing operand PROJECTION"),
            ("state orderz", "no projection is called \"orderz\"; there are: orders"),
            ("state orders --where stauts=open", "did you mean status?"),
            ("state orders --where status", "expected COLUMN=VALUE or COLUMN!=VALUE"),
            ("state orders --as-at soon", "neither a sequence nor a moment"),
            ("state orders --as-of 7", "--as-of \"7\" is no moment"),
            ("state orders --as-at 1 --as-of 1h", "leave one out"),
            ("state orders o1 --where units=1", "leave one out"),
            ("state orders --view-version 2", "no version 2 here; there are: 1"),
            ("explain orders", "missing operand KEY"),
            ("diff orders --from 1", "missing option --to"),
            ("diff orders --as-of --from 1 --to 2", "--from \"1\" is no moment"),
            ("trace", "missing operand SEQ"),
            ("replay --speed fast", "--speed \"fast\" is no speed"),
            ("replay --speed 0", "expected a number above 0"),
            ("projections lst", "did you mean list?"),
            ("projections rebuild", "needs NAME or --all"),
            ("projections rebuild orders --all", "needs NAME or --all"),
            ("projections rebuild ordrs", "no projection is called \"ordrs\""),
            ("projections diff orders", "has one version only, 1"),
            ("projections diff orders --old 1 --new 4", "no version 4"),
            ("projections diff ordrs", "no projection is called \"ordrs\""),
            ("projections promote ordrs", "no projection is called \"ordrs\""),
            ("projections promote orders --view-version 3", "no version 3"),
            ("projections rollback orders", "no version to go back to"),
            ("projections drop orders", "missing option --view-version"),
            ("projections drop orders --view-version 1", "is the one that answers"),
            ("projections drop ordrs --view-version 1", "no projection is called"),
            ("projections check ordrs", "no projection is called \"ordrs\""),
            ("projections check --folder nowhere", "nowhere"),
        ]
    )
    func usage(line: String, answer: String) throws {
        try withOrders { trial in
            _ = try trial.output("state orders")
            let finished = try trial.line(line)
            #expect(finished.status == 2, "\(finished)")
            #expect(finished.output == "")
            #expect(finished.error.hasPrefix("daybook: "))
            #expect(finished.error.contains(answer), "\(finished.error)")
        }
    }

    @Test(
        "a row that is not there is status 1, an event that is not there 3",
        arguments: [
            ("state orders o7", 1, "orders has no row \"o7\""),
            ("state orders o2 --as-at 2", 1, "orders has no row \"o2\""),
            ("explain orders o7", 1, "orders has no row \"o7\""),
            ("diff orders o7 --from 1 --to 2", 1, "orders has no row \"o7\""),
            ("state orders --as-at 99", 3, "there is no event 99"),
            ("diff orders --from 1 --to 99", 3, "there is no event 99"),
        ] as [(String, Int32, String)]
    )
    func missing(line: String, status: Int32, answer: String) throws {
        try withOrders { trial in
            let finished = try trial.line(line)
            #expect(finished.status == status)
            #expect(finished.error.contains(answer))
        }
    }
}
