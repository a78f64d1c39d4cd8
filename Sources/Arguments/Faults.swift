extension Command {
    /// Lists what is wrong with this table, whose root this command is; empty when it is sound.
    ///
    /// Parsing, help and completion rely on a sound table, so a program's tests should check that
    /// nothing is listed.
    package func faults() -> [String] {
        Place(self).all.flatMap { place in
            place.faults.map { "\(place.title): \($0)" }
        }
    }
}

extension Place {
    fileprivate var faults: [String] {
        commandFaults + operandFaults + command.options.flatMap(faults)
            + repeated(options.flatMap(\.spellings) + command.operands.map(\.name))
            + repeated(command.subcommands.map(\.name))
    }

    private var commandFaults: [String] {
        var faults = wording(command.summary)
        if !isWord(command.name) { faults.append("the name is not a plain word") }
        if !command.subcommands.isEmpty, !command.operands.isEmpty || command.rest != nil {
            faults.append("it has both subcommands and operands")
        }
        return faults
    }

    private var operandFaults: [String] {
        var faults: [String] = []
        for (operand, next) in zip(command.operands, command.operands.dropFirst()) {
            if operand.repeats { faults.append("\(operand.name) repeats but is not the last") }
            if next.isRequired, !operand.isRequired {
                faults.append("\(next.name) is required after an optional operand")
            }
        }
        for operand in command.operands + (command.rest.map { [$0] } ?? []) {
            faults += wording(operand.summary) + choiceFaults(operand.kind, of: operand.name)
        }
        return faults
    }

    private func faults(of option: Option) -> [String] {
        var faults = wording(option.summary) + choiceFaults(option.kind, of: option.long)
        if !isWord(option.name) {
            faults.append("\(option.long) is not a plain word")
        }
        if let short = option.short, !short.isASCII || !short.isLetter {
            faults.append("-\(short) is not a letter")
        }
        if option.value == nil, option.kind != .text || option.isRequired {
            faults.append("\(option.long) is a flag but has a kind of value or is required")
        }
        return faults
    }

    private func choiceFaults(_ kind: ValueKind, of name: String) -> [String] {
        guard case .choice(let words) = kind else { return [] }
        return words.filter { !isWord($0) }
            .map { "the choice \"\($0)\" of \(name) is not a plain word" }
    }

    private func wording(_ summary: String) -> [String] {
        let isLine = !summary.isEmpty && !summary.contains("\n") && !summary.hasSuffix(".")
        return isLine ? [] : ["\"\(summary)\" is not one line without a full stop"]
    }

    /// Tells whether `text` is ASCII letters, digits, dashes, underscores and dots, which no shell
    /// expands.
    private func isWord(_ text: String) -> Bool {
        let letters = text.allSatisfy { character in
            character.isASCII
                && (character.isLetter || character.isNumber || "-_.".contains(character))
        }
        return letters && !text.isEmpty && !text.hasPrefix("-")
    }

    private func repeated(_ names: [String]) -> [String] {
        var seen: Set<String> = []
        return names.filter { !seen.insert($0).inserted }.map { "\($0) is declared twice" }
    }
}
