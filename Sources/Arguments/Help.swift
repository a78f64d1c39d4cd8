extension Command {
    /// Renders the help screen of a command of this table, whose root this command is.
    ///
    /// - Parameters:
    ///   - path: the command's names from below the root; the screen is that of the deepest
    ///     command the table knows on this path.
    ///   - width: the widest a line may be, in characters; words longer than that stay whole.
    ///   - colour: whether headings and terms are bold, by ANSI escape codes.
    /// - Returns: the screen, each line ended by a line feed.
    package func help(for path: [String] = [], width: Int = 80, colour: Bool = false) -> String {
        let place = Place(self).descend(path)
        let lists = place.lists
        let terms = lists.flatMap { $0.entries.map(\.term) }
        let layout = TextLayout(width: width, colour: colour, terms: terms)
        var blocks = [
            layout.usage(place.usage),
            layout.wrap(place.command.summary.sentence),
        ]
        blocks += (place.command.discussion?.paragraphs ?? []).map { layout.wrap($0) }
        blocks += lists.map { layout.list($0.heading, $0.entries) }
        if !place.command.examples.isEmpty {
            blocks.append(
                [layout.bold("Examples:")] + place.command.examples.flatMap(layout.example)
            )
        }
        blocks += place.command.notes.map { layout.list($0.title, $0.entries) }
        return blocks.map { $0.joined(separator: "\n") }.joined(separator: "\n\n") + "\n"
    }
}

extension TextLayout {
    fileprivate func usage(_ usage: String) -> [String] {
        let lines = wrap(usage, indent: 7)
        return lines.prefix(1).map { bold("Usage:") + $0.dropFirst(6) } + lines.dropFirst()
    }

    fileprivate func example(_ example: Example) -> [String] {
        ["  " + bold(example.line)] + wrap(example.effect, indent: 6)
    }
}

extension Place {
    /// What the help lists, before the examples.
    fileprivate var lists: [(heading: String, entries: [Definition])] {
        var lists: [(heading: String, entries: [Definition])] = []
        lists.append(("Operands", command.arguments))
        lists += groups.map { group in
            (group.heading, group.commands.map { Definition(term: $0.name, meaning: $0.summary) })
        }
        lists.append(("Options", command.options.map(\.definition)))
        for place in places.dropLast().reversed() {
            let owner = place.above.isEmpty ? "every command" : "every \"\(place.title)\" command"
            lists.append(("Options of \(owner)", place.command.options.map(\.definition)))
        }
        return lists.filter { !$0.entries.isEmpty }
    }
}

extension Command {
    /// The operands and what follows `--`, with what they are.
    var arguments: [Definition] {
        var entries = operands.map { Definition(term: $0.notation, meaning: $0.explanation) }
        if let rest {
            entries.append(Definition(term: "-- \(rest.notation)", meaning: rest.explanation))
        }
        return entries
    }
}

extension Option {
    /// The spellings, aligned so that the long names stand below each other, with what they do.
    fileprivate var definition: Definition {
        let names = short.map { "-\($0), \(long)" } ?? "    \(long)"
        return Definition(term: value.map { "\(names) \($0)" } ?? names, meaning: explanation)
    }
}
