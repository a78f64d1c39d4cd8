extension Command {
    /// Reads a command line against this table, whose root this command is.
    ///
    /// `--name value`, `--name=value`, `-n value`, `-nvalue` and joined flags `-ab` are
    /// understood, options and operands may be mixed, and `--` ends the options. A word that
    /// begins with a dash is never taken as the value of the option before it, unless a digit
    /// follows the dash. Whoever asks for help gets it, whatever else is wrong with the line,
    /// unless the command itself is unknown.
    ///
    /// - Parameter arguments: the words after the program's name.
    /// - Returns: what the line asks for, with every value checked against its kind.
    /// - Throws: `UsageError` for the first thing wrong, from left to right.
    package func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        var parser = Parser(root: self)
        return try parser.parse(arguments)
    }
}

/// The state of reading one command line.
private struct Parser {
    let root: Command
    var place: Place
    var words: ArraySlice<String> = []
    var operands: [String] = []
    var rest: [String] = []
    var values: [String: [String]] = [:]

    init(root: Command) {
        self.root = root
        place = Place(root)
    }

    mutating func parse(_ arguments: [String]) throws(UsageError) -> Invocation {
        words = arguments[...]
        // The first error waits until the whole line is read, because help may be asked for later.
        var failure: UsageError?
        while let word = words.popFirst() {
            do throws(UsageError) {
                try take(word)
            } catch {
                if case .unknownCommand = error.problem { throw failure ?? error }
                failure = failure ?? error
            }
        }
        if values[Option.help.name] != nil { return invocation(.help) }
        if let failure { throw failure }
        if values[Option.version.name] != nil { return invocation(.version) }
        let needsCommand = !place.command.subcommands.isEmpty && !place.command.runsAlone
        if needsCommand, operands.isEmpty { return invocation(.help) }
        try assignOperands()
        try checkRequired()
        return invocation(.run)
    }

    // MARK: Words

    private mutating func take(_ word: String) throws(UsageError) {
        if word == "--" {
            takeRest()
        } else if word.hasPrefix("--") {
            try takeLong(word)
        } else if looksLikeOption(word) {
            try takeShort(word)
        } else if place.command.subcommands.isEmpty {
            operands.append(word)
        } else {
            try enter(word)
        }
    }

    private mutating func takeRest() {
        if place.command.rest != nil {
            rest = Array(words)
        } else {
            operands += words
        }
        words = []
    }

    private mutating func enter(_ name: String) throws(UsageError) {
        if let next = place.child(name) {
            place = next
            return
        }
        let near = nearest(to: name, among: place.command.subcommands.map(\.name))
        let elsewhere = Place(root).all.filter { $0.path.last == name }.map(\.title)
        throw error(.unknownCommand(name, nearest: near, elsewhere: elsewhere))
    }

    // MARK: Options

    private mutating func takeLong(_ word: String) throws(UsageError) {
        let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        let name = String(parts[0].dropFirst(2))
        guard let option = place.options.first(where: { $0.name == name }) else {
            throw unknownLong(name)
        }
        try take(option, spelled: option.long, joined: parts.count > 1 ? String(parts[1]) : nil)
    }

    private mutating func takeShort(_ word: String) throws(UsageError) {
        var letters = word.dropFirst()
        while let letter = letters.popFirst() {
            guard let option = place.options.first(where: { $0.short == letter }) else {
                throw unknownShort(letter, in: word)
            }
            guard option.value != nil, !letters.isEmpty else {
                try take(option, spelled: "-\(letter)", joined: nil)
                continue
            }
            let value = letters.first == "=" ? letters.dropFirst() : letters
            return try take(option, spelled: "-\(letter)", joined: String(value))
        }
    }

