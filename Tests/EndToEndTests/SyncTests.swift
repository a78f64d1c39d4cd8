import Foundation
import Testing

/// Jobs that are run and recorded with `daybook sync`.
@Suite("Syncs") struct SyncTests {
    @Test("a run is recorded with its counts, its outputs and its end, and shows what it wrote")
    func recorded() throws {
        try withTrial { trial in
            let script = #"echo hello; echo careful >&2; echo '{"records":12,"errors":1}'"#
            let done = try trial.daybook("sync", "products", "--", "sh", "-c", script)
            #expect(done.status == 0, "\(done)")
            #expect(done.output == "hello\n{\"records\":12,\"errors\":1}\n")
            #expect(done.error.hasPrefix("careful\n"))
            #expect(done.error.contains("sync products completed"))
            let line = try #require(try trial.log("--kind", "sync").first)
            let expected = [
                "type": "sync.completed", "outcome": "succeeded", "records": "12", "errors": "1",
                "sync": "products", "subject": "sync:products",
            ]
            for (name, value) in expected { #expect(line[name] == value, "\(line)") }
            #expect(try trial.isSound())
        }
    }

    @Test(
        "a run that fails is recorded with its reason, and status 1",
        arguments: [
            (["false"], "exit status 1"), (["sh", "-c", "kill -9 $$"], "it was ended by signal 9"),
            (["no-such-program"], "not started: "),
            (["echo", #"{"source_count":2,"destination_count":1}"#], "the counts differ: "),
        ]
    )
    func failed(words: [String], reason: String) throws {
        try withTrial { trial in
            let done = try trial.run([Trial.program, "sync", "job", "--"] + words)
            #expect(done.status == 1, "\(done)")
            #expect(done.error.contains(reason))
            let line = try #require(try trial.log("--kind", "sync").first)
            #expect(line["outcome"] == "failed")
            #expect(line["reason"]?.hasPrefix(reason) == true)
        }
    }

    @Test("a service manager's stop reaches the job, and its end is recorded")
    func stopped() throws {
        try withTrial { trial in
            let (child, _) = try trial.start([
                Trial.program, "sync", "job", "--", "sh", "-c", "echo up > up; exec sleep 30",
            ])
            try eventually("start") {
                FileManager.default.fileExists(atPath: trial.path("up")) ? 1 : nil
            }
            child.signal(SIGTERM)
            #expect(child.wait() == 1)
            let line = try #require(try trial.log("--kind", "sync").first)
            #expect(line["reason"] == "it was ended by signal 15")
        }
    }

    @Test("without a ledger, a name or a job nothing is run")
    func refused() throws {
        try withTrial { trial in
            let job = ["--", "sh", "-c", "echo ran > ran"]
            let wrong = [
                ["sync", "job"], ["sync"] + job, ["sync", "No Name"] + job,
                ["sync", "daybook"] + job, ["sync", "job", "--timeout", "soon"] + job,
                ["--ledger", "nowhere", "sync", "job"] + job,
            ]
            for words in wrong {
                let done = try trial.run([Trial.program] + words)
                #expect([2, 3].contains(Int(done.status)), "\(words): \(done)")
            }
            #expect(!FileManager.default.fileExists(atPath: trial.path("ran")))
            #expect(try trial.log("--kind", "sync").isEmpty)
        }
    }
}
