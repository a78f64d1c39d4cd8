/// A command line that cannot be understood: what is wrong, and the nearest right thing.
package struct UsageError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong.
    package enum Problem: Hashable, Sendable {
        /// No such command here; `elsewhere` are the full names of those called so in other places.
        case unknownCommand(String, nearest: String?, elsewhere: [String])
        /// No such option here; `owners` are the full names of the commands that have it.
        case unknownOption(String, nearest: String?, owners: [String])
        /// An option that may be given once is given again.
        case repeatedOption(String)
        /// A required option is absent; given with the name of its value.
        case missingOption(String)
        /// An option stands without its value; `found` is the option that follows instead.
        case missingValue(option: String, value: String, found: String?)
        /// A flag is given a value.
        case unwantedValue(option: String)
        /// The value of an option or operand is not of its kind.
        case unfitValue(of: String, expected: String, found: String, nearest: String?)
        /// A required operand is absent, or the words after `--` are.
        case missingOperand(String)
        /// One operand too many; `rest` names what the command takes after `--`.
        case unexpectedOperand(String, rest: String?)
    }

    /// What is wrong.
    package let problem: Problem
    /// The full name of the command as far as it was understood, such as `daybook log`.
    package let command: String

    /// The problem in one line, and where to read more in a second one.
    package var description: String { "\(statement)\nsee \"\(command) --help\"" }

    private var statement: String {
        switch problem {
        case .unknownCommand(let name, let nearest, let elsewhere):
            let places = elsewhere.isEmpty ? nil : "there is \(Self.list(elsewhere))"
            return "unknown command \(name.debugDescription) for \"\(command)\""
                + Self.hint(nearest, else: places)
        case .unknownOption(let option, let nearest, let owners):
            let place = owners.isEmpty ? nil : "\(option) belongs to \(Self.list(owners))"
            return "unknown option \(option) for \"\(command)\"" + Self.hint(nearest, else: place)
        case .repeatedOption(let option):
            return "option \(option) is given twice for \"\(command)\""
        case .missingOption(let option):
            return "missing option \(option) for \"\(command)\""
        case .missingValue(let option, let value, let found):
            let missing = "missing value \(value) after \(option)"
            guard let found else { return missing }
            return missing + ", found \(found); write a value that begins with \"-\" as "
                + (option.hasPrefix("--") ? "\(option)=\(value)" : "\(option)\(value)")
        case .unwantedValue(let option):
            return "option \(option) takes no value"
        case .unfitValue(let name, let expected, let found, let nearest):
            return "\(name) must be \(expected); found \(found.debugDescription)"
                + Self.hint(nearest, else: nil)
        case .missingOperand(let name):
            return "missing operand \(name) for \"\(command)\""
        case .unexpectedOperand(let found, let rest):
            let advice = rest.map { "; write \($0) after --" } ?? ""
            return "unexpected operand \(found.debugDescription) for \"\(command)\"\(advice)"
        }
    }

    private static func hint(_ nearest: String?, else other: String?) -> String {
        if let nearest { return "; did you mean \(nearest)?" }
        return other.map { "; \($0)" } ?? ""
    }

    /// Lists up to three command names, and says how many more there are.
    private static func list(_ commands: [String]) -> String {
        let quoted = commands.prefix(3).map { "\"\($0)\"" }
        let more = commands.count - quoted.count
        if more > 0 { return quoted.joined(separator: ", ") + " and \(more) more" }
        guard let last = quoted.last, quoted.count > 1 else { return quoted.joined() }
        return quoted.dropLast().joined(separator: ", ") + " and \(last)"
    }
}
