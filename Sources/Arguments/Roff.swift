/// The source of a manual page, written macro by macro (groff_man(7)).
struct Roff {
    /// What is written so far.
    private(set) var source: String

    /// Starts the page of a user command.
    init(title: String, date: String, origin: String) {
        // Formatters read the date, so its dashes stay as they are. Words are not hyphenated and
        // spaces not stretched, for commands and paths stand in the text.
        source = """
            .TH "\(Self.escape(title))" "1" "\(date)" "\(Self.escape(origin))" "User Commands"
            .nh
            .ad l

            """
    }

    /// Calls a macro; the arguments are plain text.
    mutating func macro(_ name: String, _ arguments: String...) {
        source += ".\(name)" + arguments.map { " \"\(Self.escape($0))\"" }.joined() + "\n"
    }

    /// Writes a line that is already escaped.
    mutating func text(_ line: String) {
        // A line that starts with a dot or an apostrophe would be taken for a macro.
        source += line.hasPrefix(".") ? "\\&\(line)\n" : "\(line)\n"
    }

    /// Writes plain text in which empty lines separate paragraphs.
    mutating func paragraphs(_ discussion: String) {
        for (index, paragraph) in discussion.paragraphs.enumerated() {
            if index > 0 { macro("PP") }
            text(Self.escape(paragraph))
        }
    }

    /// Writes a term, already escaped, and its meaning, plain text.
    mutating func term(_ term: String, _ meaning: String) {
        macro("TP")
        text(term)
        text(Self.escape(meaning))
    }

    static func bold(_ plain: String) -> String { "\\fB\(escape(plain))\\fR" }

    static func italic(_ plain: String) -> String { "\\fI\(escape(plain))\\fR" }

    /// Spells plain text in ASCII so that it prints, and can be copied, exactly as it is.
    ///
    /// Without this, roff turns dashes and quotes into typographic ones.
    static func escape(_ plain: some StringProtocol) -> String {
        var escaped = ""
        for scalar in plain.unicodeScalars {
            switch scalar {
            case "\\": escaped += "\\[rs]"
            case "-": escaped += "\\-"
            case "\"": escaped += "\\[dq]"
            case "'": escaped += "\\[aq]"
            case "`": escaped += "\\[ga]"
            case "^": escaped += "\\[ha]"
            case "~": escaped += "\\[ti]"
            case _ where scalar.isASCII: escaped.unicodeScalars.append(scalar)
            default:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                escaped +=
                    "\\[u\(String(repeating: "0", count: max(0, 4 - digits.count)))\(digits)]"
            }
        }
        return escaped
    }
}
