import Foundation
import Testing

@Suite("An old copy of a ledger") struct RestoreTests {
    /// A ledger that was put back to an earlier state: three of five events.
    private func withOldCopy(_ body: (Trial) throws -> Void) throws {
        try withTrial { trial in
            for id in ["a", "b"] { try trial.daybook("append", input: Fact(id: id).json) }
            try trial.shell("cp -r ledger old")
            for id in ["c", "d"] { try trial.daybook("append", input: Fact(id: id).json) }
            try trial.shell("rm -r ledger; mv old ledger")
            try body(trial)
        }
    }

    @Test(
        "is refused by what appends, with the way on",
        arguments: [
            "serve --listen 127.0.0.1:0", "append --source o --type a", "import /dev/null",
            "keys rotate",
        ]
    )
    func refused(line: String) throws {
        try withOldCopy { trial in
            let words = line.split(separator: " ").map(String.init)
            let finished = try trial.run([Trial.program] + words)
            #expect(finished.status == 3)
            #expect(finished.output == "")
            #expect(finished.error.contains("the log has 3 events, but "))
            #expect(finished.error.contains("knows of 5"))
            #expect(finished.error.contains("daybook restore"))
            #expect(try trial.log().count == 3)
        }
    }

    @Test("is a finding of verify, and can still be read")
    func verified() throws {
        try withOldCopy { trial in
            let finished = try trial.daybook("verify")
            #expect(finished.status == 1)
            #expect(finished.output.contains("5"))
            #expect(try trial.log().count == 3)
            #expect(try trial.daybook("show", "2").status == 0)
        }
    }

    @Test("goes on by restore, which records what is lost and why")
    func restored() throws {
        try withOldCopy { trial in
            let restored = try trial.daybook("restore", "--reason", "disk failed")
            #expect(restored.status == 0)
            #expect(restored.rows.first?["sequence"] == "3")
            let event = try #require(try trial.log("--type", "daybook.ledger.restored").first)
            #expect(event["kind"] == "admin")
            let reason = try #require(event["reason"])
            #expect(reason.contains("events 3 to 4 are lost"))
            #expect(reason.hasSuffix("disk failed"))
            let server = try trial.serve()
            #expect(try server.send(.stripe(id: "evt_1")).status == 200)
            #expect(try trial.isSound())
            let again = try trial.daybook("restore", "--reason", "again")
            #expect(again.status == 0)
            #expect(again.output.contains("nothing was done"))
            #expect(try trial.log().count == 5)
        }
    }

    @Test("with other events than were known is refused, too")
    func forked() throws {
        try withOldCopy { trial in
            // Another machine, which does not know the head, goes on with the copy.
            trial.environment["XDG_STATE_HOME"] = trial.path("elsewhere")
            for id in ["x", "y", "z"] { try trial.daybook("append", input: Fact(id: id).json) }
            trial.environment["XDG_STATE_HOME"] = trial.path("state")
            let finished = try trial.daybook("append", input: Fact(id: "e").json)
            #expect(finished.status == 3)
            #expect(finished.error.contains("the log's first 5 events are not those"))
            #expect(try trial.daybook("verify").status == 1)
            let restored = try trial.daybook("restore", "--reason", "the fork is right")
            #expect(restored.status == 0, "\(restored)")
            #expect(try trial.daybook("append", input: Fact(id: "e").json).status == 0)
            #expect(try trial.isSound())
        }
    }

    @Test("is noticed by a head file that the configuration places")
    func headFile() throws {
        try withTrial { trial in
            let head = trial.path("heads/head")
            try trial.write("head_file: \(head)\nreads: unrecorded\n", to: "ledger/daybook.yaml")
            try trial.shell("cp -r ledger old")
            try trial.daybook("append", input: Fact(id: "a").json)
            #expect(try trial.read(head).hasPrefix("shop.example.com/log\n2\n"))
            try trial.shell("rm -r ledger; mv old ledger")
            let finished = try trial.daybook("append", input: Fact(id: "a").json)
            #expect(finished.status == 3)
            #expect(finished.error.contains(head))
        }
    }
}
