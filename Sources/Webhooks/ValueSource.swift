internal import Bytes
internal import JSON
internal import YAML

/// Where in a request a value is: a header, a place in the body, or a constant.
enum ValueSource: Sendable {
    case header(Int)
    case body(JSONPointer)
    case literal(String)

    /// Reads `header:NAME`, a JSON Pointer, or `{ is: TEXT }`.
    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        if case .mapping = node.content {
            self = .literal(try node.mapping(allowed: ["is"]).required("is").string)
            return
        }
        let text = try node.string
        if text.hasPrefix("header:") {
            self = .header(try headers.slot(named: text.dropFirst(7), node))
        } else {
            self = .body(try JSONPointer(text, node))
        }
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

/// A text with places in it that a request fills: `order:{/id}`.
struct TextTemplate: Sendable {
    private enum Part: Sendable {
        case literal(String)
        case value(ValueSource)
    }

    private let parts: [Part]

    init(_ node: YAMLNode, _ headers: inout HeaderTable) throws(YAMLError) {
        var parts: [Part] = []
        for piece in try Placeholders.split(node) {
            switch piece {
            case .literal(let text): parts.append(.literal(text))
            case .place(let text):
                if text.hasPrefix("header:") {
                    let slot = try headers.slot(named: text.dropFirst(7), node)
                    parts.append(.value(.header(slot)))
                } else {
                    parts.append(.value(.body(try JSONPointer(text, node))))
                }
            }
        }
        self.parts = parts
    }

    /// The text; `nil` unless every place has a value.
    func fill(_ reader: borrowing ContentReader) -> String? {
        var text = ""
        for part in parts {
            switch part {
            case .literal(let literal): text += literal
            case .value(let source):
                guard let value = reader.text(source), !value.isEmpty else { return nil }
                text += value
            }
        }
        return text
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
