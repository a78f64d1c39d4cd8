internal import Bytes
internal import JSON
internal import YAML

/// Where in a request a value is, as a provider's entry says it.
enum ValueSource: Sendable {
    case header(Int)
    /// A parameter of the URL.
    case query(String)
    /// A place in the content, or within a part in the part.
    case content(JSONPointer)
    /// A place in the whole content, whichever part is read.
    case whole(JSONPointer)
    /// A place reached from an ancestor of the part, so many levels up (Relative JSON Pointer,
    /// draft-bhutton-relative-json-pointer).
    case above(Int, JSONPointer)
    /// The digest of the body, or within a part that of the part.
    case hash
    /// A new id each time, where nothing tells one event from another: none is lost.
    case new
    case literal(String)
    /// Several in a row; without a value unless each has one.
    case template([ValueSource])

    /// Reads a value: see the catalog's notes for the forms.
    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        if case .mapping = node.content {
            let keys = try node.mapping(allowed: ["is", "new"])
            self =
                try keys["new"]?.boolean == true
                ? .new : .literal(try keys.required("is").string)
            return
        }
        let text = try node.string
        self =
            text.contains("{")
            ? try Self.template(node, &headers) : try Self.place(text, node, &headers)
    }

    /// Reads a text with places in braces: `order:{/id}`.
    static func template(
        _ node: YAMLNode,
        _ headers: inout HeaderTable
    ) throws(YAMLError) -> ValueSource {
        var parts: [ValueSource] = []
        for piece in try Placeholders.split(node) {
            switch piece {
            case .literal(let text): parts.append(.literal(text))
            case .place(let text): parts.append(try place(text, node, &headers))
            }
        }
        return .template(parts)
    }

    private static func place(
        _ text: String,
        _ node: YAMLNode,
        _ headers: inout HeaderTable
    ) throws(YAMLError) -> ValueSource {
        if let name = text.dropping("header:") {
            return .header(try headers.slot(named: name, node))
        }
        if let name = text.dropping("query:") { return .query(String(name)) }
        if let pointer = text.dropping("request:") {
            return .whole(try JSONPointer(String(pointer), node))
        }
        if ["hash:body", "hash:part"].contains(text) { return .hash }
        let digits = text.prefix { $0.isNumber }
        if let levels = Int(digits), levels > 0 {
            return .above(levels, try JSONPointer(String(text.dropFirst(digits.count)), node))
        }
        return .content(try JSONPointer(text, node))
    }

    /// A list of them, of which the first that has a value counts.
    static func list(
        _ node: YAMLNode?,
        _ headers: inout HeaderTable
    ) throws(YAMLError) -> [ValueSource] {
        var sources: [ValueSource] = []
        for one in node?.oneOrMore ?? [] { sources.append(try ValueSource(one, &headers)) }
        return sources
    }

    /// Whether it is had from the headers alone.
    var isHeader: Bool {
        switch self {
        case .header: true
        case .template(let parts):
            parts.allSatisfy {
                if case .literal = $0 { true } else { $0.isHeader }
            }
        default: false
        }
    }
}

extension String {
    /// What follows a prefix; `nil` without it.
    func dropping(_ prefix: String) -> Substring? {
        hasPrefix(prefix) ? dropFirst(prefix.count) : nil
    }
}

extension HeaderTable {
    /// The slot of a header that a provider's entry names.
    mutating func slot(
        named name: some StringProtocol,
        _ node: YAMLNode
    ) throws(YAMLError) -> Int {
        let name = name.lowercased()
        guard !name.isEmpty, let slot = slot(of: name) else {
            throw node.error(
                "too many headers, or one without a name",
                expected: "at most \(WebhookLimits.headers) named headers"
            )
        }
        return slot
    }
}

extension JSONPointer {
    /// Reads a pointer of a provider's entry.
    init(_ text: String, _ node: YAMLNode) throws(YAMLError) {
        do throws(JSONPointerError) {
            try self.init(text)
        } catch {
            throw node.mismatch(expected: "header:NAME or a JSON Pointer such as /data/id")
        }
    }
}

/// Texts with places in braces.
enum Placeholders {
    enum Piece {
        case literal(String)
        case place(String)
    }

    static func split(_ node: YAMLNode) throws(YAMLError) -> [Piece] {
        var pieces: [Piece] = []
        var rest = try node.string[...]
        while let open = rest.firstIndex(of: "{") {
            if open > rest.startIndex { pieces.append(.literal(String(rest[..<open]))) }
            guard let close = rest[open...].firstIndex(of: "}") else {
                throw node.error("a brace that is not closed", expected: "such as order:{/id}")
            }
            pieces.append(.place(String(rest[rest.index(after: open)..<close])))
            rest = rest[rest.index(after: close)...]
        }
        if !rest.isEmpty { pieces.append(.literal(String(rest))) }
        return pieces
    }
}
