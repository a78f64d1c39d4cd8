/// What a command line asks for: a command, and the values for its options and operands.
///
/// Option and operand names share the accessors: `integer("limit")`, `string("KEY")`.
package struct Invocation: Hashable, Sendable {
    /// What is to be done with the command.
    package enum Request: Hashable, Sendable {
        /// Run it.
        case run
        /// Show its help.
        case help
        /// Show the program's version.
        case version
    }

    /// The command's names from below the root, such as `["hooks", "verify"]`; empty for the root.
    package let path: [String]
    /// What is to be done with the command.
    package let request: Request
    /// The words after `--`, as they were given, for a command that takes them.
    package let rest: [String]
    /// The given values by option or operand name; an empty text for each time a flag was given.
    let values: [String: [String]]
    /// The names of all options and operands that the command declares or inherits.
    let declared: Set<String>

    /// Returns the last value of an option or operand; `nil` when none was given.
    package func string(_ name: String) -> String? {
        all(name).last
    }

    /// Returns the value of an option or operand as a number; `nil` when none was given.
    ///
    /// For kinds other than `.integer`, `nil` also when the text is no number.
    package func integer(_ name: String) -> Int? {
        string(name).flatMap { Int($0) }
    }

    /// Tells whether an option was given.
    package func flag(_ name: String) -> Bool {
        !all(name).isEmpty
    }

    /// Every option and operand that was given, by name in the order of names, with its values.
    package var given: [(name: String, values: [String])] {
        values.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    /// Returns every value of an option or operand, in the order given.
    package func all(_ name: String) -> [String] {
        assert(declared.contains(name), "no option or operand \(name) is declared for \(path)")
        return values[name] ?? []
    }
}
