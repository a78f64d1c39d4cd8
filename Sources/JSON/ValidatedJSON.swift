/// Steps over the text of a document that has been validated, so they check no grammar.
enum ValidatedJSON {
    /// The offset of the first byte at or after `start` that is no white space.
    static func skipWhiteSpace(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < bytes.count, isWhiteSpace(bytes[position]) { position += 1 }
        return position
    }

    /// The offset after the string whose opening quote is at `start`.
    static func endOfString(_ bytes: Span<UInt8>, at start: Int) -> Int {
        var position = start + 1
        while position < bytes.count {
            switch bytes[position] {
            case .quote: return position + 1
            case .backslash: position += 2
            default: position += 1
            }
        }
        return bytes.count
    }

    /// The offset after the number or literal that begins at `start`.
    static func endOfScalar(_ bytes: Span<UInt8>, at start: Int) -> Int {
        var position = start
        while position < bytes.count {
            switch bytes[position] {
            case .comma, .closingBrace, .closingBracket: return position
            case let byte where isWhiteSpace(byte): return position
            default: position += 1
            }
        }
        return bytes.count
    }

    /// The offset after the value that begins at `start`.
    static func endOfValue(_ bytes: Span<UInt8>, at start: Int) -> Int {
        var depth = 0
        var position = start
        while position < bytes.count {
            switch bytes[position] {
            case .quote: position = endOfString(bytes, at: position)
            case .openingBrace, .openingBracket:
                depth += 1
                position += 1
            case .closingBrace, .closingBracket:
                depth -= 1
                position += 1
            case _ where depth == 0: position = endOfScalar(bytes, at: position)
            // Within a container nothing but brackets and quotes matters.
            default:
                position += 1
                continue
            }
            if depth == 0 { return position }
        }
        return bytes.count
    }

    private static func isWhiteSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09
    }
}
