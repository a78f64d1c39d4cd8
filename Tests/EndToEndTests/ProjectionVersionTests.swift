import Foundation
import Testing

extension ProjectionCommandTests {
    @Suite("Versions of a projection") struct Versions {
        private static let raised: KeyValuePairs = [
            "version: 1": "version: 2", "map: { new: placed,": "map: { new: placed, odd: paid,",
        ]

        @Test("a changed definition is built beside the old one, compared, promoted, rolled back")
        func lifecycle() throws {
            try withOrders { trial in
                let before = try trial.output("state orders")
                try trial.define(Self.raised)
                let built = try trial.line("projections rebuild orders --quarantine").rows[0]
                #expect(built["version"] == "2" && built["active"] == "0")
                // What a rebuild tells the log is in it, too.
                let size = try trial.log("--limit", "0").count
                #expect(built["events"] == "\(size)")
                #expect(Int(built["folded"] ?? "") ?? 0 >= 13)
                #expect(try trial.output("state orders") == before)
                let new = try trial.output("state orders o1 --view-version 2")
                #expect(new.contains(#""shop":"paid""#))
                let compared = try trial.output("projections diff orders")
                #expect(compared.contains(#""old":1,"new":2,"old_rows":2,"new_rows":2"#))
                #expect(compared.contains(#""added":0,"removed":0,"changed":1"#))
                #expect(compared.contains(#""columns":{"shop":1}"#))
                let example = #"[{"column":"shop","old":"placed","new":"paid"}]"#
                #expect(
                    compared.contains(#"{"key":"o1","change":"changed","changes":\#(example)}"#)
                )
                let text = try trial.output("projections diff orders --format table")
                #expect(text.hasPrefix("orders: version 2 compared with version 1\n"))
                #expect(text.contains("  changed o1  shop: placed → paid\n"))
                let promoted = #"{"projection":"orders","version":2,"before":1}"# + "\n"
                #expect(try trial.output("projections promote orders") == promoted)
                #expect(try trial.output("state orders o1") == new)
                let rolled = #"{"projection":"orders","version":1,"before":2}"# + "\n"
                #expect(try trial.output("projections rollback orders") == rolled)
                #expect(try trial.output("state orders") == before)
                let dropped = try trial.output("projections drop orders --view-version 2")
                #expect(dropped == #"{"projection":"orders","dropped":2}"# + "\n")
                #expect(try trial.line("state orders --view-version 2").status == 2)
            }
        }

        @Test("rebuild says what was built and what to do next; the digest does not change")
        func rebuilding() throws {
            try withOrders { trial in
                _ = try trial.output("state orders")
                let digest = try trial.line("projections digest orders").rows[0]["digest"]
                let anew = try trial.output(
                    "projections rebuild --all --anew --quarantine --threads 2 --chunk 3 --format table"
                )
                let size = try trial.log("--limit", "0").count
                #expect(anew.hasPrefix("orders version 1 is built: \(size) events\n"))
                #expect(anew.contains("  digest    \(digest ?? "none")\n"))
                #expect(anew.contains("it is the active version"))
                try trial.define(Self.raised)
                let beside = try trial.output(
                    "projections rebuild orders --quarantine --format table"
                )
                #expect(beside.contains("daybook projections promote orders\n"))
                let list = try trial.line("projections list").rows
                #expect(list.map { $0["version"] } == ["1", "2"])
                #expect(list.map { $0["active"] } == ["1", "0"])
                #expect(list[0]["from"] == "views/")
                #expect(list[1]["from"]?.hasSuffix("projections/orders/projection.yaml") == true)
                #expect(list[1]["about"] == "Where every order stands.")
            }
        }

        @Test("an event that does not fit ends a rebuild, with its sequence, the file and the line")
        func misfit() throws {
            try withOrders { trial in
                let finished = try trial.line("projections rebuild orders")
                #expect(finished.status == 3)
                #expect(finished.error.contains("event 11 does not fit orders"))
                #expect(finished.error.contains("orders/projection.yaml:26"))
                #expect(finished.error.contains("--quarantine"))
            }
        }

        @Test("a definition that changed without a higher version is refused with status 2")
        func changed() throws {
            try withOrders { trial in
                _ = try trial.output("state orders")
                try trial.define(["is: open": "is: waiting"])
                for line in ["state orders", "projections rebuild orders"] {
                    let finished = try trial.line(line)
                    #expect(finished.status == 2)
                    #expect(finished.error.contains("raise `version`"))
                }
            }
        }

        @Test("a definition that cannot be read is named by line and column, with status 2")
        func broken() throws {
            try withOrders { trial in
                try trial.define(["type: money": "type: monny"])
                for line in ["state orders", "projections list", "projections check"] {
                    let finished = try trial.line(line)
                    #expect(finished.status == 2)
                    #expect(finished.error.contains("orders/projection.yaml:8:18: "))
                }
            }
        }
    }

