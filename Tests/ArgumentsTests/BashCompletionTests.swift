import Arguments
import Testing

@Suite("Completion in bash", .enabled(if: program("bash") != nil, "bash is not installed"))
struct BashCompletionTests {
    /// Completes as bash does: with the line split into words, the last of which is completed.
    private func complete(_ words: [String]) throws -> [String] {
        let bash = try #require(program("bash"))
        let script =
            sample.completionScript(for: .bash) + """
                COMP_WORDS=("$@")
                COMP_CWORD=$(($# - 1))
                _daybook
                printf '%s\\n' "${COMPREPLY[@]}"
                """
        let (status, output) = try run(bash, ["--norc", "-uc", script, "bash"] + words)
        #expect(status == 0, "\(output)")
        return output.split(separator: "\n").map(String.init).sorted()
    }

    @Test("what may stand at the cursor is offered", arguments: expectations)
    func offers(expectation: (line: String, offered: String)) throws {
        let words = expectation.line.split(separator: " ", omittingEmptySubsequences: false)
        let offered = expectation.offered.split(separator: " ").map(String.init)
        #expect(try complete(words.map(String.init)) == offered)
    }

    @Test("programs are offered after two dashes, then files")
    func commandLine() throws {
        #expect(try complete(["daybook", "sync", "stock", "--", "bas"]).contains("bash"))
        let files = try complete(["daybook", "sync", "stock", "--", "cat", "daybook.1"])
        #expect(files == ["daybook.1"])
    }

    @Test("the function is registered for the program")
    func registration() throws {
        let bash = try #require(program("bash"))
        let script = sample.completionScript(for: .bash) + "complete -p daybook"
        #expect(try run(bash, ["--norc", "-c", script]) == (0, "complete -F _daybook daybook\n"))
    }
}

// Lines as bash splits them, and what is offered, sorted; files are those of the fixtures.
private let expectations: [(line: String, offered: String)] = [
    ("daybook ", "append erase hooks init keys log show sync verify"),
    ("daybook s", "show sync"),
    ("daybook -", "--help --ledger --version -h"),
    ("daybook log --fo", "--follow --format"),
    ("daybook log --ledger --fo", ""),
    ("daybook log --format ", "csv json ndjson table"),
    ("daybook log --format n", "ndjson"),
    ("daybook log --format =", "csv json ndjson table"),
    ("daybook log --format = j", "json"),
    ("daybook log --format=j", "--format=json"),
    ("daybook log --format = json --fol", "--follow"),
    ("daybook log --limit ", ""),
    ("daybook log -n 5 --qui", "--quiet"),
    ("daybook log -n ", ""),
    ("daybook log ", ""),
    ("daybook --ledger log sh", "show"),
    ("daybook --ledger = log sh", "show"),
    ("daybook --ledger ../Fix", "../Fixtures"),
    ("daybook hooks ", "list verify"),
    ("daybook hooks verify --s", "--sources"),
    ("daybook hooks --sources daybook.1", "daybook.1"),
    ("daybook hooks --sources list ver", "verify"),
    ("daybook hooks list --f", "--format"),
    ("daybook verify --f", ""),
    ("daybook verify daybook.1", "daybook.1"),
    ("daybook verify bundle daybook.1", ""),
    ("daybook show ", ""),
    ("daybook show 1 ", "body headers line"),
    ("daybook show 1 body ", ""),
    ("daybook show --format json 1 b", "body"),
    ("daybook append one two daybook.1", "daybook.1"),
    ("daybook append one -- daybook.1", "daybook.1"),
    ("daybook append one -- --sec", ""),
    ("daybook sync ", ""),
    ("daybook sync stock ", "--"),
    ("daybook log --correlation a : b --qui", "--quiet"),
    ("daybook erase a = b --rea", "--reason"),
]
