import Arguments
import Testing

@Suite("Faults of a table")
struct FaultsTests {
    @Test("the sample has none")
    func sound() {
        #expect(sample.faults() == [])
    }

    @Test("each fault is listed with the command it is in", arguments: faultyCommands)
    func faulty(command: Command, fault: String) {
        let table = Command("t", "tests", options: [.help], subcommands: [command])
        #expect(table.faults() == ["t \(command.name): \(fault)"])
    }
}

private let faultyCommands: [(Command, String)] = [
    (Command("a b", "does it"), "the name is not a plain word"),
    (Command("a", "Does it."), "\"Does it.\" is not one line without a full stop"),
    (
        Command("a", "does it", operands: [Operand("X", "x")], subcommands: [Command("b", "b")]),
        "it has both subcommands and operands"
    ),
    (
        Command("a", "does it", operands: [Operand("X", "x", .optional), Operand("Y", "y")]),
        "Y is required after an optional operand"
    ),
    (
        Command(
            "a",
            "does it",
            operands: [Operand("X", "x", .oneOrMore), Operand("Y", "y", .optional)]
        ),
        "X repeats but is not the last"
    ),
    (Command("a", "does it", options: [Option("help", "x")]), "--help is declared twice"),
    (
        Command("a", "does it", options: [Option("one", "x", short: "h")]),
        "-h is declared twice"
    ),
    (Command("a", "does it", options: [Option("--one", "x")]), "----one is not a plain word"),
    (Command("a", "does it", options: [Option("one", "x", short: "1")]), "-1 is not a letter"),
    (
        Command("a", "does it", options: [Option("one", "x", kind: .natural)]),
        "--one is a flag but has a kind of value or is required"
    ),
    (
        Command("a", "does it", options: [Option("one", "x", value: "X", kind: .choice(["$a"]))]),
        "the choice \"$a\" of --one is not a plain word"
    ),
    (
        Command("a", "does it", rest: Operand("X", "x\ny", .oneOrMore)),
        "\"x\ny\" is not one line without a full stop"
    ),
    (
        Command("a", "does it", operands: [Operand("X", "x"), Operand("X", "x")]),
        "X is declared twice"
    ),
]
