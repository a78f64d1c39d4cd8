internal import JSON
internal import YAML

extension ValuePath {
    /// What a path looks like, for messages.
    static let form =
        "a path: /POINTER, @ATTRIBUTE, header:NAME, request:/POINTER or response:/POINTER"

    /// Reads a path.
    init(_ node: YAMLNode) throws(YAMLError) {
        try self.init(node.keptText(Self.form), in: node)
    }

    /// Reads a path that stands between `before` and `after` in the text of a node.
    init(
        _ text: String,
        in node: YAMLNode,
        before: String = "",
        after: String = ""
    ) throws(YAMLError) {
        if text.hasPrefix("/") {
            self = .content(try Self.pointer(text, in: node))
        } else if text == "each" {
            self = .element
        } else if text.hasPrefix("@") {
            let name = text.dropFirst()
            guard let attribute = EventAttribute(rawValue: String(name)) else {
                // The whole text with each attribute put in: the error names the nearest.
                _ = try node.word(of: EventAttribute.words.map { "\(before)@\($0)\(after)" })
                throw node.mismatch(expected: Self.form)
            }
            self = .attribute(attribute)
        } else if text.hasPrefix("header:") {
            let name = text.dropFirst(7).lowercased()
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isTokenByte) else {
                throw node.mismatch(expected: "a header's name after header:")
            }
            self = .header(name)
        } else if text.hasPrefix("request:/") {
            self = .request(try Self.pointer(String(text.dropFirst(8)), in: node))
        } else if text.hasPrefix("response:/") {
            self = .response(try Self.pointer(String(text.dropFirst(9)), in: node))
        } else {
            throw node.mismatch(expected: Self.form)
        }
    }

    private static func pointer(_ text: String, in node: YAMLNode) throws(YAMLError) -> String {
        do { _ = try JSONPointer(text) } catch {
            throw node.mismatch(expected: "0 or 1 after each ~ in a pointer (RFC 6901)")
        }
        return text
    }

    /// What a header's name consists of (RFC 9110 section 5.6.2).
    private static func isTokenByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}

extension ValuePath: CustomStringConvertible {
    /// The path as a definition writes it.
    package var description: String {
        switch self {
        case .content(let pointer): pointer
        case .element: "each"
        case .attribute(let attribute): "@" + attribute.rawValue
        case .header(let name): "header:" + name
        case .request(let pointer): "request:" + pointer
        case .response(let pointer): "response:" + pointer
        }
    }
}

extension EventAttribute {
    /// All names.
    static let words = allCases.map(\.rawValue)
}
