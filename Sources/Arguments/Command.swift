/// A command of the table; the root of the table is the program itself.
///
/// A command either has subcommands or does something, but for one that `runsAlone`; one with
/// subcommands takes no operands.
/// Its options are accepted by all commands below it too, so the root's options are global.
package struct Command: Sendable {
    /// The word that calls the command, such as `log`; for the root the program's name.
    package let name: String
    /// What the command does: one line, lower case, no full stop.
    package let summary: String
    /// The heading under which the help of the command above lists this one, such as `Look`.
    package let group: String?
    /// More about the command; an empty line separates paragraphs.
    package let discussion: String?
    /// The options that the command adds to those of the commands above it.
    package let options: [Option]
    /// What the command takes by place: required ones first, one that repeats last.
    package let operands: [Operand]
    /// What follows `--` word for word, such as a command line to run; `nil` gives `--` no such use.
    package let rest: Operand?
    /// The commands below this one.
    package let subcommands: [Command]
    /// Whether a command with subcommands does something without one, too.
    package let runsAlone: Bool
    /// Command lines to learn from.
    package let examples: [Example]
    /// Lists that end the help, such as the exit statuses.
    package let notes: [Note]

    /// Declares a command.
    package init(
        _ name: String,
        _ summary: String,
        group: String? = nil,
        discussion: String? = nil,
        options: [Option] = [],
        operands: [Operand] = [],
        rest: Operand? = nil,
        subcommands: [Command] = [],
        runsAlone: Bool = false,
        examples: [Example] = [],
        notes: [Note] = []
    ) {
        self.name = name
        self.summary = summary
        self.group = group
        self.discussion = discussion
        self.options = options
        self.operands = operands
        self.rest = rest
        self.subcommands = subcommands
        self.runsAlone = runsAlone
        self.examples = examples
        self.notes = notes
    }
}

/// A command line and what it does.
package struct Example: Hashable, Sendable {
    /// The whole command line, starting with the program's name.
    package let line: String
    /// What it does: lower case, no full stop.
    package let effect: String

    /// Declares an example.
    package init(_ line: String, _ effect: String) {
        self.line = line
        self.effect = effect
    }
}

/// A titled list of terms and their meanings at the end of a help screen.
package struct Note: Hashable, Sendable {
    /// The heading, such as `Exit status`.
    package let title: String
    /// The list, in order.
    package let entries: [Definition]

    /// Declares a note; each entry is a term and its meaning.
    package init(_ title: String, _ entries: KeyValuePairs<String, String>) {
        self.title = title
        self.entries = entries.map { Definition(term: $0.key, meaning: $0.value) }
    }
}

/// A term and its meaning.
package struct Definition: Hashable, Sendable {
    /// What is explained, as a user types or sees it.
    package let term: String
    /// The explanation: lower case, no full stop.
    package let meaning: String
}