    @Suite("Accounts of a projection") struct Accounts {
        @Test("status adds up what became of every event")
        func equation() throws {
            try withOrders { trial in
                let text = try trial.output("projections status --format table")
                let sum =
                    "orders: 8 applied + 1 ignored + 1 duplicate + 0 rejected + 1 quarantined"
                    + " + 2 unknown = 13 of 13 events\n"
                #expect(text.hasSuffix("\n\n" + sum))
                let row = try #require(try trial.line("projections status").rows.first)
                let expected = [
                    "name": "orders", "version": "1", "active": "1", "state": "following",
                    "position": "13", "lag_events": "0", "events": "13", "applied": "8",
                    "ignored": "1", "duplicate": "1", "rejected": "0", "quarantined": "1",
                    "unknown": "2", "unmapped": "1", "waiting": "1", "conflicts": "0",
                ]
                for (name, value) in expected { #expect(row[name] == value, "\(name)") }
            }
        }

        @Test("status of a definition that changed in secret is status 1, and says so")
        func unfolded() throws {
            try withOrders { trial in
                _ = try trial.output("state orders")
                try trial.define(["is: open": "is: waiting"])
                let finished = try trial.line("projections status")
                #expect(finished.status == 1)
                #expect(finished.error.contains("orders is not folded: "))
                #expect(finished.rows.count == 1)
            }
        }

        @Test("quarantine names the event, the line that asks and what is missing; retry tries")
        func quarantine() throws {
            try withOrders { trial in
                let row = try #require(try trial.line("projections quarantine orders").rows.first)
                #expect(row["sequence"] == "11" && row["rule"] == "projection.yaml:26")
                #expect(row["source"] == "pay" && row["id"] == "p4")
                #expect(row["type"] == "payment.linked")
                #expect(row["reason"]?.contains("/order") == true)
                let retried =
                    #"{"projection":"orders","retried":1,"applied":0,"quarantined":1}"# + "\n"
                #expect(try trial.output("projections retry orders") == retried)
                try trial.define(["\"{/order}\"": "\"x-{/id}\"", "version: 1": "version: 2"])
                _ = try trial.output("projections rebuild orders")
                let none = try trial.output(
                    "projections quarantine orders --view-version 2 --format table"
                )
                #expect(none == "no event is set aside\n")
            }
        }

        private static func stories(units: Int) -> String {
            """
            - case: what the shop says last counts
              given:
                - { source: shop, type: order.said, body: { id: a, status: new, tag: x,
                    total: "1.00", currency: EUR, units: 1, at: "2026-01-01T00:00:00Z" } }
                - { source: shop, type: order.said, body: { id: a, status: paid, tag: x,
                    total: "1.00", currency: EUR, units: 2, at: "2026-01-02T00:00:00Z" } }
              then:
                - { order: a, shop: paid, units: \(units) }

            """
        }

        @Test("check runs cases: 0 if all hold, 1 with what failed, 2 for a file that is none")
        func checking() throws {
            try withOrders { trial in
                let file = "ledger/projections/orders/cases/stories.yaml"
                try trial.write(Self.stories(units: 2), to: file)
                let good = try trial.line("projections check orders")
                #expect(good.status == 0, "\(good)")
                #expect(good.rows[0]["cases"] == "1" && good.rows[0]["failures"] == "0")
                try trial.write(Self.stories(units: 3), to: file)
                let bad = try trial.line("projections check --format table --folder ledger")
                #expect(bad.status == 1)
                #expect(bad.output.contains("stories.yaml:1: what the shop says last counts"))
                #expect(bad.output.contains("row a, column units: found 2, expected 3"))
                let rows = try trial.line("projections check")
                #expect(rows.status == 1)
                #expect(rows.output.contains(#""failed":[{"file":"#))
                try trial.write("- case: []\n", to: file)
                let unread = try trial.line("projections check")
                #expect(unread.status == 2)
                #expect(unread.error.contains("stories.yaml:1:"))
            }
        }

        @Test("schema prints a JSON Schema")
        func schema() throws {
            try withTrial(makesLedger: false) { trial in
                let data = Data(try trial.output("projections schema").utf8)
                let schema = try JSONSerialization.jsonObject(with: data) as? [String: Any]
                #expect(schema?["$schema"] != nil)
            }
        }

        /// Whether this process may mount in a namespace of its own.
        static let canMount: Bool = {
            let process = Process()
            process.executableURL = URL(filePath: "/usr/bin/env")
            process.arguments = ["unshare", "-m", "mount", "--bind", "/", "/"]
            process.standardError = FileHandle.nullDevice
            guard (try? process.run()) != nil else { return false }
            process.waitUntilExit()
            return process.terminationStatus == 0
        }()

        @Test(
            "where views cannot be written, what was folded is shown, with a notice",
            .enabled(if: canMount, "a file system can be mounted by root alone")
        )
        func readOnly() throws {
            try withOrders { trial in
                let before = try trial.output("state orders")
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
                let script =
                    "mount --bind ledger ledger && mount -o remount,ro,bind ledger && "
                    + "{ $DAYBOOK state orders; $DAYBOOK projections rebuild orders; echo $?; }"
                let finished = try trial.run(["unshare", "-m", "sh", "-c", script])
                #expect(finished.output == before + "3\n")
                #expect(finished.error.contains("/views cannot be written; showing what"))
            }
        }
    }
}
