import DaybookTesting
import JSON
import Testing
import XML

@Suite("Random XML")
struct RandomXMLTests {
    @Test("random documents become the text that their model has", arguments: 0..<20)
    func documents(seed: UInt64) throws {
        var generator = SeededChance(seed: seed)
        var parser = JSONParser(maximumDepth: 64)
        for _ in 0..<100 {
            let root = Element(depth: 0, using: &generator)
            let document = root.xml(using: &generator)
            let found = try jsonText(ofXML: document.utf8Span.span)
            let expected = "{\"\(root.name)\":\(root.json)}"
            let canonical = try parser.canonicalized(expected.utf8Span.span)
            #expect(try parser.canonicalized(found.span) == canonical, "seed \(seed): \(document)")
        }
    }
}

/// An element that knows its own XML and JSON.
private struct Element {
    enum Content {
        case text(String)
        case element(Element)
    }

    let name: String
    let attributes: [String: String]
    let content: [Content]

    private static let characters = [
        "a", "1", " ", " ", "\n", "\t", "\"", "'", "<", ">", "&", "\\", "/", "#38;", "é", "漢", "😂",
    ]

    init(depth: Int, using generator: inout SeededChance) {
        name = ["a", "b", "c", "name-1"].randomElement(using: &generator) ?? ""
        var attributes: [String: String] = [:]
        for name in ["a", "id"] where Int.random(in: 0..<4, using: &generator) == 0 {
            attributes[name] = Self.text(using: &generator)
        }
        self.attributes = attributes
        let limit = depth < 5 ? 4 : 1
        content = (0..<Int.random(in: 0...limit, using: &generator)).map { _ in
            if depth == 5 || Int.random(in: 0..<3, using: &generator) == 0 {
                return .text(Self.text(using: &generator))
            }
            return .element(Element(depth: depth + 1, using: &generator))
        }
    }

    private static func text(using generator: inout SeededChance) -> String {
        (0..<Int.random(in: 0..<5, using: &generator)).map { _ in
            characters.randomElement(using: &generator) ?? ""
        }.joined()
    }

    /// The element's text, with marks and comments as chance has it.
    func xml(using generator: inout SeededChance) -> String {
        let prefix = ["", "", "p:"].randomElement(using: &generator) ?? ""
        var text = "<\(prefix)\(name)"
        for (name, value) in attributes {
            text += " \(prefix)\(name)=\"\(Self.escaped(value, using: &generator))\""
        }
        text += " xmlns:p='urn:p'>"
        for piece in content {
            switch piece {
            case .element(let element): text += element.xml(using: &generator)
            case .text(let piece) where Bool.random(using: &generator):
                text += "<![CDATA[\(piece)]]>"
            case .text(let piece): text += Self.escaped(piece, using: &generator)
            }
            if Bool.random(using: &generator) { text += "<!-- <z/> & -->" }
        }
        return text + "</\(prefix)\(name)>"
    }

    private static func escaped(_ text: String, using generator: inout SeededChance) -> String {
        let named = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&apos;"]
        return text.unicodeScalars.map { scalar in
            let isNumbered = Int.random(in: 0..<4, using: &generator) == 0
            // Line ends and tabs would become spaces in an attribute.
            if isNumbered || scalar.value < 0x20 { return "&#\(scalar.value);" }
            return named["\(scalar)"] ?? "\(scalar)"
        }.joined()
    }

    /// The value by the rules, without regard to effort.
    var json: String {
        var children: [(key: String, value: String)] = attributes.map {
            ("@" + $0.key, Self.quoted($0.value))
        }
        var own = ""
        for piece in content {
            switch piece {
            case .element(let element): children.append((element.name, element.json))
            case .text(let text): own += text
            }
        }
        if children.isEmpty { return Self.quoted(own) }
        var members = Dictionary(grouping: children, by: \.key).map { key, values in
            let list = values.map(\.value).joined(separator: ",")
            return "\"\(key)\":" + (values.count == 1 ? list : "[\(list)]")
        }
        if own.contains(where: { !$0.isWhitespace }) {
            members.append("\"#text\":" + Self.quoted(own))
        }
        return "{\(members.joined(separator: ","))}"
    }

    private static func quoted(_ text: String) -> String {
        let escapes: [Character: String] = ["\"": "\\\"", "\\": "\\\\", "\n": "\\n", "\t": "\\t"]
        return "\"" + text.map { escapes[$0] ?? String($0) }.joined() + "\""
    }
}
