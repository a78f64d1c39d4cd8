import Arguments
import POSIX

/// The command `daybook completion`.
enum CompletionCommand: ProgramCommand {
    static let command = Command(
        "completion",
        "prints a completion script for a shell",
        group: "Help",
        operands: [
            Operand("SHELL", "the shell", kind: .choice(Shell.allCases.map(\.rawValue)))
        ],
        examples: [
            Example("source <(daybook completion bash)", "completes in this bash"),
            Example(
                "daybook completion fish > ~/.config/fish/completions/daybook.fish",
                "completes in every fish"
            ),
        ]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        guard let shell = context.invocation.string("SHELL").flatMap(Shell.init(rawValue:)) else {
            return .usage
        }
        try StandardStream.output.write(Program.table.completionScript(for: shell))
        return .done
    }
}

/// The command `daybook man`.
enum ManCommand: ProgramCommand {
    static let command = Command(
        "man",
        "prints the manual page",
        group: "Help",
        examples: [Example("daybook man | man -l -", "reads the manual")]
    )

    static func run(_ context: Context) throws -> ExitStatus {
        try StandardStream.output.write(
            Program.table.manPage(date: Program.date, version: Program.version)
        )
        return .done
    }
}
