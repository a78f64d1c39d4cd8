import Arguments
import Testing

@Suite("Completion scripts")
struct ScriptTests {
    @Test("a script is as its fixture", arguments: Shell.allCases)
    func script(shell: Shell) throws {
        #expect(try fixture("daybook.\(shell.rawValue)") == sample.completionScript(for: shell))
    }

    @Test(
        "zsh reads its script",
        .enabled(if: program("zsh") != nil, "zsh is not installed")
    )
    func zsh() throws {
        let path = try #require(program("zsh"))
        #expect(try run(path, ["-fn", "daybook.zsh"]) == (0, ""))
    }

    @Test(
        "fish offers commands, options and choices",
        .enabled(if: program("fish") != nil, "fish is not installed"),
        arguments: [
            ("daybook hooks ", "list verify"), ("daybook log --fo", "--follow --format"),
            ("daybook --ledger log sh", "show"), ("daybook show 1 ", "body headers line"),
            ("daybook log --format n", "ndjson"), ("daybook show --fol", ""),
        ]
    )
    func fish(line: String, offered: String) throws {
        let path = try #require(program("fish"))
        let command = "source daybook.fish; complete -C '\(line)'"
        let (status, output) = try run(path, ["--no-config", "-c", command])
        #expect(status == 0)
        let words = output.split(separator: "\n").compactMap { $0.split(separator: "\t").first }
        #expect(words.joined(separator: " ") == offered)
    }

    @Test("quotes, brackets, colons and backslashes in a summary do not break the scripts")
    func awkwardSummaries() throws {
        let awkward = #"it's [a] "b": \c $d `e`"#
        let table = Command(
            "my-tool",
            awkward,
            options: [.help, Option("one", awkward, value: "X")],
            subcommands: [Command("go", awkward, operands: [Operand("X", awkward)])]
        )
        let bash = table.completionScript(for: .bash)
        #expect(bash.contains("complete -F _my_tool my-tool\n"))
        let zsh = table.completionScript(for: .zsh)
        #expect(zsh.contains(#"'(--one)--one=[it'\''s \[a\] "b"\: \\c $d `e`]:X: '"#))
        #expect(zsh.contains(#"'go:it'\''s [a] "b": \\c $d `e`'"#))
        let fish = table.completionScript(for: .fish)
        #expect(fish.contains(#"-a go -d 'it\'s [a] "b": \\c $d `e`'"#))
    }
}
