/// A named setting of a command: a flag, or an option with a value.
package struct Option: Hashable, Sendable {
    /// The long name without dashes, such as `limit`.
    package let name: String
    /// What the option does: one line, lower case, no full stop.
    package let summary: String
    /// The one-letter name, such as `n`.
    package let short: Character?
    /// The value's name in help, such as `N`; `nil` makes the option a flag.
    package let value: String?
    /// What the value may be; `.text` for a flag.
    package let kind: ValueKind
    /// Whether the option may be given more than once.
    package let repeats: Bool
    /// Whether the command refuses to run without the option.
    package let isRequired: Bool
    /// What holds when the option is absent, in words for help; the parser fills nothing in.
    package let defaultText: String?

    /// Declares an option; without `value` it is a flag.
    package init(
        _ name: String,
        _ summary: String,
        short: Character? = nil,
        value: String? = nil,
        kind: ValueKind = .text,
        repeats: Bool = false,
        isRequired: Bool = false,
        default defaultText: String? = nil
    ) {
        self.name = name
        self.summary = summary
        self.short = short
        self.value = value
        self.kind = kind
        self.repeats = repeats
        self.isRequired = isRequired
        self.defaultText = defaultText
    }

    /// The flag `-h`, `--help`: the parser turns a flag of this name into a request for help.
    package static let help = Option("help", "shows this help", short: "h")

    /// The flag `--version`: the parser turns a flag of this name into a request for the version.
    package static let version = Option("version", "shows the version")

    /// The long spelling, such as `--limit`.
    var long: String { "--\(name)" }

    /// Every spelling, the short one first.
    var spellings: [String] { (short.map { ["-\($0)"] } ?? []) + [long] }

    /// The summary with what else is known about the value, for help and the manual.
    var explanation: String {
        var notes: [String] = []
        if isRequired { notes.append("required") }
        if let note = kind.note { notes.append(note) }
        if repeats { notes.append("may be repeated") }
        if let defaultText { notes.append("default: \(defaultText)") }
        return notes.isEmpty ? summary : "\(summary) (\(notes.joined(separator: "; ")))"
    }
}
