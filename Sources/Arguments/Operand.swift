/// A value that a command takes by its place, not by a name.
package struct Operand: Hashable, Sendable {
    /// How many values an operand takes.
    package enum Occurrence: Hashable, Sendable {
        /// Exactly one.
        case required
        /// None or one.
        case optional
        /// One or more; only for the last operand.
        case oneOrMore
        /// Any number; only for the last operand.
        case zeroOrMore
    }

    /// The name in help and in `Invocation`, in capitals, such as `SEQ`.
    package let name: String
    /// What the operand is: one line, lower case, no full stop.
    package let summary: String
    /// How many values it takes.
    package let occurrence: Occurrence
    /// What each value may be.
    package let kind: ValueKind

    /// Declares an operand.
    package init(
        _ name: String,
        _ summary: String,
        _ occurrence: Occurrence = .required,
        kind: ValueKind = .text
    ) {
        self.name = name
        self.summary = summary
        self.occurrence = occurrence
        self.kind = kind
    }

    /// Whether at least one value must be given.
    var isRequired: Bool { occurrence == .required || occurrence == .oneOrMore }

    /// Whether several values may be given.
    var repeats: Bool { occurrence == .oneOrMore || occurrence == .zeroOrMore }

    /// The operand as a usage line shows it, such as `[FILE...]`.
    var notation: String {
        let text = repeats ? "\(name)..." : name
        return isRequired ? text : "[\(text)]"
    }

    /// The summary with what else is known about the value, for help and the manual.
    var explanation: String {
        kind.note.map { "\(summary) (\($0))" } ?? summary
    }
}
