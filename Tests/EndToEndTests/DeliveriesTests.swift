import Foundation
import Testing

/// Deliveries from the command line, to a destination that is not there.
@Suite("Deliveries from the command line") struct DeliveriesTests {
    private let rule = """

        deliveries:
          - name: out
            from: { source: ops, type: "order.*" }
            to: http://127.0.0.1:1/hooks
            secret: plain:a-secret-for-trials
            retries: []
            allow_private: true

        """

    /// A ledger with a rule that the log knows, and three events that nobody took.
    private func withDead(_ test: (Trial) throws -> Void) throws {
        try withTrial(configuration: Sources.configuration + rule) { trial in
            let server = try trial.serve()
            for number in 0..<3 {
                let fact = "{\"specversion\":\"1.0\",\"id\":\"o\(number)\",\"source\":\"ops\","
                let more = "\"type\":\"order.paid\",\"subject\":\"order:\(number)\",\"data\":{}}"
                let done = try trial.daybook("append", input: fact + more)
                #expect(done.status == 0, "\(done)")
            }
            try eventually("three attempts") {
                try trial.log("--kind", "delivery").count == 3 ? true : nil
            }
            server.stop()
            try test(trial)
        }
    }

    @Test("what was given up is listed, sent again by order, and stopped by order")
    func orders() throws {
        try withDead { trial in
            let dead = try trial.daybook("deliveries", "list", "out", "--state", "dead")
            #expect(dead.rows.map { $0["subject"] } == ["order:0", "order:1", "order:2"])
            #expect(dead.rows.allSatisfy { $0["attempts"] == "1" && $0["reason"] != nil })
            #expect(try trial.daybook("deliveries", "pause", "out").status == 0)
            let one = try trial.daybook(
                "deliveries",
                "retry",
                "out",
                "--dead",
                "--subject",
                "order:1"
            )
            #expect(one.status == 0 && one.output.hasPrefix("1 event is to be sent again"))
            let waiting = try trial.daybook("deliveries", "list")
            #expect(waiting.rows.map { $0["state"] } == ["dead", "waiting", "dead"])
            #expect(waiting.rows.dropFirst().first?["reason"] == "the rule is paused")
            #expect(try trial.daybook("deliveries", "resume", "out").status == 0)
            let again = try trial.daybook("deliveries", "list", "--state", "pending")
            #expect(again.rows.map { $0["subject"] } == ["order:1"])
            let types = try trial.log("--subject", "delivery:out").map { $0["type"] ?? "" }
            let expected = ["rule", "paused", "retry", "resumed"].map { "daybook.delivery.\($0)" }
            #expect(types == expected)
            #expect(try trial.isSound())
        }
    }

    @Test("orders for nothing, and rules that nobody knows, are refused")
    func refused() throws {
        try withDead { trial in
            let none = try trial.daybook("deliveries", "retry", "out", "--sequence", "999999")
            #expect(none.status == 1)
            let all = try trial.daybook("deliveries", "retry", "out")
            #expect(all.status == 2 && all.error.contains("--dead"))
            for command in ["pause", "resume", "list"] {
                let unknown = try trial.daybook("deliveries", command, "other")
                #expect(unknown.status == 2, "\(unknown)")
                #expect(unknown.error.contains("\"other\"; the log knows out"))
            }
        }
    }
}
