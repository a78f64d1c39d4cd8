extension Command {
    /// Writes the manual page of this table, whose root this command is: one page, all commands.
    ///
    /// - Parameters:
    ///   - date: the date of the program's version, such as `2026-03-31`.
    ///   - version: the program's version, such as `1.0`.
    /// - Returns: roff for the `man` macros (groff_man(7)), in ASCII.
    package func manPage(date: String, version: String) -> String {
        let root = Place(self)
        var page = Roff(title: name.uppercased(), date: date, origin: "\(name) \(version)")
        page.macro("SH", "NAME")
        page.text(Roff.escape("\(name) - \(summary)"))
        page.macro("SH", "SYNOPSIS")
        page.text(Roff.bold(name) + Roff.escape(root.usage.dropFirst(name.count)))
        if let discussion {
            page.macro("SH", "DESCRIPTION")
            page.paragraphs(discussion)
        }
        if !options.isEmpty || !arguments.isEmpty {
            page.macro("SH", "OPTIONS")
            page.lists(of: self)
        }
        if !subcommands.isEmpty { page.macro("SH", "COMMANDS") }
        for place in root.listed.dropFirst() { page.command(place) }
        if !examples.isEmpty {
            page.macro("SH", "EXAMPLES")
            for example in examples { page.example(example) }
        }
        for note in notes { page.note(note, macro: "SH", title: note.title.uppercased()) }
        return page.source
    }
}

extension Place {
    /// This place and every one below it, in the order in which help lists them.
    fileprivate var listed: [Place] {
        [self] + groups.flatMap(\.commands).flatMap { child($0.name)?.listed ?? [] }
    }
}

extension Roff {
    fileprivate mutating func command(_ place: Place) {
        let command = place.command
        macro("SS", place.usage)
        text(Self.escape(command.summary.sentence))
        if let discussion = command.discussion {
            macro("PP")
            paragraphs(discussion)
        }
        lists(of: command)
        for example in command.examples { self.example(example) }
        for note in command.notes { self.note(note, macro: "PP", title: note.title) }
    }

    /// Lists operands and the command's own options.
    fileprivate mutating func lists(of command: Command) {
        for entry in command.arguments {
            term(Self.italic(entry.term), entry.meaning)
        }
        for option in command.options {
            let names = option.spellings.map(Self.bold).joined(separator: ", ")
            term(option.value.map { "\(names) \(Self.italic($0))" } ?? names, option.explanation)
        }
    }

    fileprivate mutating func example(_ example: Example) {
        term(Self.bold(example.line), example.effect)
    }

    fileprivate mutating func note(_ note: Note, macro name: String, title: String) {
        if name == "PP" {
            macro("PP")
            text(Self.escape("\(title):"))
        } else {
            macro(name, title)
        }
        for entry in note.entries { term(Self.bold(entry.term), entry.meaning) }
    }
}
