import Arguments
import Testing

@Suite("Reading command lines")
struct ParsingTests {
    /// Splits at spaces; the tests' words hold none.
    private func parse(_ line: String) throws -> Invocation {
        try sample.parse(line.split(separator: " ").map(String.init))
    }

    @Test(
        "a value follows its option, or is joined to it",
        arguments: [
            "log --limit 10", "log --limit=10", "log -n 10", "log -n10", "log -n=10", "log -qn10",
            "log -qfn 10",
        ]
    )
    func valueSpellings(line: String) throws {
        let invocation = try parse(line)
        #expect(invocation.path == ["log"])
        #expect(invocation.request == .run)
        #expect(invocation.integer("limit") == 10)
        #expect(invocation.string("limit") == "10")
        #expect(invocation.flag("quiet") == line.contains("q"))
        #expect(invocation.flag("follow") == line.contains("f"))
    }

    @Test("a command without options has no values")
    func nothingGiven() throws {
        let invocation = try parse("log")
        #expect(invocation.string("limit") == nil)
        #expect(invocation.integer("limit") == nil)
        #expect(invocation.flag("follow") == false)
        #expect(invocation.all("source") == [])
        #expect(invocation.rest == [])
    }

    @Test("a value may be empty, hold an equals sign, be a dash, or be a negative number")
    func unusualValues() throws {
        let empty = try sample.parse(["log", "--correlation", "", "--source="])
        #expect(empty.string("correlation") == "")
        #expect(empty.all("source") == [""])
        #expect(try parse("log --correlation=a=b").string("correlation") == "a=b")
        #expect(try parse("log --correlation -").string("correlation") == "-")
        #expect(try parse("log --correlation -2h").string("correlation") == "-2h")
        #expect(try parse("log --correlation=--follow").string("correlation") == "--follow")
        #expect(try parse("log -s-x").string("source") == "-x")
    }

    @Test("a repeated option keeps all its values in order")
    func repeatedOption() throws {
        let invocation = try parse("log --source b -s a --source=c")
        #expect(invocation.all("source") == ["b", "a", "c"])
        #expect(invocation.string("source") == "c")
    }

    @Test(
        "an option of the root stands before or after the commands",
        arguments: [
            "--ledger x hooks list --format csv", "hooks --ledger x list --format csv",
            "hooks list --format csv --ledger x", "--ledger=x hooks list --format=csv",
        ]
    )
    func globalOptions(line: String) throws {
        let invocation = try parse(line)
        #expect(invocation.path == ["hooks", "list"])
        #expect(invocation.string("ledger") == "x")
        #expect(invocation.string("format") == "csv")
    }

    @Test("the value of an option is not taken for a command")
    func valueLikeCommand() throws {
        let invocation = try parse("--ledger log hooks --sources list verify")
        #expect(invocation.path == ["hooks", "verify"])
        #expect(invocation.string("ledger") == "log")
        #expect(invocation.string("sources") == "list")
    }

    @Test("operands are given by place, between options too")
    func operands() throws {
        let invocation = try parse("show 12 --format json body")
        #expect(invocation.integer("SEQ") == 12)
        #expect(invocation.string("PART") == "body")
        #expect(invocation.string("format") == "json")
        #expect(try parse("show 12").string("PART") == nil)
    }

    @Test("an operand that repeats takes all that is left")
    func repeatedOperands() throws {
        #expect(try parse("append a --secret s b -").all("FILE") == ["a", "b", "-"])
        #expect(try parse("keys rotate").all("NAME") == [])
        #expect(try parse("keys rotate a b").all("NAME") == ["a", "b"])
    }

    @Test("two dashes end the options")
    func endOfOptions() throws {
        let invocation = try parse("append a -- --secret -h --")
        #expect(invocation.request == .run)
        #expect(invocation.all("FILE") == ["a", "--secret", "-h", "--"])
        #expect(invocation.rest == [])
    }

    @Test("a command line after two dashes is kept word for word")
    func commandLineAfterDashes() throws {
        let words = ["sync", "stock", "--", "./push", "--ledger", "a b", "--", "--help", ""]
        let invocation = try sample.parse(words)
        #expect(invocation.request == .run)
        #expect(invocation.string("NAME") == "stock")
        #expect(invocation.rest == ["./push", "--ledger", "a b", "--", "--help", ""])
        #expect(invocation.string("ledger") == nil)
    }

    @Test(
        "whoever asks for help gets that of the command, whatever else is wrong",
        arguments: [
            ("--help", []), ("-h", []), ("log --help", ["log"]), ("--help log", ["log"]),
            ("log -qh", ["log"]), ("show -h", ["show"]), ("hooks verify -h", ["hooks", "verify"]),
            ("--bogus log --help", ["log"]), ("log --limit --help", ["log"]),
            ("log --limit many -h", ["log"]), ("log --help --help", ["log"]),
        ] as [(String, [String])]
    )
    func help(line: String, path: [String]) throws {
        let invocation = try parse(line)
        #expect(invocation.request == .help)
        #expect(invocation.path == path)
    }

    @Test(
        "a command that only has subcommands asks for its help when called alone",
        arguments: [
            ("", []), ("--ledger x", []), ("hooks", ["hooks"]), ("keys --ledger x", ["keys"]),
        ]
            as [(String, [String])]
    )
    func groupAlone(line: String, path: [String]) throws {
        let invocation = try parse(line)
        #expect(invocation.request == .help)
        #expect(invocation.path == path)
    }

    @Test("the version is asked for at any level, without the operands a run would need")
    func version() throws {
        #expect(try parse("--version").request == .version)
        #expect(try parse("show --version").request == .version)
        #expect(try parse("--version --help").request == .help)
    }

    #if DEBUG
    @Test("to ask for an option that the table does not declare stops a debug build")
    func undeclaredName() async {
        await #expect(processExitsWith: .failure) {
            _ = try sample.parse(["log"]).string("limt")
        }
    }
    #endif
}
