import Bytes

/// Writes rows as comma-separated values: RFC 4180, UTF-8, CRLF.
///
/// - Spreadsheets run what looks like a formula. A text that starts as one gets a leading
///   apostrophe, unless it is a plain number (OWASP, "CSV Injection").
/// - RFC 4180 has no place for control characters, and a terminal would obey them: they are written
///   as in `\u{1b}`. Tabs and line breaks (LF, CRLF) stay.
/// - An absent value is empty, an empty text is `""`.
struct CSVLines {
    private let columns: [Column]

    init(_ columns: [Column]) { self.columns = columns }

    func appendHeader(to output: inout [UInt8]) {
        append(columns.map { .text($0.name) }, to: &output)
    }

    func append(_ row: [Cell], to output: inout [UInt8]) {
        for (i, cell) in row.enumerated() {
            if i > 0 { output.append(44) }
            switch cell {
            case .text(let text), .json(let text): Self.append(text, to: &output)
            // Alone, nothing would be an empty line, which readers skip.
            case .absent: if row.count == 1 { output.append(ascii: "\"\"") }
            default: _ = cell.appendScalar(to: &output)
            }
        }
        output.append(ascii: "\r\n")
    }

    private static func append(_ text: String, to output: inout [UInt8]) {
        if isPlain(text.utf8Span.span) { return output.append(span: text.utf8Span.span) }
        let safe = isFormula(text) ? "'" + text : text
        let field = hasControls(safe) ? withoutControls(safe) : safe
        guard needsQuotes(field) else { return output.append(span: field.utf8Span.span) }
        output.append(34)
        for byte in field.utf8 {
            if byte == 34 { output.append(34) }
            output.append(byte)
        }
        output.append(34)
    }

    /// Whether nothing needs a closer look, as in most fields.
    private static func isPlain(_ utf8: Span<UInt8>) -> Bool {
        guard utf8.count > 0, utf8[utf8.count - 1] != 32 else { return false }
        switch utf8[0] {
        // Space, + - = @ and the lead byte of their full-width forms.
        case 32, 43, 45, 61, 64, 0xef: return false
        default: break
        }
        for i in utf8.indices {
            switch utf8[i] {
            case 0..<32, 34, 44, 59, 0x7f, 0xc2: return false
            default: break
            }
        }
        return true
    }

    /// Whether a spreadsheet may take the text for a formula; to some, also after spaces or in
    /// full width.
    private static func isFormula(_ text: String) -> Bool {
        let start = text.unicodeScalars.drop { $0 == " " }
        return switch start.first {
        case "+", "-": !isNumber(Substring(start).utf8.dropFirst())
        case "=", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠": true
        default: false
        }
    }

    /// Whether the rest after a sign is digits, with one point and an exponent at most.
    private static func isNumber(_ rest: Substring.UTF8View) -> Bool {
        let parts = rest.split(omittingEmptySubsequences: false) { $0 | 0x20 == 101 }
        guard let mantissa = parts.first, parts.count <= 2 else { return false }
        let decimals = mantissa.split(separator: 46, omittingEmptySubsequences: false)
        guard decimals.count <= 2, decimals.allSatisfy(isDigits) else { return false }
        guard parts.count == 2 else { return true }
        let isSigned = parts[1].first == 43 || parts[1].first == 45
        return isDigits(isSigned ? parts[1].dropFirst() : parts[1])
    }

    private static func isDigits(_ text: Substring.UTF8View) -> Bool {
        !text.isEmpty && text.allSatisfy { (48...57).contains($0) }
    }

    /// Quotes, commas and line breaks need it; other separators get it because some programs split
    /// at them, spaces at the ends because some drop them.
    private static func needsQuotes(_ field: String) -> Bool {
        let utf8 = field.utf8
        guard let first = utf8.first, let last = utf8.last, first != 32, last != 32 else {
            return true
        }
        return utf8.contains { byte in
            switch byte {
            case 34, 44, 59, 9, 10, 13: true
            default: false
            }
        }
    }

    /// Whether there may be a control that has no place in a field.
    private static func hasControls(_ text: String) -> Bool {
        text.utf8.contains { $0 < 32 || $0 == 0x7f || $0 == 0xc2 }
    }

    private static func withoutControls(_ text: String) -> String {
        var result = ""
        for character in text {
            guard character != "\r\n" else {
                result += "\r\n"
                continue
            }
            for scalar in character.unicodeScalars {
                switch scalar.value {
                case 0..<9, 11..<32, 0x7f...0x9f: result += TerminalText.number(scalar)
                default: result.unicodeScalars.append(scalar)
                }
            }
        }
        return result
    }
}
