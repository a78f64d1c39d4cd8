import Arguments
import Testing

/// Returns what is wrong with a command line; `nil` when nothing is.
func complaint(about words: [String], in table: Command = sample) -> String? {
    do {
        _ = try table.parse(words)
        return nil
    } catch {
        return "\(error)"
    }
}

@Suite("What is wrong with a command line")
struct UsageErrorTests {
    @Test("every mistake is named, with the nearest right thing", arguments: mistakes)
    func statement(mistake: Mistake) {
        let words = mistake.line.split(separator: " ").map(String.init)
        let expected = "\(mistake.statement)\nsee \"\(mistake.command) --help\""
        #expect(complaint(about: words) == expected)
    }

    @Test("an empty path is no path")
    func emptyPath() {
        let folder = """
            --ledger must be the path of a folder; found ""
            see "daybook --help"
            """
        #expect(complaint(about: ["--ledger", "", "log"]) == folder)
        let file = """
            FILE must be the path of a file; found ""
            see "daybook append --help"
            """
        #expect(complaint(about: ["append", ""]) == file)
    }

    @Test(
        "what is joined to an option is not repeated in an error, for it may be a secret",
        arguments: [
            "append f --sercet=HUNTER2", "log --follow=HUNTER2", "log -fHUNTER2", "log -xHUNTER2",
            "log --limit --source=HUNTER2", "log --limit -sHUNTER2", "log -limit=HUNTER2",
        ]
    )
    func secrets(line: String) throws {
        let text = complaint(about: line.split(separator: " ").map(String.init))
        #expect(try #require(text).contains("HUNTER2") == false)
    }

    @Test("control characters are shown as escapes")
    func controlCharacters() throws {
        let text = try #require(complaint(about: ["log", "one\n\u{1B}[2J"]))
        #expect(text.hasPrefix(#"unexpected operand "one\n\u{1B}[2J" for "daybook log""#))
    }

    @Test("a name that many commands share is listed three times at most")
    func manyOwners() {
        let option = Option("depth", "how deep", value: "N", kind: .natural)
        let names = ["one", "two", "three", "four", "five"]
        let table = Command(
            "tool",
            "has many commands",
            options: [.help],
            subcommands: [Command("zero", "has no option")]
                + names.map { Command($0, "has the option", options: [option]) }
        )
        let expected = """
            unknown option --depth for "tool zero"; --depth belongs to "tool one", \
            "tool two", "tool three" and 2 more
            see "tool zero --help"
            """
        #expect(complaint(about: ["zero", "--depth", "1"], in: table) == expected)
    }
}

/// A wrong command line, the command it was understood to call, and what is said about it.
struct Mistake: Sendable, CustomTestStringConvertible {
    let line: String
    let command: String
    let statement: String

    init(_ line: String, in command: String, _ statement: String) {
        self.line = line
        self.command = command
        self.statement = statement
    }

    var testDescription: String { line }
}

private let mistakes = commandMistakes + optionMistakes + valueMistakes + operandMistakes