    private mutating func take(
        _ option: Option,
        spelled spelling: String,
        joined: String?
    ) throws(UsageError) {
        guard let valueName = option.value else {
            guard joined == nil else { throw error(.unwantedValue(option: spelling)) }
            return try store("", for: option, spelled: spelling)
        }
        if let joined { return try store(joined, for: option, spelled: spelling) }
        guard let next = words.first, next != "--", !looksLikeOption(next) else {
            let found = words.first.map(nameOnly)
            throw error(.missingValue(option: spelling, value: valueName, found: found))
        }
        words.removeFirst()
        try store(next, for: option, spelled: spelling)
    }

    private mutating func store(
        _ value: String,
        for option: Option,
        spelled spelling: String
    ) throws(UsageError) {
        guard option.repeats || values[option.name] == nil else {
            throw error(.repeatedOption(spelling))
        }
        if option.value != nil { try check(value, option.kind, of: spelling) }
        values[option.name, default: []].append(value)
    }

    /// Tells an option from a value: a lone dash and a negative number are values.
    private func looksLikeOption(_ word: String) -> Bool {
        let second = word.dropFirst().first
        return word.hasPrefix("-") && second.map { !$0.isNumber } ?? false
    }

    /// Leaves out the value that is joined to an option, for it may be a secret.
    private func nameOnly(_ word: String) -> String {
        String(word.hasPrefix("--") ? word.prefix { $0 != "=" } : word.prefix(2))
    }

    // MARK: The end of the line

    private mutating func assignOperands() throws(UsageError) {
        var left = operands[...]
        for operand in place.command.operands {
            let taken = left.prefix(operand.repeats ? left.count : 1)
            left = left.dropFirst(taken.count)
            if taken.isEmpty, operand.isRequired { throw error(.missingOperand(operand.name)) }
            for value in taken { try check(value, operand.kind, of: operand.name) }
            if !taken.isEmpty { values[operand.name] = Array(taken) }
        }
        if let extra = left.first {
            throw error(.unexpectedOperand(extra, rest: place.command.rest?.notation))
        }
    }

    private func checkRequired() throws(UsageError) {
        if let operand = place.command.rest, operand.isRequired, rest.isEmpty {
            throw error(.missingOperand("-- \(operand.notation)"))
        }
        for option in place.options where option.isRequired && values[option.name] == nil {
            throw error(.missingOption("\(option.long) \(option.value ?? "")"))
        }
    }

    private func check(
        _ value: String,
        _ kind: ValueKind,
        of name: String
    ) throws(UsageError) {
        guard !kind.accepts(value) else { return }
        var near: String?
        if case .choice(let words) = kind { near = nearest(to: value, among: words) }
        let expected = kind.expectation
        throw error(.unfitValue(of: name, expected: expected, found: value, nearest: near))
    }

    private func invocation(_ request: Invocation.Request) -> Invocation {
        let names = place.options.map(\.name) + place.command.operands.map(\.name)
        return Invocation(
            path: place.path,
            request: request,
            rest: rest,
            values: values,
            declared: Set(names)
        )
    }

    // MARK: Errors

    private func error(_ problem: UsageError.Problem) -> UsageError {
        UsageError(problem: problem, command: place.title)
    }

    private func unknownLong(_ name: String) -> UsageError {
        let owners = Place(root).all.filter { $0.command.options.contains { $0.name == name } }
        let near = owners.isEmpty ? nearest(to: name, among: place.options.map(\.name)) : nil
        let hint = near.map { "--\($0)" }
        return error(.unknownOption("--\(name)", nearest: hint, owners: owners.map(\.title)))
    }

    /// A long name with one dash is the likeliest reason for an unknown letter.
    private func unknownShort(_ letter: Character, in word: String) -> UsageError {
        let name = String(word.dropFirst().prefix { $0 != "=" })
        if name.count > 1, let near = nearest(to: name, among: place.options.map(\.name)) {
            return error(.unknownOption("-\(name)", nearest: "--\(near)", owners: []))
        }
        let owners = Place(root).all.filter { $0.command.options.contains { $0.short == letter } }
        return error(.unknownOption("-\(letter)", nearest: nil, owners: owners.map(\.title)))
    }
}
