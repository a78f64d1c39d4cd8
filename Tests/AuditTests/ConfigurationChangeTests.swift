import Audit
import Bytes
import DaybookTesting
import Foundation
import Ledger
import POSIX
import Testing

@Suite struct ConfigurationChangeTests {
    private let actor = Actor.user("anna")

    private func write(_ text: String, _ trial: TemporaryLedger) throws -> String {
        let file = "\(trial.path)/daybook.yaml"
        try Files.replace(file, with: Array(text.utf8))
        return file
    }

    @Test("a file is recorded once, again when it changes, and back again is a change, too")
    func once() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        let texts = ["origin: a\n", "origin: a\n", "origin: a\nreads: unrecorded\n", "origin: a\n"]
        var recorded: [UInt64?] = []
        for text in texts {
            let file = try write(text, trial)
            recorded.append(try ConfigurationChange.record(file: file, in: ledger, by: actor))
        }
        #expect(recorded == [1, nil, 2, 3])
        let changes = try ChangeList.list(EventSelection(), in: ledger)
            .filter { $0.what == "configuration.changed" }
        #expect(changes.map(\.detail) == ["first known", "changed: reads", "changed: reads"])
        #expect(changes[1].before == changes[0].after)
        #expect(changes[2].after == changes[0].after)
        #expect(changes.allSatisfy { $0.who == "os-user:anna" })
    }

    @Test("no value stands in the event, not even one that is a secret")
    func values() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        for secret in ["plain:hunter2", "plain:hunter3"] {
            let file = try write("sources: { a: { secrets: [\"\(secret)\"] } }\n", trial)
            try ConfigurationChange.record(file: file, in: ledger, by: actor)
        }
        for sequence in 1...2 as ClosedRange<UInt64> {
            let event = try ledger.event(at: sequence)
            let text = String(decoding: event.line + (event.content ?? []), as: UTF8.self)
            #expect(!text.contains("hunter") && !text.contains("plain:"))
            #expect(text.contains("sources"))
        }
    }

    @Test("comments and layout change the file's hash, and no key")
    func comments() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        for text in ["origin: a\n", "# why\norigin:   a\n", "not: [yaml\n"] {
            try ConfigurationChange.record(file: write(text, trial), in: ledger, by: actor)
        }
        let changes = try ChangeList.list(EventSelection(), in: ledger).suffix(2)
        #expect(changes.map(\.detail) == ["changed: ", "changed: origin"])
    }

    @Test("the last of many is found, whatever their number", arguments: [1, 2, 3, 4, 7, 8, 9, 33])
    func many(count: Int) throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        for number in 1...count {
            let file = try write("origin: a\(number)\n", trial)
            #expect(
                try ConfigurationChange.record(file: file, in: ledger, by: actor)
                    == UInt64(number)
            )
            #expect(try ConfigurationChange.record(file: file, in: ledger, by: actor) == nil)
        }
    }

    @Test("threads that notice at once record it once")
    func race() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        let file = try write("origin: a\n", trial)
        try runThreads(8) {
            _ = try? ConfigurationChange.record(file: file, in: ledger, by: .user("x"))
        }
        let accepted = try ChangeList.list(EventSelection(), in: ledger)
            .filter { $0.what == "configuration.changed" }
        #expect(accepted.count == 1)
    }

    @Test(
        "where reads were never recorded none begins; once begun, that they are switched off is told"
    )
    func unrecorded() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        var recorded: [UInt64?] = []
        for text in ["reads: unrecorded\n", "origin: a\n", "reads: unrecorded\n"] {
            let file = try write(text, trial)
            recorded.append(try ConfigurationChange.record(file: file, in: ledger, by: actor))
        }
        #expect(recorded == [nil, 1, 2])
    }

    @Test("without a file there is nothing to record")
    func missing() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        let file = "\(trial.path)/daybook.yaml"
        #expect(try ConfigurationChange.record(file: file, in: ledger, by: actor) == nil)
    }

    @Test("a change under the same git revision is flagged, one under another is not")
    func revision() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        let git = "\(trial.path)/.git"
        try Files.makeFolder("\(git)/refs/heads")
        try Files.replace("\(git)/HEAD", with: Array("ref: refs/heads/main\n".utf8))
        for (number, digit) in ["a", "a", "b"].enumerated() {
            let commit = String(repeating: digit, count: 40)
            try Files.replace("\(git)/refs/heads/main", with: Array("\(commit)\n".utf8))
            let file = try write("origin: o\(number)\n", trial)
            try ConfigurationChange.record(file: file, in: ledger, by: actor)
        }
        let changes = try ChangeList.list(EventSelection(), in: ledger).suffix(3)
        #expect(changes.map(\.flags) == [[], [.uncommitted], []])
        #expect(changes.last?.revision == String(repeating: "b", count: 40))
    }

    @Test("what is other now than the log says is outside the tool")
    func outside() throws {
        let trial = try TemporaryLedger()
        let ledger = try trial.open(appends: true)
        defer { ledger.close() }
        let file = try write("origin: a\n", trial)
        try ConfigurationChange.record(file: file, in: ledger, by: actor)
        for (name, type) in [
            ("a", "created"), ("b", "created"), ("b", "revoked"), ("c", "created"),
        ] {
            var draft = AdminEvent.draft(type: "daybook.token.\(type)")
            draft[.subject] = "token:\(name)"
            draft[.reason] = "role reader; scope projection=x"
            _ = try ledger.writer?.append([draft])
        }
        func list(_ tokens: [OutsideChanges.KnownToken]) throws -> [String] {
            try OutsideChanges.list(configuration: file, tokens: tokens, in: ledger)
                .map { "\($0.subject): \($0.detail ?? "")" }
        }
        #expect(
            try list([
                .init(name: "a", role: "reader", isRevoked: false),
                .init(name: "b", role: "reader", isRevoked: true),
                .init(name: "c", role: "reader", isRevoked: false),
            ]) == []
        )
        _ = try write("origin: b\n", trial)
        #expect(
            try list([
                .init(name: "a", role: "admin", isRevoked: false),
                .init(name: "b", role: "reader", isRevoked: false),
                .init(name: "d", role: "admin", isRevoked: false),
            ]) == [
                "configuration:daybook.yaml: changed since, and not recorded yet",
                "token:a: its role is another than the log says",
                "token:b: is good, and the log says revoked",
                "token:d: no event made it",
                "token:c: is not there any more",
            ]
        )
    }
}