private let commandMistakes = [
    Mistake(
        "lgo",
        in: "daybook",
        #"unknown command "lgo" for "daybook"; did you mean log?"#
    ),
    Mistake(
        "LOG --limit 5",
        in: "daybook",
        #"unknown command "LOG" for "daybook"; did you mean log?"#
    ),
    Mistake(
        "hooks verfiy",
        in: "daybook hooks",
        #"unknown command "verfiy" for "daybook hooks"; did you mean verify?"#
    ),
    Mistake(
        "rotate",
        in: "daybook",
        #"unknown command "rotate" for "daybook"; there is "daybook keys rotate""#
    ),
    Mistake(
        "list",
        in: "daybook",
        #"unknown command "list" for "daybook"; there is "daybook hooks list" and "daybook keys list""#
    ),
    Mistake("frobnicate --help", in: "daybook", #"unknown command "frobnicate" for "daybook""#),
]

private let optionMistakes = [
    Mistake(
        "log --limt 5",
        in: "daybook log",
        #"unknown option --limt for "daybook log"; did you mean --limit?"#
    ),
    Mistake(
        "log --corr=5",
        in: "daybook log",
        #"unknown option --corr for "daybook log"; did you mean --correlation?"#
    ),
    Mistake(
        "log -limit 5",
        in: "daybook log",
        #"unknown option -limit for "daybook log"; did you mean --limit?"#
    ),
    Mistake("log --xyzzy", in: "daybook log", #"unknown option --xyzzy for "daybook log""#),
    Mistake("log -qx", in: "daybook log", #"unknown option -x for "daybook log""#),
    Mistake(
        "show 1 --follow",
        in: "daybook show",
        #"unknown option --follow for "daybook show"; --follow belongs to "daybook log""#
    ),
    Mistake(
        "show 1 -f",
        in: "daybook show",
        #"unknown option -f for "daybook show"; -f belongs to "daybook log""#
    ),
    Mistake(
        "--format json log",
        in: "daybook",
        """
        unknown option --format for "daybook"; --format belongs to "daybook log", \
        "daybook show" and "daybook hooks list"
        """
    ),
    Mistake(
        "log --limit 5 -n 6",
        in: "daybook log",
        #"option -n is given twice for "daybook log""#
    ),
    Mistake("log -ff", in: "daybook log", #"option -f is given twice for "daybook log""#),
    Mistake("log --follow=yes", in: "daybook log", "option --follow takes no value"),
    Mistake(
        "erase anna",
        in: "daybook erase",
        #"missing option --reason TEXT for "daybook erase""#
    ),
]

private let valueMistakes = [
    Mistake("log --limit", in: "daybook log", "missing value N after --limit"),
    Mistake("log -qn", in: "daybook log", "missing value N after -n"),
    Mistake(
        "log --limit --follow",
        in: "daybook log",
        """
        missing value N after --limit, found --follow; \
        write a value that begins with "-" as --limit=N
        """
    ),
    Mistake(
        "log -s -q",
        in: "daybook log",
        #"missing value NAME after -s, found -q; write a value that begins with "-" as -sNAME"#
    ),
    Mistake(
        "log --limit ten",
        in: "daybook log",
        #"--limit must be a whole number, 0 or more; found "ten""#
    ),
    Mistake(
        "log -n -1",
        in: "daybook log",
        #"-n must be a whole number, 0 or more; found "-1""#
    ),
    Mistake(
        "log --limit 9223372036854775808",
        in: "daybook log",
        #"--limit must be a whole number, 0 or more; found "9223372036854775808""#
    ),
    Mistake(
        "log --speed=101",
        in: "daybook log",
        #"--speed must be a whole number, from 1 to 100; found "101""#
    ),
    Mistake(
        "log --format jsno",
        in: "daybook log",
        #"--format must be one of table, json, ndjson, csv; found "jsno"; did you mean json?"#
    ),
    Mistake(
        "log --format xml",
        in: "daybook log",
        #"--format must be one of table, json, ndjson, csv; found "xml""#
    ),
    Mistake(
        "--ledger= log",
        in: "daybook",
        #"--ledger must be the path of a folder; found """#
    ),
]

private let operandMistakes = [
    Mistake("show", in: "daybook show", #"missing operand SEQ for "daybook show""#),
    Mistake("append", in: "daybook append", #"missing operand FILE for "daybook append""#),
    Mistake(
        "show last",
        in: "daybook show",
        #"SEQ must be a whole number, 0 or more; found "last""#
    ),
    Mistake(
        "show 1 bdoy",
        in: "daybook show",
        #"PART must be one of line, body, headers; found "bdoy"; did you mean body?"#
    ),
    Mistake(
        "show 1 body 2",
        in: "daybook show",
        #"unexpected operand "2" for "daybook show""#
    ),
    Mistake("init here", in: "daybook init", #"unexpected operand "here" for "daybook init""#),
    Mistake("-- log", in: "daybook", #"unexpected operand "log" for "daybook""#),
    Mistake(
        "sync stock ./push",
        in: "daybook sync",
        #"unexpected operand "./push" for "daybook sync"; write COMMAND... after --"#
    ),
    Mistake(
        "sync stock",
        in: "daybook sync",
        #"missing operand -- COMMAND... for "daybook sync""#
    ),
    Mistake(
        "sync stock --",
        in: "daybook sync",
        #"missing operand -- COMMAND... for "daybook sync""#
    ),
    Mistake("sync -- a", in: "daybook sync", #"missing operand NAME for "daybook sync""#),
]
