internal import Bytes

/// The encoding that a document is read in.
///
/// It is found here and libxml2 is told it, since libxml2 would try whatever the system can
/// decode, of which some does not stand up to hostile input.
enum XMLEncoding: Hashable {
    /// UTF-8, or ASCII; the bytes are known to be valid.
    case utf8
    /// Another one, by the name that libxml2 knows.
    case other(String)

    /// Looks at a byte order mark or else at the declaration (XML 1.0, appendix F).
    init(of bytes: Span<UInt8>) throws(XMLError) {
        let start = [UInt8](copying: bytes.extracting(first: 4))
        switch (start.first, start.dropFirst().first) {
        case (0xFF, 0xFE): self = .other("UTF-16LE")
        case (0xFE, 0xFF): self = .other("UTF-16BE")
        case _ where start == [0x3C, 0x00, 0x3F, 0x00]: self = .other("UTF-16LE")
        case _ where start == [0x00, 0x3C, 0x00, 0x3F]: self = .other("UTF-16BE")
        // Zeros would make libxml2 think of UCS-4.
        case _ where start.contains(0): throw .encoding(name: "unknown")
        // The mark counts for more than the declaration.
        case (0xEF, 0xBB): self = .utf8
        default: try self.init(declared: Self.declaration(bytes))
        }
        // libxml2 would leave a last half of a character away.
        if case .other(let name) = self, name.hasPrefix("UTF-16"), !bytes.count.isMultiple(of: 2) {
            throw .notXML(line: 1, reason: "found half a character of UTF-16 at the end")
        }
        if self == .utf8, let offset = UTF8Check.firstInvalid(bytes) {
            var line = 1
            for index in 0..<offset where bytes[index] == 0x0A { line += 1 }
            throw .notXML(line: line, reason: "found bytes that are not UTF-8")
        }
    }

    private init(declared name: String?) throws(XMLError) {
        switch name?.uppercased() {
        case nil, "UTF-8", "UTF8", "US-ASCII", "ASCII": self = .utf8
        case let name? where Self.singleByte.contains(name): self = .other(name)
        default: throw .encoding(name: XMLError.words(name ?? ""))
        }
    }

    /// Encodings in which a byte is a character, wherever it stands.
    private static let singleByte = Set(
        (1...16).map { "ISO-8859-\($0)" } + (1250...1258).map { "WINDOWS-\($0)" }
    )

    /// The encoding's name in `<?xml version="1.0" encoding="…"?>`, if it says one.
    private static func declaration(_ bytes: Span<UInt8>) -> String? {
        let head = bytes.extracting(first: XMLLimits.declarationByteCount)
        let text = String(repairing: head)
        guard text.hasPrefix("<?xml"), text.dropFirst(5).first?.isWhitespace == true,
            let end = text.firstRange(of: "?>"),
            let key = text[..<end.lowerBound].firstRange(of: "encoding")
        else { return nil }
        let value = text[key.upperBound..<end.lowerBound].drop { $0.isWhitespace }
        guard value.first == "=" else { return nil }
        let quoted = value.dropFirst().drop { $0.isWhitespace }
        guard let quote = quoted.first, quote == "\"" || quote == "'" else { return nil }
        return String(quoted.dropFirst().prefix { $0 != quote })
    }
}

extension XMLError {
    /// Words from outside on one line and not too long.
    static func words(_ text: String) -> String {
        let words = text.split { $0.isWhitespace || $0.isNewline }.joined(separator: " ")
        var line = ""
        for scalar in words.unicodeScalars.prefix(XMLLimits.reasonLength) {
            let isControl = scalar.properties.generalCategory == .control
            line.unicodeScalars.append(isControl ? " " : scalar)
        }
        return words.unicodeScalars.count > XMLLimits.reasonLength ? line + "…" : line
    }
}
