import Foundation
import Testing

@Suite("The command line") struct CommandLineTests {
    static let commands = [
        "init", "serve", "restore", "append", "import", "batch", "sync", "log", "show", "verify",
        "prove",
        "keys list", "keys rotate", "hooks verify", "providers",
        "providers show", "providers test", "providers format", "doctor", "completion",
        "man",
    ]

    @Test("every command's help shows how it is used, with an example", arguments: commands)
    func help(command: String) throws {
        try withTrial(makesLedger: false) { trial in
            let words = command.split(separator: " ").map(String.init)
            let help = try trial.run([Trial.program] + words + ["--help"])
            #expect(help.status == 0)
            #expect(help.error == "")
            #expect(help.output.hasPrefix("Usage: daybook \(command)"))
            #expect(help.output.contains("\nExample"))
            #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 80 })
            #expect(try trial.run([Trial.program] + words + ["-h"]).output == help.output)
        }
    }

    @Test("without a command the help is shown, and it names every command")
    func overview() throws {
        try withTrial(makesLedger: false) { trial in
            let help = try trial.daybook("--help")
            #expect(help.status == 0)
            for command in Self.commands {
                let word = command.split(separator: " ")[0]
                #expect(help.output.contains("\n  \(word) "), "\(command)")
            }
            #expect(help.output.contains("Exit status:"))
        }
    }

    @Test("--version names the program and a version")
    func version() throws {
        try withTrial(makesLedger: false) { trial in
            let finished = try trial.daybook("--version")
            #expect(finished.status == 0)
            #expect(finished.output.wholeMatch(of: /daybook \d+\.\d+\.\d+\n/) != nil)
        }
    }

    @Test(
        "a wrong command line is answered with what was meant, and status 2",
        arguments: [
            ("lgo", "did you mean log?"),
            ("vrify", "did you mean verify?"),
            ("keys rotat", "did you mean rotate?"),
            ("log --limt 2", "did you mean --limit?"),
            ("log --outcome rejcted", "did you mean rejected?"),
            ("log --format xml", "one of table, json, ndjson, csv"),
            ("log --limit x", "--limit must be a whole number"),
            ("log --limit -1", "--limit"),
            ("log --since whenever", "--since \"whenever\" is no moment"),
            ("log --since 2026-02-30", "is no moment"),
            ("log --source", "missing value"),
            ("log more", "unexpected operand \"more\""),
            ("show", "missing operand SEQ"),
            ("show one", "SEQ must be a whole number"),
            ("show 1 2", "unexpected operand \"2\""),
            ("prove", "needs SEQ or --from SIZE"),
            ("import", "missing operand FILE"),
            ("append --type a", "--type needs --source"),
            ("restore", "missing option --reason"),
            ("verify --threads 0", "from 1 to 256"),
            ("serve --listen nowhere", "expected ADDRESS:PORT"),
            ("serve --listen 127.0.0.1:70000", "expected ADDRESS:PORT"),
            ("completion tcsh", "bash, zsh, fish"),
            ("--ledger", "missing value DIR"),
        ]
    )
    func usage(line: String, answer: String) throws {
        try withTrial { trial in
            let words = line.split(separator: " ").map(String.init)
            let finished = try trial.run([Trial.program] + words)
            #expect(finished.status == 2)
            #expect(finished.output == "")
            #expect(finished.error.hasPrefix("daybook: "))
            #expect(finished.error.contains(answer), "\(finished.error)")
        }
    }

    @Test(
        "a folder without a ledger is named, with how to make one, and status 3",
        arguments: [
            "log", "show 1", "prove 1", "verify", "keys list", "keys rotate",
            "append --source ops --type a", "import /dev/null", "restore --reason none",
        ]
    )
    func noLedger(line: String) throws {
        try withTrial(makesLedger: false) { trial in
            let words = line.split(separator: " ").map(String.init)
            let finished = try trial.run([Trial.program, "--ledger", "nowhere"] + words)
            #expect(finished.status == 3)
            #expect(finished.output == "")
            let text = "no ledger in nowhere; make one with \"daybook init --ledger nowhere\"\n"
            #expect(finished.error == "daybook: \(text)")
            #expect(!FileManager.default.fileExists(atPath: trial.path("nowhere")))
        }
    }

    @Test("an option wins over the environment, and that over the default place")
    func ledgerOption() throws {
        try withTrial(makesLedger: false) { trial in
            trial.environment["DAYBOOK_LEDGER"] = nil
            #expect(try trial.daybook("init", "--origin", "default/log").status == 0)
            trial.environment["DAYBOOK_LEDGER"] = trial.path("second")
            #expect(try trial.daybook("init", "--origin", "second/log").status == 0)
            let third = try trial.daybook("--ledger", "third", "init", "--origin", "third/log")
            #expect(third.status == 0)
            for (folder, origin) in [("daybook-ledger", "default"), ("second", "second")] {
                let keys = try trial.daybook("keys", "list", "--ledger", folder)
                #expect(keys.output.contains("\(origin)/log+"))
            }
            #expect(try trial.daybook("keys", "list").output.contains("second/log+"))
        }
    }

    @Test(
        "an origin that cannot name a log is refused",
        arguments: ["", "a b", "a+b", "ü", "a\nb"]
    )
    func origin(name: String) throws {
        try withTrial(makesLedger: false) { trial in
            let finished = try trial.daybook("init", "--origin", name)
            #expect(finished.status == 3)
            #expect(finished.error.contains("cannot name a log"))
            #expect(!FileManager.default.fileExists(atPath: trial.ledger))
        }
    }

    @Test(
        "what is not in the log is said to be so, and status 3",
        arguments: ["show 9", "prove 9", "show 18446744073709551615"]
    )
    func beyondEnd(line: String) throws {
        try withTrial { trial in
            let words = line.split(separator: " ").map(String.init)
            let finished = try trial.run([Trial.program] + words)
            #expect(finished.status == 3 || words[1].count > 18 && finished.status == 2)
            #expect(finished.error.contains(words[1]))
        }
    }

    @Test("completion and manual are made from the same table", arguments: ["bash", "zsh", "fish"])
    func completion(shell: String) throws {
        try withTrial(makesLedger: false) { trial in
            let script = try trial.daybook("completion", shell)
            #expect(script.status == 0)
            let manual = try trial.daybook("man")
            #expect(manual.status == 0)
            for command in Self.commands {
                let word = String(command.split(separator: " ")[0])
                #expect(script.output.contains(word))
                #expect(manual.output.contains(word))
            }
        }
    }

    @Test("a reader that leaves early is no error")
    func closedPipe() throws {
        try withTrial { trial in
            let facts = (1...2000).map { Fact(id: "f\($0)").json + "\n" }.joined()
            try #require(try trial.daybook("import", "-", input: facts).status == 0)
            for command in ["log", "log --format table", "log --format csv"] {
                let finished = try trial.shell(
                    "{ $DAYBOOK \(command); echo \"status $?\" >&2; } | head -1"
                )
                #expect(finished.output.filter(\.isNewline).count == 1)
                #expect(finished.error == "status 0\n")
            }
        }
    }

    @Test("output that cannot be written is an error")
    func fullDevice() throws {
        try withTrial { trial in
            let finished = try trial.shell("$DAYBOOK log > /dev/full")
            #expect(finished.status == 3)
            #expect(finished.error.contains("No space left on device"))
        }
    }
}
