/// What a value may be: decides how it is checked and how shells complete it.
package enum ValueKind: Hashable, Sendable {
    /// Any text, the empty one included.
    case text
    /// The path of a file; any text but the empty one.
    case file
    /// The path of a folder; any text but the empty one.
    case directory
    /// The name of a program to run; any text but the empty one.
    case command
    /// A decimal whole number within the range, bounds included.
    case integer(ClosedRange<Int>)
    /// One of these words, in the order in which help lists them.
    case choice([String])

    /// Any whole number from 0 on.
    package static let natural = ValueKind.integer(0...Int.max)

    /// Tells whether `text` is a value of this kind.
    func accepts(_ text: String) -> Bool {
        switch self {
        case .text: true
        case .file, .directory, .command: !text.isEmpty
        case .integer(let range): Int(text).map(range.contains) ?? false
        case .choice(let words): words.contains(text)
        }
    }

    /// What `accepts` wants, as it follows "must be" in an error.
    var expectation: String {
        switch self {
        case .text: "text"
        case .file: "the path of a file"
        case .directory: "the path of a folder"
        case .command: "the name of a program"
        case .integer(let range):
            "a whole number" + (Self.limits(of: range).map { ", \($0)" } ?? "")
        case .choice(let words): "one of \(words.joined(separator: ", "))"
        }
    }

    /// What help adds about the accepted values; `nil` when the value's name says it all.
    var note: String? {
        switch self {
        case .text, .file, .directory, .command: nil
        case .integer(let range): range == 0...Int.max ? nil : Self.limits(of: range)
        case .choice: expectation
        }
    }

    private static func limits(of range: ClosedRange<Int>) -> String? {
        switch (range.lowerBound, range.upperBound) {
        case (.min, .max): nil
        case (let low, .max): "\(low) or more"
        case (.min, let high): "\(high) or less"
        case (let low, let high): "from \(low) to \(high)"
        }
    }
}
