/// Why bytes are not a document that is accepted; offsets count bytes from zero.
package enum JSONError: Error, Hashable, Sendable {
    /// There is nothing but white space.
    case empty
    /// The document has more bytes than the parser allows.
    case tooLarge(byteCount: Int, limit: Int)
    /// The byte at `offset` starts no well-formed UTF-8 sequence.
    case notUTF8(offset: Int)
    /// The grammar of RFC 8259 is broken at `offset`; `found` is nil at the end of the input.
    case notJSON(offset: Int, found: UInt8?, expected: JSONExpectation)
    /// The container that opens at `offset` is one level deeper than the parser allows.
    case tooDeep(offset: Int, limit: Int)
    /// The number at `offset` fits neither in 64 bits nor, if it is no integer, in a double.
    case numberOutOfRange(offset: Int)
    /// Two members of one object have the same name.
    ///
    /// Members count from zero; `depth` is 1 for members of the outermost object.
    case duplicateKey(first: Int, second: Int, depth: Int)
    /// The document is not an object where one is needed.
    case notAnObject(found: JSONKind)
    /// The parser's buffers could not be allocated.
    case outOfMemory
}

/// What the grammar of RFC 8259 asks for at a place.
package enum JSONExpectation: String, Sendable {
    case value = "a value"
    case memberName = "a member name in quotes"
    case memberNameOrEnd = "a member name in quotes or }"
    case colon = ":"
    case commaOrBrace = ", or }"
    case commaOrBracket = ", or ]"
    case digit = "a digit"
    case quote = "a closing quote"
    case escapedControl = "control characters to be escaped"
    case escape = "one of \" \\ / b f n r t u"
    case hexDigit = "four hex digits"
    case surrogatePair = "a surrogate in a pair"
    case end = "the end of the document"
    case noByteOrderMark = "no byte order mark"
}

extension JSONError: CustomStringConvertible {
    /// One line for people, without any of the document's content.
    package var description: String {
        switch self {
        case .empty:
            "not JSON: found nothing but white space, expected a value"
        case .tooLarge(let byteCount, let limit):
            "JSON too large: found \(byteCount) bytes, expected at most \(limit)"
        case .notUTF8(let offset):
            "not JSON: found bytes that are not UTF-8 at byte \(offset)"
        case .notJSON(let offset, let found, let expected):
            "not JSON: found \(Self.name(found)) at byte \(offset), expected \(expected.rawValue)"
        case .tooDeep(let offset, let limit):
            "JSON too deep: found level \(limit + 1) at byte \(offset), expected at most \(limit)"
        case .numberOutOfRange(let offset):
            "JSON number out of range: found at byte \(offset), expected 64 bits"
        case .duplicateKey(let first, let second, let depth):
            "JSON member name repeated: found in members \(first + 1) and \(second + 1) "
                + "of an object at depth \(depth), expected distinct names"
        case .notAnObject(let found):
            "wrong kind of JSON: found \(found), expected an object"
        case .outOfMemory:
            "no memory for parsing JSON"
        }
    }

    /// One byte of punctuation or an offending byte's number.
    private static func name(_ byte: UInt8?) -> String {
        guard let byte else { return "the end" }
        if byte > 0x20, byte < 0x7F { return "`\(Character(Unicode.Scalar(byte)))`" }
        return "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }
}
