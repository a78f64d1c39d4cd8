/// Lays text out for a terminal: wrapped paragraphs, and lists of terms with their meanings.
///
/// Widths count characters; escape codes are added after everything is measured.
struct TextLayout {
    /// The widest a line may be.
    let width: Int
    /// Whether headings and terms are set bold with ANSI escape codes.
    let colour: Bool
    /// The column at which meanings start, the same for every list of one screen.
    private let column: Int

    /// Chooses the column so that most of `terms` fit before it, within two fifths of the width.
    init(width: Int, colour: Bool, terms: [String]) {
        self.width = width
        self.colour = colour
        let widest = max(12, width * 2 / 5)
        column = min(terms.map { $0.count + 4 }.max() ?? 0, widest)
    }

    func bold(_ text: String) -> String {
        colour ? "\u{1B}[1m\(text)\u{1B}[0m" : text
    }

    /// Returns `heading`, a line for itself, and the list below it.
    func list(_ heading: String, _ entries: [Definition]) -> [String] {
        [bold("\(heading):")] + entries.flatMap(entry)
    }

    /// Returns a term, and its meaning beside it or, when the term is too long, below it.
    private func entry(_ entry: Definition) -> [String] {
        let meaning = wrap(entry.meaning, indent: column)
        let padding = column - 2 - entry.term.count
        guard padding >= 2, let first = meaning.first else {
            return ["  " + bold(entry.term)] + meaning
        }
        return ["  " + bold(entry.term) + first.dropFirst(column - padding)]
            + meaning.dropFirst()
    }

    /// Breaks text between words into lines that all start with `indent` spaces.
    ///
    /// A word longer than a line is left whole.
    func wrap(_ text: String, indent: Int = 0) -> [String] {
        let margin = String(repeating: " ", count: indent)
        var lines: [String] = []
        var line = ""
        for word in text.split(whereSeparator: \.isWhitespace) {
            if line.isEmpty {
                line = margin + word
            } else if line.count + 1 + word.count <= width {
                line += " " + word
            } else {
                lines.append(line)
                line = margin + word
            }
        }
        return line.isEmpty ? lines : lines + [line]
    }
}

extension String {
    /// The paragraphs of a text in which empty lines separate them, each without line breaks.
    var paragraphs: [String] {
        split(separator: "\n", omittingEmptySubsequences: false)
            .split { $0.allSatisfy(\.isWhitespace) }
            .map { $0.joined(separator: " ") }
    }

    /// A summary as a sentence of its own.
    var sentence: String { prefix(1).uppercased() + dropFirst() + "." }
}
