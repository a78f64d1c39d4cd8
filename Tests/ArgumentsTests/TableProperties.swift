import Arguments
import Testing

@Suite("What holds for every table")
struct TableProperties {
    /// The sample, and tables made up.
    private func table(seed: UInt64) -> Command {
        if seed == 0 { return sample }
        var maker = TableMaker(seed: seed)
        return maker.table()
    }

    @Test("every command and option appears in help, manual and scripts", arguments: UInt64(0)...20)
    func everythingAppears(seed: UInt64) {
        let root = table(seed: seed)
        #expect(root.faults() == [])
        let manual = root.manPage(date: "2026-03-31", version: "1.0")
        let scripts = Shell.allCases.map { ($0, root.completionScript(for: $0)) }
        for (path, command) in commands(of: root) {
            let title = ([root.name] + path).joined(separator: " ")
            let parent = root.help(for: Array(path.dropLast()))
            #expect(path.isEmpty || parent.contains("\n  \(command.name) "))
            #expect(root.help(for: path).hasPrefix("Usage: \(title)"))
            #expect(manual.contains(title.replacing("-", with: "\\-")))
            for (shell, script) in scripts {
                #expect(script.contains(command.name), "\(title) in \(shell)")
            }
            for option in command.options {
                let long = "--\(option.name)"
                #expect(root.help(for: path).contains(" \(long)"))
                #expect(manual.contains("\\fB\(long.replacing("-", with: "\\-"))\\fR"))
                for (shell, script) in scripts {
                    let spelling = shell == .fish ? "-l \(option.name) " : long
                    #expect(script.contains(spelling), "\(long) of \(title) in \(shell)")
                }
            }
        }
    }

    @Test("what a line gives is what is read from it", arguments: UInt64(1)...40)
    func roundTrip(seed: UInt64) throws {
        let root = table(seed: seed)
        var maker = TableMaker(seed: seed &+ 1_000)
        for (path, command) in commands(of: root) where command.subcommands.isEmpty {
            var expected: [String: [String]] = [:]
            var words = path
            for option in command.options.shuffled(using: &maker.generator)
            where option != .help && option != .version {
                for _ in 0..<Int.random(in: 0...(option.repeats ? 3 : 1), using: &maker.generator) {
                    let value = option.value == nil ? "" : maker.value(of: option.kind)
                    expected[option.name, default: []].append(value)
                    let isJoined = Bool.random(using: &maker.generator)
                    if option.value == nil {
                        words.append("--\(option.name)")
                    } else {
                        words +=
                            isJoined ? ["--\(option.name)=\(value)"] : ["--\(option.name)", value]
                    }
                }
            }
            for operand in command.operands {
                expected[operand.name] = [maker.value(of: operand.kind)]
                words += expected[operand.name] ?? []
            }
            if path.isEmpty, words.isEmpty { continue }
            let invocation = try root.parse(words)
            #expect(invocation.path == path)
            #expect(invocation.request == .run)
            for name in command.options.map(\.name) + command.operands.map(\.name) {
                #expect(invocation.all(name) == expected[name] ?? [], "\(name) in \(words)")
            }
        }
    }

    @Test(
        "no line of words from the table, cut and mixed, stops the parser",
        arguments: UInt64(0)...20
    )
    func anyLine(seed: UInt64) {
        let root = table(seed: seed)
        var generator = SeededGenerator(seed: seed)
        var vocabulary = ["--", "-", "", "=", "--=", "-=", "-h", "-n", "-1", "\u{301}", "--help=x"]
        for (_, command) in commands(of: root) {
            vocabulary += [command.name, String(command.name.dropLast())]
            vocabulary += command.options.flatMap {
                ["--\($0.name)", "--\($0.name)=", "-\($0.name)"]
            }
        }
        for _ in 0..<500 {
            let count = Int.random(in: 0...6, using: &generator)
            let words = (0..<count).map { _ in vocabulary.randomElement(using: &generator) ?? "" }
            do {
                let invocation = try root.parse(words)
                #expect(Set(invocation.path).isSubset(of: words))
            } catch {
                #expect("\(error)".contains("\nsee \"\(root.name)"))
            }
        }
    }

    private func commands(of root: Command) -> [(path: [String], command: Command)] {
        [([], root)]
            + root.subcommands.flatMap { child in
                commands(of: child).map { ([child.name] + $0.path, $0.command) }
            }
    }
}
