internal import Bytes
internal import JSON

/// A JSON document of which only some places are kept: the values there as they were written, and
/// around them what leads to them.
///
/// Of what is kept objects are emptied, and lists keep their texts, numbers and booleans alone, so
/// that a place which is asked for by its presence brings nothing with it.
struct KeptDocument: ~Copyable {
    private indirect enum Node {
        case value([UInt8])
        case object([String: Node])
        case list([Int: Node])
    }

    /// Elements of a list that are looked at; `FoldLimits.elements` is as many as a rule takes.
    private static let elements = FoldLimits.elements

    private var root: Node?
    private var places = JSONPlaces()

    /// Begins with a document, which later calls have to be given again.
    init(_ text: Span<UInt8>) throws(JSONExtractionError) {
        try places.begin(text)
    }

    /// Keeps what a pointer leads to, if it leads anywhere.
    mutating func keep(_ pointer: String, of text: Span<UInt8>) throws(JSONExtractionError) {
        guard let range = try find(pointer, text) else { return }
        let value = try kept(range, pointer, text)
        var kinds: [UInt8] = []
        var prefix = ""
        let steps = pointer.split(separator: "/", omittingEmptySubsequences: false).dropFirst()
        for step in steps {
            guard let parent = try find(prefix, text) else { return }
            kinds.append(text[parent.lowerBound])
            prefix += "/" + step
        }
        root = Self.merge(root, Array(steps), kinds, value)
    }

    /// How many elements a list has; 0 if there is none.
    mutating func count(_ pointer: String, of text: Span<UInt8>) throws(JSONExtractionError) -> Int
    {
        guard let range = try find(pointer, text), text[range.lowerBound] == UInt8(ascii: "[")
        else { return 0 }
        var count = 0
        while count < Self.elements, try find("\(pointer)/\(count)", text) != nil { count += 1 }
        return count
    }

    private mutating func find(
        _ pointer: String,
        _ text: Span<UInt8>
    ) throws(JSONExtractionError) -> Range<Int>? {
        guard let pointer = try? JSONPointer(pointer) else { return nil }
        return try places.find(pointer, in: text)
    }

    /// A value as it is kept.
    private mutating func kept(
        _ range: Range<Int>,
        _ pointer: String,
        _ text: Span<UInt8>
    ) throws(JSONExtractionError) -> Node {
        switch text[range.lowerBound] {
        case UInt8(ascii: "{"): return .object([:])
        case UInt8(ascii: "["):
            var elements: [Int: Node] = [:]
            for index in 0..<(try count(pointer, of: text)) {
                guard let element = try find("\(pointer)/\(index)", text) else { break }
                let first = text[element.lowerBound]
                if first == UInt8(ascii: "{") {
                    elements[index] = .object([:])
                } else if first != UInt8(ascii: "[") {
                    elements[index] = .value([UInt8](copying: text.extracting(element)))
                }
            }
            return .list(elements)
        default: return .value([UInt8](copying: text.extracting(range)))
        }
    }

    /// Puts a value where steps lead to, `kinds` being the first byte of each container on the way.
    private static func merge(
        _ node: Node?,
        _ steps: [Substring],
        _ kinds: [UInt8],
        _ value: Node
    ) -> Node {
        guard let step = steps.first, let kind = kinds.first else {
            // What is kept already may hold more than the same container emptied.
            switch (node, value) {
            case (.object(let members)?, .object): return .object(members)
            case (.list(let old)?, .list(let new)):
                return .list(old.merging(new) { old, _ in old })
            default: return value
            }
        }
        let rest = Array(steps.dropFirst())
        let kinds = Array(kinds.dropFirst())
        if kind == UInt8(ascii: "["), let index = Int(step) {
            var elements: [Int: Node] = [:]
            if case .list(let old)? = node { elements = old }
            elements[index] = merge(elements[index], rest, kinds, value)
            return .list(elements)
        }
        var members: [String: Node] = [:]
        if case .object(let old)? = node { members = old }
        let name = step.replacing("~1", with: "/").replacing("~0", with: "~")
        members[String(name)] = merge(members[String(name)], rest, kinds, value)
        return .object(members)
    }

    /// What is kept as JSON text; `nil` if nothing is.
    var text: [UInt8]? {
        guard let root else { return nil }
        var output: [UInt8] = []
        Self.append(root, to: &output)
        return output
    }

    private static func append(_ node: Node, to output: inout [UInt8]) {
        switch node {
        case .value(let text): output += text
        case .object(let members):
            output.append(UInt8(ascii: "{"))
            for (place, member) in members.sorted(by: { $0.key < $1.key }).enumerated() {
                if place > 0 { output.append(UInt8(ascii: ",")) }
                CanonicalJSON.appendString(member.key, to: &output)
                output.append(UInt8(ascii: ":"))
                append(member.value, to: &output)
            }
            output.append(UInt8(ascii: "}"))
        case .list(let elements):
            output.append(UInt8(ascii: "["))
            for index in 0..<((elements.keys.max() ?? -1) + 1) {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                // What is not kept leaves its place, by which others are found.
                append(elements[index] ?? .value(Array("null".utf8)), to: &output)
            }
            output.append(UInt8(ascii: "]"))
        }
    }
}
