/// Text as a terminal shows it: how wide it is, and what in it could do harm.
package enum TerminalText {
    /// Makes text harmless: what would move, colour, hide or reorder is shown instead of obeyed.
    ///
    /// A line break becomes `↵`, a tab `\t`, and any other control, line separator or invisible
    /// format character, bidirectional ones included, its number as in `\u{1b}`. The joiners
    /// U+200C and U+200D stay: scripts and emoji need them. The result is one line, and unchanged
    /// when made harmless again.
    package static func harmless(_ text: String) -> String {
        guard !isPrintableASCII(text) else { return text }
        var result = ""
        var afterReturn = false
        for scalar in text.unicodeScalars {
            if afterReturn, scalar != "\n" { result += "\\u{d}" }
            afterReturn = scalar == "\r"
            if afterReturn { continue }
            switch scalar {
            case "\n": result += "↵"
            case "\t": result += "\\t"
            case _ where isObeyed(scalar): result += number(scalar)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return afterReturn ? result + "\\u{d}" : result
    }

    /// How many columns of a terminal harmless text takes.
    package static func width(_ text: String) -> Int {
        guard !isPrintableASCII(text) else { return text.utf8.count }
        return text.reduce(0) { $0 + width(of: $1) }
    }

    /// Where a text that is too wide is cut.
    package enum Cut: Sendable {
        /// The beginning stays.
        case end
        /// Both ends stay.
        case middle
    }

    /// Returns harmless text cut to `width` columns at most, with `…` where something is missing.
    package static func shortened(_ text: String, to width: Int, at cut: Cut = .end) -> String {
        Shown(harmless: text).shortened(to: width, at: cut).text
    }

    /// How the character is written where it must not be obeyed.
    static func number(_ scalar: Unicode.Scalar) -> String {
        "\\u{" + String(scalar.value, radix: 16) + "}"
    }

    static func isPrintableASCII(_ text: String) -> Bool {
        text.utf8.allSatisfy { (0x20..<0x7f).contains($0) }
    }

    private static func isObeyed(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .control, .lineSeparator, .paragraphSeparator: true
        case .format: scalar != "\u{200C}" && scalar != "\u{200D}"
        default: false
        }
    }
}

/// Harmless text with its measured width.
struct Shown {
    let text: String
    let width: Int

    init(harmless text: String) {
        self.text = text
        width = TerminalText.width(text)
    }

    private init(text: String, width: Int) {
        self.text = text
        self.width = width
    }

    /// Returns the text cut to `limit` columns at most, with `…` where something is missing.
    func shortened(to limit: Int, at cut: TerminalText.Cut) -> Shown {
        guard width > limit else { return self }
        guard limit > 0 else { return Shown(text: "", width: 0) }
        let tail = cut == .middle ? (limit - 1) / 2 : 0
        // No character takes as many columns as bytes unless it is ASCII.
        if width == text.utf8.count {
            let start = Substring(text.utf8.prefix(limit - 1 - tail))
            return Shown(text: start + "…" + Substring(text.utf8.suffix(tail)), width: limit)
        }
        let (start, startWidth) = Self.fitting(text, limit - 1 - tail)
        let (end, endWidth) = Self.fitting(text.reversed(), tail)
        return Shown(
            text: String(start) + "…" + String(end.reversed()),
            width: startWidth + 1 + endWidth
        )
    }

    /// The characters from the beginning that fit in `limit` columns.
    private static func fitting(
        _ text: some Sequence<Character>,
        _ limit: Int
    ) -> (text: [Character], width: Int) {
        var taken: [Character] = []
        var width = 0
        for character in text {
            let next = width + TerminalText.width(of: character)
            guard next <= limit else { break }
            taken.append(character)
            width = next
        }
        return (taken, width)
    }
}
