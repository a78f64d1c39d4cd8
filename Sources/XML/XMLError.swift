/// Why bytes are not a document that is accepted; lines count from 1.
package enum XMLError: Error, Hashable, Sendable {
    /// The document has more bytes than are accepted.
    case tooLarge(byteCount: Int, limit: Int)
    /// The document has too much of something, as is known from a line on.
    case tooMany(XMLMeasure, line: Int, limit: Int)
    /// The document is in an encoding that is not accepted.
    case encoding(name: String)
    /// XML 1.0 is broken at a line; the reason is in libxml2's words.
    case notXML(line: Int, reason: String)
    /// The document has a document type, which is where entities and external files come from.
    case documentType(line: Int)
    /// The parser's buffers could not be allocated.
    case outOfMemory
}

/// What there can be too much of in a document.
package enum XMLMeasure: String, Sendable {
    case levels = "levels of elements"
    case nodes = "elements and attributes"
    case names = "different names"
    case attributes = "attributes and namespaces of one element"
    case tagBytes = "bytes in a tag or comment"
}

extension XMLError: CustomStringConvertible {
    /// One line for people, without any text of the document; names of elements can be in it.
    package var description: String {
        switch self {
        case .tooLarge(let byteCount, let limit):
            "XML too large: found \(byteCount) bytes, expected at most \(limit)"
        case .tooMany(let measure, let line, let limit):
            "XML too large: found more than \(limit) \(measure.rawValue) at line \(line)"
        case .encoding(let name):
            "XML in an unknown encoding: found \(name), "
                + "expected UTF-8, UTF-16, ISO-8859 or a Windows code page"
        case .notXML(let line, let reason):
            "not XML: \(reason), at line \(line)"
        case .documentType(let line):
            "XML refused: found a document type at line \(line), expected none"
        case .outOfMemory:
            "no memory for parsing XML"
        }
    }
}
