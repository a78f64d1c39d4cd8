internal import Tables

/// Text made fit to stand in HTML, in elements and in attributes between double quotes.
enum HTMLText {
    /// Escapes the characters that HTML obeys, and shows those that would move or reorder text.
    static func escape(_ text: String) -> String {
        let harmless = TerminalText.harmless(text)
        let special: (UInt8) -> Bool = { "&<>\"'".utf8.contains($0) }
        guard harmless.utf8.contains(where: special) else { return harmless }
        var escaped = ""
        for character in harmless.unicodeScalars {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.unicodeScalars.append(character)
            }
        }
        return escaped
    }
}
